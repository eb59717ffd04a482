import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { claimKeysOf, findApplication, putApplication } from '../access/claims/application-store.ts';
import { configSchema } from '../config/schema.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import { createJournal, type EntryBody, type Journal } from '../ledger/journal.ts';
import { migrate } from '../storage/migrate.ts';
import { ensureConfiguredApplications } from './configured-applications.ts';

const SHOP = { id: 'shop', name: 'Shop', keys: [{ kid: 'k1', algorithm: 'HMAC', secret: Buffer.alloc(32, 1).toString('base64url') }] };

describeEachDatabase('applications of the configuration', (open) => {
  async function house() {
    const db = await open();
    await migrate(db);
    const evidence = memoryEvidence();
    const told: EntryBody[] = [];
    const real = createJournal({ submit: async () => {}, committed: () => {} });
    const recordIn: Journal['recordIn'] = async (tx, rows, entries) => {
      await real.recordIn(tx, rows, entries);
      told.push(...entries);
    };
    const start = async (applications: readonly object[]) => {
      const values = configSchema.parse({ applications });
      await ensureConfiguredApplications({ values }, { db, evidence, journal: { recordIn } });
      return told.splice(0).map(({ kind }) => kind);
    };
    return { db, start };
  }

  it('that somebody stopped stay stopped, over any number of starts', async () => {
    const { db, start } = await house();
    expect(await start([SHOP])).toEqual(['application.changed', 'claim_key.created']);
    const before = await findApplication(db, 'shop');
    await putApplication(db, { ...before!, stopped: true, by: 'key:commander' });
    expect(await start([SHOP])).toEqual([]);
    expect((await findApplication(db, 'shop'))?.stoppedAt).toBeInstanceOf(Date);
  });

  it('that it has no more have no keys of it any more', async () => {
    const { db, start } = await house();
    await start([SHOP]);
    expect(await start([])).toEqual(['claim_key.revoked']);
    expect((await claimKeysOf(db, 'shop')).map(({ revokedAt }) => revokedAt)).toEqual([expect.any(Date)]);
    expect(await start([])).toEqual([]);
  });
});
