import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../../test/postgres/databases.ts';
import { createJournal } from '../../ledger/journal.ts';
import { migrate } from '../../storage/migrate.ts';
import { writeActs } from '../../storage/write-acts.ts';
import { heldAct } from '../held.fixture.ts';
import { undoDecision } from '../undo-decision.ts';
import {
  answerCalibration,
  calibrationAlpha,
  calibrationItems,
  findCalibration,
  revealCalibration,
  startCalibration,
} from './calibrations.ts';
import { listGold, makeGold, retireGold } from './gold-store.ts';
import { createLot } from './lot.ts';
import { turnReplays } from './open-replays.ts';
import { readReviews } from './read-reviews.ts';
import { type QualityPlan, SHIPPED_QUALITY } from './sampling.ts';
import { createReplays } from './settle-replay.ts';

const lot = createLot(Buffer.alloc(32, 1));
const ALL: QualityPlan = { ...SHIPPED_QUALITY, doubleShare: 1, goldShare: 0 };
type Staff = `user_${string}` | `key_${string}`;

describeEachDatabase('second looks and gold cases', (open) => {
  async function desk(plan: QualityPlan = ALL) {
    const db = await open();
    await migrate(db);
    await writeActs(db, [heldAct(1), heldAct(2), heldAct(3)]);
    const journal = createJournal({ submit: (act) => writeActs(db, [act]), committed: () => undefined });
    let count = 0;
    const decide = (caseId: `case_${string}`, staff: Staff, decision = 'release') =>
      db.transaction(async (tx) => {
        count += 1;
        const state = decision === 'release' ? 'released' : 'blocked';
        await tx.query({
          text: 'update cases set state = $2, closed_at = clock_timestamp(), closed_by = $3 where id = $1',
          values: [caseId, state, staff],
        });
        await tx.query({
          text: `insert into case_decisions (id, case_id, seq, decision, policy, by, role, from_state, effective_at, effect) values ($1, $2, $5, $3, 'intimacy', $4, 'first', 'open', now(), 'none')`,
          values: [`cd_${count}`, caseId, decision, staff, count],
        });
        const { isReplay, settle } = createReplays({ lot, plan });
        expect(await isReplay(tx, caseId)).toBe(!/^case_\d$/.test(caseId));
        return settle(tx, { caseId, staff, decision, at: new Date() });
      });
    const turn = async () => {
      await db.query({ text: "update review_plans set due_at = now() - interval '1 second'" });
      return turnReplays({ db, plan });
    };
    const replays = async () => {
      const { rows } = await db.query<{ id: `case_${string}`; queue: string; excluded: string[]; replays: string; state: string }>({
        text: 'select id, queue, excluded, replays, state from cases where replays is not null order by opened_at',
      });
      return rows;
    };
    return { db, journal, decide, turn, replays };
  }

  it('shows a decided case to somebody else, and lets nothing follow from what they say', async () => {
    const { decide, turn, replays, db } = await desk();
    expect(await decide('case_1', 'user_a')).toBe(false);
    expect(await decide('case_2', 'user_b')).toBe(false);
    expect(await turn()).toBe(2);
    const [first, second] = await replays();
    expect(first).toMatchObject({ queue: 'general', excluded: ['user_a'], replays: 'case_1', state: 'open' });
    expect(second).toMatchObject({ excluded: ['user_b'], replays: 'case_2' });
    expect(await decide(first!.id, 'user_b', 'release')).toBe(true);
    expect(await readReviews(db, new Date(0), false)).toMatchObject([
      { purpose: 'double', policy: 'intimacy', first: 'release', second: 'release', by: 'user_b' },
    ]);
    expect(await turn()).toBe(0);
  });

  it('asks a senior where two disagree, and what they say may become a gold case', async () => {
    const { decide, turn, replays, db } = await desk();
    await decide('case_1', 'user_a');
    await decide('case_2', 'user_b');
    await decide('case_3', 'user_c');
    await turn();
    const ofFirst = (await replays()).find(({ replays: of }) => of === 'case_1');
    await decide(ofFirst!.id, 'user_b', 'block');
    expect(await turn()).toBe(1);
    const third = (await replays()).at(-1);
    expect(third).toMatchObject({ replays: 'case_1', queue: 'senior' });
    expect([...third!.excluded].sort()).toEqual(['user_a', 'user_b']);
    expect(await decide(third!.id, 'user_c', 'block')).toBe(true);
    expect(await listGold(db, { limit: 10, mayKnowRestricted: false })).toMatchObject([
      { caseId: 'case_1', decision: 'block', state: 'candidate', madeBy: 'user_c' },
    ]);
  });

  it('forgets an answer that was taken back, and the third look that it asked for', async () => {
    const { decide, turn, replays, db, journal } = await desk();
    await decide('case_1', 'user_a');
    await decide('case_2', 'user_b');
    await decide('case_3', 'user_c');
    await turn();
    const again = (await replays()).find(({ replays: of }) => of === 'case_1');
    await decide(again!.id, 'user_b', 'block');
    await db.query({
      text: "update case_decisions set effect = 'pending', effective_at = now() + interval '10 seconds' where case_id = $1",
      values: [again!.id],
    });
    await undoDecision(again!.id, { id: 'user_b', roles: ['reviewer'] }, { db, journal });
    expect(await readReviews(db, new Date(0), false)).toEqual([]);
    expect((await db.query({ text: "select 1 from review_plans where purpose = 'adjudication'" })).rows).toEqual([]);
    await decide(again!.id, 'user_b', 'release');
    expect(await readReviews(db, new Date(0), false)).toMatchObject([{ first: 'release', second: 'release' }]);
  });

  it('opens nothing that nobody is left to take, nothing that was undone, and samples no script', async () => {
    const { decide, turn, db } = await desk();
    await decide('case_1', 'user_a');
    await decide('case_2', 'key_script');
    expect(await turn()).toBe(0);
    await decide('case_2', 'user_b');
    await decide('case_3', 'user_a');
    await db.query({ text: "update cases set state = 'open', closed_at = null where id in ('case_2', 'case_3')" });
    expect(await turn()).toBe(0);
    expect((await db.query({ text: 'select 1 from review_plans' })).rows).toEqual([]);
  });

  it('brings a case whose answer is known to those who have not met it, until it was seen often enough', async () => {
    const { decide, turn, replays, db, journal } = await desk({ ...ALL, doubleShare: 0, goldShare: 1, goldLooks: 1 });
    await decide('case_1', 'user_a', 'block');
    await expect(
      makeGold(
        { caseId: 'case_2', decision: 'block', policy: null, rationale: 'r', by: 'user_lead', mayKnowRestricted: false },
        { db, journal },
      ),
    ).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await makeGold(
      { caseId: 'case_1', decision: 'block', policy: 'intimacy', rationale: 'r', by: 'user_lead', mayKnowRestricted: false },
      { db, journal },
    );
    await decide('case_2', 'user_b');
    expect(await turn()).toBe(1);
    const [gold] = await replays();
    expect(gold).toMatchObject({ replays: 'case_1', excluded: ['user_a'] });
    expect(await decide(gold!.id, 'user_b', 'release')).toBe(true);
    expect(await readReviews(db, new Date(0), false)).toMatchObject([{ purpose: 'gold', first: 'block', second: 'release' }]);
    expect(await listGold(db, { limit: 10, mayKnowRestricted: false })).toMatchObject([{ state: 'retired', shown: 1 }]);
    await decide('case_3', 'user_c');
    expect(await turn()).toBe(0);
  });

  it('takes back what nobody took in two days, and retires a gold case when a lead says so', async () => {
    const { decide, turn, replays, db, journal } = await desk();
    await decide('case_1', 'user_a');
    await decide('case_2', 'user_b');
    await turn();
    await db.query({ text: "update cases set opened_at = now() - interval '49 hours' where replays = 'case_1'" });
    await turn();
    expect((await replays()).map(({ state }) => state).sort()).toEqual(['closed', 'open']);
    const made = await makeGold(
      { caseId: 'case_2', decision: 'release', policy: null, rationale: 'r', by: 'user_lead', mayKnowRestricted: false },
      { db, journal },
    );
    expect(await retireGold(made.id, 'user_lead', { db, journal })).toMatchObject({ state: 'retired' });
    await expect(retireGold('gold_9', 'user_lead', { db, journal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('keeps suspected child abuse material out of figures, gold lists and calibration rounds for those not cleared', async () => {
    const { decide, turn, replays, db, journal } = await desk();
    await db.query({ text: "update cases set restricted = true, queue = 'child_safety' where id = 'case_1'" });
    await decide('case_1', 'user_a');
    await decide('case_2', 'user_b');
    await turn();
    const restricted = (await replays()).find(({ replays: of }) => of === 'case_1');
    expect(restricted?.queue).toBe('child_safety');
    await decide(restricted!.id, 'user_b');
    expect(await readReviews(db, new Date(0), false)).toEqual([]);
    expect(await readReviews(db, new Date(0), true)).toHaveLength(1);
    const asGold = { caseId: 'case_1' as const, decision: 'block', policy: null, rationale: 'r', by: 'user_lead' as const };
    await expect(makeGold({ ...asGold, mayKnowRestricted: false }, { db, journal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await makeGold({ ...asGold, mayKnowRestricted: true }, { db, journal });
    expect(await listGold(db, { limit: 10, mayKnowRestricted: false })).toEqual([]);
    await expect(
      startCalibration({ title: 't', participants: ['user_a'], caseIds: ['case_1'], by: 'user_lead' }, { db, journal }),
    ).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('lets a group decide the same cases blindly, and shows who said what only when all are done', async () => {
    const { decide, db, journal } = await desk();
    await decide('case_1', 'user_x', 'block');
    await decide('case_2', 'user_x');
    const round = await startCalibration(
      { title: 'Swimwear', participants: ['user_a', 'user_b'], caseIds: ['case_1', 'case_2'], by: 'user_lead' },
      { db, journal },
    );
    const answer = (by: 'user_a' | 'user_b' | 'user_z', position: number, decision: string) =>
      answerCalibration(db, { id: round.id, by, answer: { position, decision, reason: null } });
    await answer('user_a', 1, 'release');
    await answer('user_a', 1, 'block');
    await answer('user_a', 2, 'release');
    await answer('user_b', 1, 'block');
    await answer('user_b', 2, 'release');
    await expect(answer('user_z', 1, 'block')).rejects.toMatchObject({ code: 'AUTH_FORBIDDEN' });
    await expect(answer('user_a', 3, 'block')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const before = await calibrationItems(db, round, 'user_a');
    expect(before.map(({ answers }) => answers.map(({ by }) => by))).toEqual([['user_a'], ['user_a']]);
    // The page of such a case shows no decision: it is another case.
    expect(before.some(({ case_id }) => ['case_1', 'case_2'].includes(case_id))).toBe(false);
    await revealCalibration(round.id, { by: 'user_lead', minutes: 'Agreed.' }, { db, journal });
    await expect(answer('user_a', 1, 'release')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    const after = await calibrationItems(db, await findCalibration(db, round.id), 'user_a');
    expect(after[0]?.answers).toHaveLength(2);
    expect(calibrationAlpha(after)).toBe(1);
  });
});

it('draws lots that only the key foretells, as often as asked', () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => `case_${at}`);
  const drawn = ids.filter((id) => lot('double', id) < 0.08);
  expect(drawn.length / ids.length).toBeCloseTo(0.08, 2);
  const other = createLot(Buffer.alloc(32, 2));
  const both = drawn.filter((id) => other('double', id) < 0.08).length;
  expect(both / drawn.length).toBeLessThan(0.12);
  expect(lot('double', 'case_1')).toBe(createLot(Buffer.alloc(32, 1))('double', 'case_1'));
  expect(lot('double', 'case_1')).not.toBe(lot('gold', 'case_1'));
});
