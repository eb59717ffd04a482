import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { closeCase, findCase, listCases, lockCase } from './case-store.ts';
import { heldAct } from './held.fixture.ts';

describeEachDatabase('review cases', (open, kind) => {
  async function store() {
    const db = await open();
    await migrate(db);
    await writeActs(db, [heldAct(2), heldAct(1), heldAct(3)]);
    return db;
  }

  it('wait in the order in which they came, so that nobody waits for ever', async () => {
    const db = await store();
    expect((await listCases(db, 'open', 2)).map(({ id }) => id)).toEqual(['case_1', 'case_2']);
    expect(await listCases(db, 'released', 10)).toEqual([]);
  });

  it('leave the queue when they are closed, and say when and by whom', async () => {
    const db = await store();
    await db.transaction((tx) => closeCase(tx, 'case_2', 'blocked', 'key_op'));
    expect((await listCases(db, 'open', 10)).map(({ id }) => id)).toEqual(['case_1', 'case_3']);
    expect(await findCase(db, 'case_2')).toMatchObject({
      state: 'blocked',
      closedBy: 'key_op',
      closedAt: expect.any(Date),
      generationId: 'gen_2',
    });
    expect(await findCase(db, 'case_1')).toMatchObject({ state: 'open', closedBy: null, closedAt: null });
    expect(await findCase(db, 'case_9')).toBeNull();
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
          await closeCase(tx, 'case_1', 'released', by);
        });
      await Promise.all([decide('one'), decide('two')]);
      expect(seen).toEqual(['open', 'released']);
    });
  }
});
