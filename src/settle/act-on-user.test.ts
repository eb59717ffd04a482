import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { measuresOf } from '../access/standing/measure.ts';
import { createUserStanding } from '../access/standing/user-standing.ts';
import type { EndUser } from '../contracts/end-user.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import type { UserAction } from '../review/decision-store.ts';
import { plainWish } from '../review/decision-wish.ts';
import { undoDecision } from '../review/undo-decision.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { planted } from '../toolbox.fixture.ts';
import { correctCase, reviewCase } from './review-case.ts';
import { settleDecision } from './settle-decision.ts';

const staff = { id: 'key_op', roles: ['operator'] } as const;
const user: EndUser = { id: 'u-1', tier: 'free', verified: false, age: null, region: null, locale: null };
const userDigest = (application: string, id: string) => Buffer.from(`${application} ${id}`).toString('hex').padEnd(64, '0');
const limited = { requests: 3, perMinutes: 60 };

describeEachDatabase('a block that acts on whoever asked', (open) => {
  async function held() {
    const db = await open();
    const find = ({ subject }: { subject: { kind: string } }) =>
      subject.kind === 'prompt' ? [planted({ kind: 'prompt' }, 'hate', 0.6)] : [];
    const stored = await storedStage(db, { find, tools: { userDigest } });
    const base = aSubmission();
    const submission = { ...base, caller: { ...base.caller, user } };
    const outcome = await (await stored.conductor.conduct(submission)).outcome;
    if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
    const { caseId } = outcome;
    const block = (userAction: UserAction, undoSeconds = 0) =>
      plainWish({ caseId, decision: 'block', staff, userAction, note: 'why', undoSeconds });
    const measures = () => measuresOf(db, userDigest(submission.caller.application, user.id));
    return { ...stored, db, submission, caseId, block, measures };
  }

  it('does nothing while it can be taken back, then all of it once with the ledger, however often it is tried', async () => {
    const { block, measures, review, caseId, db, entries, store, submission } = await held();
    await reviewCase(block('limit', 10), review);
    expect(await measures()).toEqual([]);
    await undoDecision(caseId, staff, review);
    expect(await measures()).toEqual([]);
    const { decision } = await reviewCase({ ...block('limit'), userActionDays: 2 }, review);
    await settleDecision(decision, review);
    const [measure, ...others] = await measures();
    expect(others).toEqual([]);
    expect(measure).toMatchObject({ action: 'limit', caseId, generationId: submission.id, imposedBy: 'key_op', liftedAt: null });
    expect(Math.round(((measure?.until?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(2);
    expect((await store.find(submission.id))?.state).toBe('refused');
    expect((await entries()).filter(({ kind }) => kind === 'user.measure_imposed')).toMatchObject([{ action: 'limit', case: caseId }]);
    const { rows } = await db.query({ text: "select data from events where type = 'user.measure_imposed'" });
    expect(JSON.stringify(rows)).not.toContain('u-1');

    await correctCase(plainWish({ caseId, decision: 'release', staff: { ...staff, id: 'key_two' }, note: 'fine' }), review);
    expect(await measures()).toMatchObject([{ liftedBy: 'key_two', liftReason: 'correction' }]);
  });

  it('counts what a limited user may still have right across processes', async () => {
    const { block, review, db, submission } = await held();
    await reviewCase(block('limit'), review);
    const processes = [1, 2, 3].map(() => createUserStanding({ db, userDigest, limited }));
    const asked = Array.from({ length: 12 }, (_, at) => processes[at % 3]?.requireGood({ ...submission }, false));
    const refused = (await Promise.allSettled(asked)).filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(12 - limited.requests);
    // An answer that was given before uses up nothing, and is given again.
    await processes[0]?.requireGood({ ...submission }, true);
  });

  it('lets strikes lead to what the policy says, with reasons and appeal, and takes it back when too few are left', async () => {
    const { db, review, block, caseId, conductor, submission, measures, entries } = await held();
    const strict = (action: 'limit' | 'suspend') => {
      const { policy } = review.review;
      const strikes = [{ count: 2, withinDays: 30, action, days: 5 }];
      return { ...review, review: { ...review.review, policy: { ...policy, document: { ...policy.document, strikes } } } };
    };
    const another = async (n: number) => {
      const again = { ...submission, id: `gen_${'0'.repeat(25)}${n}` as const, requestId: `req_${n}` as const };
      const outcome = await (await conductor.conduct(again)).outcome;
      if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
      return outcome.caseId;
    };
    const strike = (of: typeof caseId, by: 'key_op' | 'key_two') => ({
      ...block('strike'),
      caseId: of,
      staff: { ...staff, id: by } as const,
    });
    await reviewCase(strike(caseId, 'key_op'), review);
    const [second, third] = [await another(2), await another(3)];
    await reviewCase(strike(second, 'key_op'), review);
    expect((await measures()).map(({ action }) => action)).toEqual(['strike', 'strike']);
    await reviewCase(strike(third, 'key_op'), strict('suspend'));
    const [limit] = (await measures()).filter(({ action }) => action === 'limit');
    // Three strikes by one person suspend nobody: that takes two people.
    expect(limit).toMatchObject({ caseId: third, imposedBy: 'policy', reasons: expect.arrayContaining(['strikes:2/30d']) });
    expect(Math.round(((limit?.until?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(5);
    const stated = await db.query({
      text: "select body #>> '{reasons,restriction}' as said from decisions where id = $1",
      values: [limit?.decisionId],
    });
    expect(stated.rows).toEqual([{ said: 'account_limited' }]);
    const fourth = await another(4);
    await reviewCase(strike(fourth, 'key_two'), strict('suspend'));
    expect((await measures()).filter(({ action }) => action === 'suspend')).toMatchObject([{ liftedAt: null, imposedBy: 'policy' }]);
    const release = (of: typeof caseId, by: 'key_three') =>
      plainWish({ caseId: of, decision: 'release', staff: { ...staff, id: by }, note: 'fine' });
    for (const of of [caseId, second, third]) await correctCase(release(of, 'key_three'), review);
    expect((await measures()).filter(({ action, liftedAt }) => action !== 'strike' && liftedAt === null)).toEqual([]);
    expect((await entries()).filter(({ kind, reason }) => kind === 'user.measure_lifted' && reason === 'strikes')).not.toEqual([]);
  });
});

it('lets in nobody who is named while nobody can say how they stand', async () => {
  const db = {
    query: async () => {
      throw new ImprimaturError('STORAGE_UNAVAILABLE');
    },
  };
  const standing = createUserStanding({ db, userDigest, limited });
  const submission = aSubmission();
  await expect(standing.requireGood({ ...submission, caller: { ...submission.caller, user } }, false)).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
  });
  await standing.requireGood(submission, false);
});
