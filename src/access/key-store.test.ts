import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { migrate } from '../storage/migrate.ts';
import { hashToken, newToken } from './api-key.ts';
import { createKeyLookup } from './key-lookup.ts';
import { insertKey, listKeys, revokeKey, rotateKey } from './key-store.ts';
import { createLastUses, KEY_USES } from './last-uses.ts';

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

  it('rotates to a token with the same rights and the same line, while the old one works until the overlap is over', async () => {
    const { db, find, clock } = await store();
    const { key, token } = await insertKey(db, { ...CALLER, name: 'shop', scopes: ['images.generate'] });
    const turned = await rotateKey(db, key.id, { overlapMs: 60_000, madeBy: 'local' });
    expect(turned.token).not.toBe(token);
    expect(turned.key).toMatchObject({ name: 'shop', scopes: ['images.generate'], lineage: key.id, expiresAt: null });
    expect((await find(token))?.lineage).toBe((await find(turned.token))?.lineage);
    clock.now = Date.now() + 61_000;
    expect(await find(token)).toBeNull();
    expect(await find(turned.token)).not.toBeNull();
    const again = await rotateKey(db, turned.key.id, { overlapMs: 0, madeBy: 'local' });
    expect(again.key.lineage).toBe(key.id);
  });

  it('rotates no key that opens nothing any more, and gives none a longer life', async () => {
    const { db } = await store();
    const { key } = await insertKey(db, { ...CALLER, expiresAt: new Date(Date.now() + 1000) });
    const { old } = await rotateKey(db, key.id, { overlapMs: 3_600_000, madeBy: 'local' });
    expect(old.expiresAt).toEqual(key.expiresAt);
    await revokeKey(db, key.id);
    await expect(rotateKey(db, key.id, { overlapMs: 0, madeBy: 'local' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('gives a staff key its roles and a caller none, and forgets roles that this build does not know', async () => {
    const { db, find } = await store();
    const { token, key } = await insertKey(db, { ...CALLER, role: 'operator', roles: ['reviewer', 'child_safety'] });
    expect((await find(token))?.roles).toEqual(['reviewer', 'child_safety']);
    await db.query({ text: `update api_keys set roles = '{reviewer,emperor}' where id = $1`, values: [key.id] });
    expect((await listKeys(db))[0]?.roles).toEqual(['reviewer']);
    await expect(insertKey(db, { ...CALLER, role: 'operator', roles: [] })).rejects.toThrow();
  });

  it('says when a key was last used, without a write for each use, and loses nothing when a write fails', async () => {
    const { db, clock } = await store();
    const uses = createLastUses(db, { statement: KEY_USES, now: () => clock.now });
    const find = createKeyLookup(db, { now: () => clock.now, used: uses.note });
    const { token } = await insertKey(db, CALLER);
    for (let use = 0; use < 100; use++) await find(token);
    expect((await listKeys(db))[0]?.lastUsedAt).toBeNull();
    await db.query({ text: 'alter table api_keys rename to api_keys_away' });
    await expect(uses.flush()).rejects.toThrow();
    await db.query({ text: 'alter table api_keys_away rename to api_keys' });
    await uses.flush();
    expect((await listKeys(db))[0]?.lastUsedAt).toEqual(new Date(clock.now));
    // Another process saw it earlier and writes later.
    const slow = createLastUses(db, { statement: KEY_USES, now: () => clock.now - 5000 });
    slow.note((await listKeys(db))[0]?.id ?? '');
    await slow.flush();
    expect((await listKeys(db))[0]?.lastUsedAt).toEqual(new Date(clock.now));
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
