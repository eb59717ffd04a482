import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { createJournal } from '../ledger/journal.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { closeCase, findCase, lockCase } from './case-store.ts';
import { userOf } from './dossier/user-of.ts';
import { heldAct } from './held.fixture.ts';
import { listCases } from './list-cases.ts';
import { SHIPPED_QUEUES } from './queues.ts';
import { takeInStrays } from './take-in-strays.ts';

describeEachDatabase('review cases', (open, kind) => {
  async function store() {
    const db = await open();
    await migrate(db);
    await writeActs(db, [heldAct(2), heldAct(1), heldAct(3)]);
    return db;
  }

  it('wait in the order in which they came, so that nobody waits for ever', async () => {
    const db = await store();
    expect((await listCases(db, { state: 'open', queues: ['general'], limit: 2 })).map(({ id }) => id)).toEqual(['case_1', 'case_2']);
    expect(await listCases(db, { state: 'released', queues: ['general'], limit: 10 })).toEqual([]);
  });

  it('leave the queue when they are closed, and say when and by whom', async () => {
    const db = await store();
    await db.transaction((tx) => closeCase(tx, { id: 'case_2', state: 'blocked', by: 'key_op' }));
    expect((await listCases(db, { state: 'open', queues: ['general'], limit: 10 })).map(({ id }) => id)).toEqual(['case_1', 'case_3']);
    expect(await findCase(db, 'case_2')).toMatchObject({
      state: 'blocked',
      closedBy: 'key_op',
      closedAt: expect.any(Date),
      generationId: 'gen_2',
    });
    expect(await findCase(db, 'case_1')).toMatchObject({ state: 'open', closedBy: null, closedAt: null });
    expect(await findCase(db, 'case_9')).toBeNull();
  });

  it('move where such a case goes now when their queue is not configured any more, and those that were handed on to senior review', async () => {
    const db = await store();
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    await db.query({ text: "update cases set queue = 'gone', categories = '{hate}' where id <> 'case_3'" });
    await db.query({ text: "update cases set state = 'escalated' where id = 'case_2'" });
    expect(await takeInStrays({ db, journal, queues: SHIPPED_QUEUES })).toBe(2);
    const { rows } = await db.query({ text: 'select id, queue from cases order by id' });
    expect(rows.map(({ queue }) => queue)).toEqual(['harm', 'senior', 'general']);
    const told = await db.query({ text: `select 1 from ledger_outbox where convert_from(entry, 'utf8') like '%"case.moved"%'` });
    expect([told.rowCount, await takeInStrays({ db, journal, queues: SHIPPED_QUEUES })]).toEqual([2, 0]);
  });

  it('tell of an end user what was decided about their others, of restricted ones only to cleared staff', async () => {
    const db = await store();
    await db.query({ text: "update cases set user_digest = 'abcdefabcdefabcdef'" });
    await db.query({
      text: "update cases set state = 'blocked', closed_at = now(), closed_by = 'x', restricted = true, queue = 'child_safety' where id = 'case_2'",
    });
    const counts = async (isCleared: boolean) => userOf(db, 'case_1', isCleared);
    expect(await counts(true)).toMatchObject({ pseudonym: 'abcdefabcdef', held: 2, refused: 1, strikes: 0 });
    expect(await counts(false)).toMatchObject({ held: 1, refused: 0 });
    await db.query({ text: "update cases set user_digest = null where id = 'case_1'" });
    expect(await counts(true)).toBeNull();
  });

  // One connection serves the embedded engine, so two transactions never meet there.
  if (kind === 'postgres') {
    it('cannot be decided by two people at once', async () => {
      const db = await store();
      const seen: string[] = [];
      const decide = (by: string) =>
        db.transaction(async (tx) => {
          const found = await lockCase(tx, 'case_1');
          await new Promise((resolve) => setTimeout(resolve, 30));
          seen.push(found?.state ?? 'none');
          await closeCase(tx, { id: 'case_1', state: 'released', by });
        });
      await Promise.all([decide('one'), decide('two')]);
      expect(seen).toEqual(['open', 'released']);
    });
  }
});
