import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { createJournal, type EntryBody } from '../ledger/journal.ts';
import { migrate } from '../storage/migrate.ts';
import { type ConfiguredKey, keepConfiguredKeys } from './configured-keys.ts';
import { createKeyLookup } from './key-lookup.ts';
import { insertKey, listKeys, revokeKey } from './key-store.ts';

const SHOP: ConfiguredKey = {
  name: 'shop',
  token: 'token-of-the-shop-in-a-file-01',
  role: 'caller',
  roles: [],
  scopes: null,
  surface: 'api',
  application: 'default',
  expiresAt: null,
};
const SAFETY: ConfiguredKey = {
  ...SHOP,
  name: 'safety',
  token: 'token-of-child-safety-in-a-file',
  role: 'operator',
  roles: ['child_safety'],
  surface: 'operator',
};

describeEachDatabase('keys in the configuration', (open) => {
  async function start() {
    const db = await open();
    await migrate(db);
    const entries: EntryBody[] = [];
    const { recordIn } = createJournal({ submit: async () => undefined, committed: () => undefined });
    const journal: Parameters<typeof keepConfiguredKeys>[1]['journal'] = {
      async recordIn(tx, rows, bodies) {
        await recordIn(tx, rows, bodies);
        entries.push(...bodies);
      },
    };
    return {
      db,
      entries,
      find: createKeyLookup(db, { cacheMs: 0 }),
      keep: (...keys: ConfiguredKey[]) => keepConfiguredKeys(keys, { db, journal }),
    };
  }

  it('open the door from the next start on, stay as they are, and open it no more once they are taken out', async () => {
    const { find, keep, entries } = await start();
    await keep(SHOP, SAFETY);
    expect((await find(SHOP.token))?.surface).toBe('api');
    expect((await find(SAFETY.token))?.roles).toEqual(['child_safety']);
    await keep(SHOP, SAFETY);
    await keep(SHOP);
    expect(await find(SAFETY.token)).toBeNull();
    expect(entries.map(({ kind, by }) => `${kind} ${by}`)).toEqual(['key.created config', 'key.created config', 'key.revoked config']);
    expect(JSON.stringify(entries)).not.toContain(SHOP.token);
  });

  it('change with the file', async () => {
    const { find, keep, entries } = await start();
    await keep(SAFETY);
    await keep({ ...SAFETY, roles: ['reviewer'] });
    expect((await find(SAFETY.token))?.roles).toEqual(['reviewer']);
    expect(entries.at(-1)).toMatchObject({ kind: 'key.changed', roles: ['reviewer'] });
  });

  it('stay revoked when somebody revoked them, and take over no key of another', async () => {
    const { db, find, keep } = await start();
    await keep(SHOP);
    const [made] = await listKeys(db);
    await revokeKey(db, made?.id ?? 'key_none');
    await keep(SHOP);
    expect(await find(SHOP.token)).toBeNull();
    await insertKey(db, { role: 'caller', application: 'default', surface: 'api', token: 'token-that-an-operator-made' });
    await expect(keep({ ...SAFETY, token: 'token-that-an-operator-made' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect((await find('token-that-an-operator-made'))?.role).toBe('caller');
  });
});
