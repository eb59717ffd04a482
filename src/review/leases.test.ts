import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { CaseId } from '../contracts/ids.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { heldAct } from './held.fixture.ts';
import { claimCase, claimNext, heartbeat, requireHeld, returnLease } from './leases.ts';

const CASE: CaseId = 'case_1';

describeEachDatabase('the claim of a case', (open, kind) => {
  async function queue(held = 3) {
    const db = await open();
    await migrate(db);
    await writeActs(
      db,
      Array.from({ length: held }, (_, i) => heldAct(i + 1)),
    );
    const next = (staff: `key_${string}`, more: { seconds?: number; without?: readonly string[] } = {}) =>
      claimNext(db, { queue: 'general', staff, ...more });
    return { db, next };
  }

  it('gives what breaks a deadline first, then what is oldest, and nothing twice', async () => {
    const { db, next } = await queue();
    await db.query({ text: "update cases set first_due_at = now() + interval '1 hour' where id = 'case_3'" });
    const given = [await next('key_a'), await next('key_b'), await next('key_c'), await next('key_d')];
    expect(given.map((one) => one?.found.id ?? null)).toEqual(['case_3', 'case_1', 'case_2', null]);
  });

  it('gives a reviewer whose browser died the same case again, and the old window can do nothing any more', async () => {
    const { db, next } = await queue();
    const [first, second] = [await next('key_a'), await next('key_a')];
    expect(second?.found.id).toBe(first?.found.id);
    const held = (lease: { id: string; fence: number } | undefined) => ({
      caseId: CASE,
      staff: 'key_a' as const,
      lease: lease?.id ?? '',
      fence: lease?.fence ?? 0,
    });
    await expect(heartbeat(db, held(first?.lease))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(requireHeld(db, held(first?.lease))).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect((await heartbeat(db, held(second?.lease))).getTime()).toBeGreaterThan(Date.now());
  });

  it('ends when nobody says any more that they are there, and the fence grows', async () => {
    const { db, next } = await queue(1);
    const lost = await next('key_a', { seconds: -1 });
    const taken = await next('key_b');
    expect(taken?.found.id).toBe('case_1');
    expect(taken?.lease.fence).toBe((lost?.lease.fence ?? 0) + 1);
    const late = { caseId: CASE, staff: 'key_a' as const, lease: lost?.lease.id ?? '', fence: lost?.lease.fence ?? 0 };
    await expect(heartbeat(db, late)).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const { rows } = await db.query({ text: 'select holder, how from case_leases order by fence' });
    expect(rows).toEqual([
      { holder: 'key_a', how: 'expired' },
      { holder: 'key_b', how: null },
    ]);
  });

  it('of one person does not act with the lease or the fence of another', async () => {
    const { db, next } = await queue(1);
    const mine = await next('key_a');
    const claim = { caseId: CASE, lease: mine?.lease.id ?? '', fence: mine?.lease.fence ?? 0 };
    await expect(heartbeat(db, { ...claim, staff: 'key_b' })).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(heartbeat(db, { ...claim, staff: 'key_a', fence: claim.fence + 1 })).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });

  it('leaves out whom a case excludes, and what a person asked not to be given', async () => {
    const { db, next } = await queue(2);
    await db.query({ text: "update cases set excluded = '{key_a}' where id = 'case_1'" });
    await db.query({ text: "update cases set categories = '{hate}' where id = 'case_2'" });
    expect(await next('key_a', { without: ['hate'] })).toBeNull();
    expect((await next('key_a'))?.found.id).toBe('case_2');
  });

  it('is refused while somebody else works on the case, and free again when they give it back', async () => {
    const { db } = await queue();
    const lease = await claimCase(db, { caseId: CASE, staff: 'key_a' });
    await expect(claimCase(db, { caseId: CASE, staff: 'key_b' })).rejects.toMatchObject({ code: 'CASE_CLAIMED' });
    await returnLease(db, { caseId: CASE, staff: 'key_a', lease: lease.id, fence: lease.fence }, 'not my field');
    expect((await claimCase(db, { caseId: CASE, staff: 'key_b' })).fence).toBe(lease.fence + 1);
    await expect(claimCase(db, { caseId: 'case_9', staff: 'key_b' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  if (kind === 'postgres') {
    it('gives nine people who ask at once nine different cases', async () => {
      const db = await open();
      await migrate(db);
      const many = Array.from({ length: 9 }, (_, i) => heldAct(i + 1));
      await writeActs(db, many);
      const given = await Promise.all(many.map((_, i) => claimNext(db, { queue: 'general', staff: `key_${i}` })));
      expect(new Set(given.map((one) => one?.found.id)).size).toBe(9);
    });
  }
});
