import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { migrate } from '../storage/migrate.ts';
import { hashToken, newToken } from './api-key.ts';
import { createKeyLookup, insertKey, listKeys, revokeKey } from './key-store.ts';

const CALLER = { role: 'caller', application: 'default', surface: 'api' } as const;

describeEachDatabase('API keys', (open) => {
  async function store(at = Date.now()) {
    const db = await open();
    await migrate(db);
    const clock = { now: at };
    return { db, clock, find: createKeyLookup(db, { cacheMs: 1000, now: () => clock.now }) };
  }

  it('opens the door to whoever holds the token, on its surface and in its role', async () => {
    const { db, find } = await store();
    const { key, token, created } = await insertKey(db, CALLER);
    expect(created).toBe(true);
    expect(await find(token)).toEqual(key);
    expect(key).toMatchObject({ role: 'caller', surface: 'api', lastFour: token.slice(-4), development: false, revokedAt: null });
  });

  it('opens no door for a token that nobody made, however close it is', async () => {
    const { db, find } = await store();
    const { token } = await insertKey(db, CALLER);
    for (const wrong of ['', `${token} `, token.slice(0, -1), token.toUpperCase(), newToken('caller')])
      expect(await find(wrong)).toBeNull();
  });

  it('keeps nothing from which a thief of the database could make a token', async () => {
    const { db } = await store();
    const { token } = await insertKey(db, CALLER);
    const { rows } = await db.query({ text: 'select * from api_keys' });
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token.slice(7));
    expect(rows[0]?.['token_hash']).toEqual(hashToken(token));
  });

  it('closes the door within a second of a revocation, and at once where nobody had asked', async () => {
    const { db, find, clock } = await store();
    const [busy, quiet] = [await insertKey(db, CALLER), await insertKey(db, CALLER)];
    expect(await find(busy.token)).not.toBeNull();
    for (const { key } of [busy, quiet]) expect(await revokeKey(db, key.id)).toMatchObject({ id: key.id, revokedAt: expect.any(Date) });
    expect(await find(quiet.token)).toBeNull();
    clock.now += 1000;
    expect(await find(busy.token)).toBeNull();
  });

  it('revokes a key once, and says so', async () => {
    const { db } = await store();
    const { key } = await insertKey(db, CALLER);
    expect(await revokeKey(db, key.id)).not.toBeNull();
    expect(await revokeKey(db, key.id)).toBeNull();
    expect(await revokeKey(db, 'key_nobody')).toBeNull();
  });

  it('closes the door at the moment at which a key runs out, also when the key was looked up just before', async () => {
    const { db, find, clock } = await store();
    const { token } = await insertKey(db, { ...CALLER, expiresAt: new Date(clock.now + 500) });
    clock.now += 499;
    expect(await find(token)).not.toBeNull();
    clock.now += 1;
    expect(await find(token)).toBeNull();
  });

  it('takes a token that the operator chose, and makes no second key of it at the next start', async () => {
    const { db, find } = await store();
    const token = 'chosen-by-the-operator-0001';
    const first = await insertKey(db, { ...CALLER, token });
    const second = await insertKey(db, { ...CALLER, role: 'operator', token });
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.key).toEqual(first.key);
    expect((await find(token))?.role).toBe('caller');
  });

  it('lists the newest first, without tokens', async () => {
    const { db } = await store();
    const made = [];
    for (const surface of ['a', 'b', 'c']) made.push(await insertKey(db, { ...CALLER, surface }));
    const listed = await listKeys(db);
    expect(listed.map(({ surface }) => surface)).toEqual(['c', 'b', 'a']);
    for (const { token } of made) expect(JSON.stringify(listed)).not.toContain(token.slice(7));
  });
});

it('makes tokens that secret scanners can find, and never the same twice', () => {
  expect(newToken('caller')).toMatch(/^imp_sk_[\w-]{32}$/);
  expect(newToken('operator')).toMatch(/^imp_op_[\w-]{32}$/);
  expect(new Set(Array.from({ length: 100 }, () => newToken('caller'))).size).toBe(100);
});
