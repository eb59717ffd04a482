import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { insertKey } from '../access/key-store.ts';
import type { CaseId } from '../contracts/ids.ts';
import type { StaffRole } from '../contracts/staff-role.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { takedownOf } from '../registries/takedowns/takedown-store.ts';
import { previewDecision } from '../settle/preview-decision.ts';
import { correctCase, reviewCase } from '../settle/review-case.ts';
import { settleDecision } from '../settle/settle-decision.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { planted, type Scene } from '../toolbox.fixture.ts';
import { openApproval } from './approvals.ts';
import { findCase } from './case-store.ts';
import { claimEffects, decisionsOfCase } from './decision-store.ts';
import { type DecisionWish, plainWish } from './decision-wish.ts';
import { readableDecisions } from './dossier/decide-facts.ts';
import { claimCase } from './leases.ts';
import { createLot } from './quality/lot.ts';
import { createReplays } from './quality/settle-replay.ts';
import { SHIPPED_QUEUES } from './queues.ts';
import { caseFor, maySee, type Staff } from './sight.ts';
import { undoDecision } from './undo-decision.ts';

const person = (id: string, ...roles: StaffRole[]): Staff => ({ id: `user_${id}`, roles: roles.length === 0 ? ['reviewer'] : roles });
const [ada, bea, cleo] = [person('ada'), person('bea'), person('cleo', 'senior_reviewer')];

const holds = (category: 'hate' | 'ncii_undress' | 'sexual_minors', score: number): Scene => ({
  find: ({ subject }) => (subject.kind === 'artifact' ? [planted(subject, category, score)] : []),
});

describeEachDatabase('what is decided on a case', (open) => {
  async function held(scene: Scene = holds('hate', 0.6)) {
    const db = await open();
    const stored = await storedStage(db, scene);
    const submission = aSubmission({});
    const outcome = await (await stored.conductor.conduct(submission)).outcome;
    if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
    const { caseId } = outcome;
    const state = async () => (await stored.store.find(submission.id))?.state;
    const status = async () => (await findCase(db, caseId))?.state;
    const decide = (staff: Staff, wish: Partial<DecisionWish> = {}) =>
      reviewCase(plainWish({ caseId, staff, decision: 'block', policy: 'standard', reasons: ['hate'], ...wish }), stored.review);
    const settleAll = async () => {
      await db.query({ text: "update case_decisions set effective_at = now() - interval '1 second' where effect = 'pending'" });
      for (const made of await claimEffects(db, { owner: 'ins_x', limit: 10 })) await settleDecision(made, stored.review);
    };
    return { ...stored, db, caseId, state, status, decide, settleAll, generation: submission.id };
  }
  const leaseOf = async (db: Parameters<typeof claimCase>[0], caseId: CaseId, staff: Staff) => {
    const { id: lease, fence } = await claimCase(db, { caseId, staff: staff.id });
    return { lease, fence };
  };

  it('is on record at once and takes effect when it cannot be taken back any more', async () => {
    const { db, caseId, decide, state, status, settleAll, entries } = await held();
    const lease = await leaseOf(db, caseId, ada);
    await decide(ada, { decision: 'release', lease, undoSeconds: 10 });
    expect([await status(), await state()]).toEqual(['released', 'held']);
    expect((await entries()).at(-1)).toMatchObject({
      kind: 'decision.made',
      by: 'operator:user_ada',
      decided: 'release',
      undo_seconds: 10,
    });
    expect(await claimEffects(db, { owner: 'ins_x', limit: 10 })).toEqual([]);
    await settleAll();
    expect([await status(), await state()]).toEqual(['released', 'published']);
    expect(await findCase(db, caseId)).toMatchObject({ settlesAt: null });
  });

  it('that nobody can take back is made to happen by whoever wrote it, before anybody is answered and by nobody else', async () => {
    const { db, caseId, review, state } = await held();
    const others: unknown[] = [];
    // A loop of another process that looks at the worst moment.
    const db2 = Object.assign(Object.create(db) as typeof db, {
      transaction: async <T>(work: Parameters<typeof db.transaction<T>>[0]) => {
        const result = await db.transaction(work);
        others.push(...(await claimEffects(db, { owner: 'ins_other', limit: 10 })));
        return result;
      },
    });
    await reviewCase(plainWish({ caseId, staff: ada, decision: 'release', policy: 'standard', reasons: ['none'] }), { ...review, db: db2 });
    expect([others, await state()]).toEqual([[], 'published']);
  });

  it('can be taken back for some seconds by whoever decided, and both stand in the ledger', async () => {
    const { db, caseId, decide, state, status, settleAll, review, entries } = await held();
    await decide(ada, { lease: await leaseOf(db, caseId, ada), undoSeconds: 10 });
    await expect(undoDecision(caseId, bea, review)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
    const lease = await undoDecision(caseId, ada, review);
    expect(await status()).toBe('open');
    expect((await entries()).at(-1)).toMatchObject({ kind: 'case.undone', by: 'operator:user_ada' });
    await settleAll();
    expect(await state()).toBe('held');
    await decide(ada, { decision: 'release', lease: { lease: lease.id, fence: lease.fence }, undoSeconds: 10 });
    await settleAll();
    expect(await state()).toBe('published');
    await expect(undoDecision(caseId, ada, review)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
  });

  it('is the same when the answer was lost and the browser asks again', async () => {
    const { db, caseId, decide } = await held();
    const lease = await leaseOf(db, caseId, ada);
    const first = await decide(ada, { lease, undoSeconds: 10 });
    const again = await decide(ada, { lease, undoSeconds: 10, decision: 'release' });
    expect(again).toMatchObject({ kind: 'repeated', decision: { id: first.decision.id, decision: 'block' } });
    expect(await decisionsOfCase(db, caseId)).toHaveLength(1);
  });

  it('is refused from a lease that ended, from one of somebody else, and while somebody else works on it', async () => {
    const { db, caseId, decide, status } = await held();
    const old = await leaseOf(db, caseId, ada);
    const now = await leaseOf(db, caseId, ada);
    await expect(decide(ada, { lease: old })).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(decide(bea, { lease: now })).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await expect(decide(bea)).rejects.toMatchObject({ code: 'CASE_CLAIMED' });
    await db.query({ text: "update cases set lease_until = now() - interval '1 second'" });
    await expect(decide(ada, { lease: now })).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await status()).toBe('open');
  });

  it('needs two people where the rule says so, of whom the second does not see what the first said', async () => {
    const { caseId, decide, db, status, state, entries } = await held(holds('ncii_undress', 0.3));
    expect(await decide(ada, { decision: 'release' })).toMatchObject({ kind: 'waits' });
    expect([await status(), await state()]).toEqual(['open', 'held']);
    expect((await entries()).at(-1)).toEqual(expect.objectContaining({ kind: 'case.reviewed', role: 'first' }));
    expect(JSON.stringify((await entries()).at(-1))).not.toContain('release');
    await expect(decide(ada, { decision: 'release' })).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect(await decide(bea, { decision: 'release' })).toMatchObject({ kind: 'decided', decision: { role: 'second' } });
    expect([await status(), await state()]).toEqual(['released', 'published']);
    expect((await decisionsOfCase(db, caseId)).map(({ role }) => role)).toEqual(['first', 'second']);
  });

  it('goes to senior review when two people disagree, and neither of them has a say there', async () => {
    const { db, caseId, decide, status, state } = await held(holds('ncii_undress', 0.3));
    await decide(ada, { decision: 'release' });
    expect(await decide(bea, { decision: 'block' })).toMatchObject({ kind: 'waits' });
    expect(await findCase(db, caseId)).toMatchObject({ state: 'escalated', queue: 'senior', excluded: ['user_ada', 'user_bea'] });
    await expect(caseFor(db, caseId, ada, SHIPPED_QUEUES)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(decide(person('bea', 'senior_reviewer'))).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    await decide(cleo, { decision: 'block' });
    expect([await status(), await state()]).toEqual(['blocked', 'refused']);
  });

  it('of what two people have to decide is not taken by one of them alone because the case was handed on', async () => {
    const { db, caseId, decide, status, state } = await held(holds('ncii_undress', 0.3));
    await decide(ada, { decision: 'escalate', note: 'not mine' });
    const dora = person('dora', 'senior_reviewer');
    expect(await decide(cleo, { decision: 'release' })).toMatchObject({ kind: 'waits' });
    expect([await status(), await state()]).toEqual(['escalated', 'held']);
    await expect(decide(cleo, { decision: 'release' })).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect(await decide(dora, { decision: 'label' })).toMatchObject({ kind: 'waits' });
    expect(await decide(person('emma', 'senior_reviewer'), { decision: 'release' })).toMatchObject({ kind: 'decided' });
    expect(await state()).toBe('published');
    expect((await decisionsOfCase(db, caseId)).map(({ decision }) => decision)).toEqual(['escalate', 'release', 'label', 'release']);
  });

  it('by one person twice, in a browser and by a key of theirs, counts once', async () => {
    const { db, decide, status } = await held(holds('ncii_undress', 0.3));
    const { key } = await insertKey(db, { role: 'operator', application: 'default', surface: 'api', madeBy: ada.id });
    await decide(ada, { decision: 'release' });
    await expect(decide({ id: key.lineage, roles: ['operator'] }, { decision: 'release' })).rejects.toMatchObject({
      code: 'SECOND_PERSON_NEEDED',
    });
    expect(await status()).toBe('open');
  });

  it('with an action on the person counts only as far as both said it', async () => {
    const { db, decide, status } = await held(holds('sexual_minors', 0.2));
    await db.query({ text: "update cases set user_digest = 'somebody'" });
    const [one, two] = [person('one', 'child_safety'), person('two', 'child_safety')];
    await decide(one);
    expect(await decide(two, { userAction: 'suspend' })).toMatchObject({ kind: 'waits' });
    expect(await status()).toBe('escalated');
  });

  it('that was wrong is corrected beside it: what was let out is taken down, what was blocked leaves', async () => {
    const { caseId, decide, state, status, review, db, store, generation } = await held();
    await decide(ada);
    expect(await state()).toBe('refused');
    const correct = (decision: 'release' | 'block', note: string | null = 'It was a lighthouse.') =>
      correctCase(plainWish({ caseId, staff: ada, decision, note }), review);
    await expect(correct('release', null)).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'note' });
    await expect(correct('block')).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'decision' });
    await correct('release');
    expect([await status(), await state()]).toEqual(['released', 'published']);
    await correct('block', 'It was not.');
    expect(await status()).toBe('blocked');
    const [artifact] = await store.finalArtifacts(generation);
    expect((await db.query({ text: 'select artifact_id, taken_by from takedowns' })).rows).toEqual([
      { artifact_id: artifact?.id, taken_by: 'user_ada' },
    ]);
    expect((await decisionsOfCase(db, caseId)).map(({ role, decision }) => `${role} ${decision}`)).toEqual([
      'first block',
      'correction release',
      'correction block',
    ]);
  });

  it('that needs two people is corrected by two others who say the same: until then nothing leaves, and nobody reads what the first said', async () => {
    const { db, caseId, decide, state, status, review, entries } = await held(holds('sexual_minors', 0.2));
    const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((id) => person(id, 'child_safety')) as [Staff, Staff, Staff, Staff];
    await decide(one);
    await decide(two);
    const correct = (staff: Staff, wish: Partial<DecisionWish> = {}) =>
      correctCase(plainWish({ caseId, staff, decision: 'release', note: 'a doll', ...wish }), review);
    for (const decider of [one, two]) await expect(correct(decider)).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect(await correct(three)).toMatchObject({ kind: 'waits' });
    expect([await status(), await state()]).toEqual(['blocked', 'refused']);
    await expect(correct(three)).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect(JSON.stringify((await entries()).at(-1))).not.toContain('release');
    const found = await findCase(db, caseId);
    if (found === null) throw new Error('no case');
    const readBy = async (staff: Staff) => readableDecisions(found, await decisionsOfCase(db, caseId), staff).map(({ by }) => by);
    expect([await readBy(four), await readBy(three)]).toEqual([
      ['user_one', 'user_two'],
      ['user_one', 'user_two', 'user_three'],
    ]);
    expect(await correct(four, { decision: 'label' })).toMatchObject({ kind: 'waits' });
    expect(await state()).toBe('refused');
    expect(await correct(person('five', 'child_safety'))).toMatchObject({ kind: 'decided' });
    expect([await status(), await state()]).toEqual(['released', 'published']);
  });

  it('of a timer on what may undress somebody is not turned by one person either', async () => {
    const { caseId, state, review } = await held(holds('ncii_undress', 0.3));
    await reviewCase(plainWish({ caseId, staff: null, decision: 'block', reasons: ['hold-ends'] }), review);
    const correct = (staff: Staff) => correctCase(plainWish({ caseId, staff, decision: 'release', note: 'n' }), review);
    expect([await correct(ada), await state()]).toMatchObject([{ kind: 'waits' }, 'refused']);
    await correct(bea);
    expect(await state()).toBe('published');
  });

  it('bans nobody by one person’s correction; who closed the case, and when, stays', async () => {
    const { db, caseId, decide, review, entries, status } = await held();
    await db.query({ text: "update cases set user_digest = 'somebody'" });
    await decide(ada, { decision: 'release' });
    const { closedAt, closedBy } = (await findCase(db, caseId)) ?? {};
    const ban = (staff: Staff) =>
      correctCase(plainWish({ caseId, staff, decision: 'block', userAction: 'ban', reasons: ['hate'], note: 'n' }), review);
    const measures = async () => (await db.query({ text: 'select action from user_measures' })).rows;
    await expect(ban(ada)).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    await ban(bea);
    expect([await status(), await measures()]).toEqual(['released', []]);
    await ban(cleo);
    expect([await status(), await measures()]).toEqual(['blocked', [{ action: 'ban' }]]);
    expect(await findCase(db, caseId)).toMatchObject({ closedAt, closedBy });
    const told = (await entries()).find(({ role, decided }) => role === 'correction' && decided === 'block');
    expect(told).toMatchObject({ user_action: 'ban', by: 'operator:user_cleo' });
  });

  it('to edit needs its regions in a correction, too', async () => {
    const { caseId, decide, state, review } = await held();
    await decide(ada);
    const edit = plainWish({ caseId, staff: bea, decision: 'edit', note: 'n' });
    await expect(correctCase(edit, review)).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'regions' });
    expect(await state()).toBe('refused');
  });

  it('on a case that is shown again to learn how people decide is corrected without any effect', async () => {
    const { db, caseId, decide, state, status, review, store, generation } = await held();
    await decide(ada, { decision: 'release' });
    await db.query({ text: "update cases set replays = id, user_digest = 'somebody'" });
    const replays = createReplays({ lot: createLot(Buffer.alloc(32)) });
    await correctCase(plainWish({ caseId, staff: bea, decision: 'block', userAction: 'warn', note: 'n' }), { ...review, replays });
    expect([await status(), await state()]).toEqual(['blocked', 'published']);
    const [artifact] = await store.finalArtifacts(generation);
    expect(artifact && (await takedownOf(db, artifact.id))).toBeNull();
    expect((await db.query({ text: 'select 1 from user_measures' })).rowCount).toBe(0);
    expect((await db.query({ text: "select 1 from case_decisions where effect = 'pending'" })).rowCount).toBe(0);
  });

  it('on a case that is shown again goes every way that its original could go, and nothing waits for ever', async () => {
    const { db, caseId, state, review, status, settleAll } = await held(holds('ncii_undress', 0.3));
    const replays = createReplays({ lot: createLot(Buffer.alloc(32)) });
    await db.query({ text: 'update cases set replays = id' });
    await db.query({ text: "insert into review_replays (case_id, original_id, purpose) values ($1, $1, 'double')", values: [caseId] });
    const again = (staff: Staff, more: Pick<DecisionWish, 'decision'> & Partial<DecisionWish>) =>
      reviewCase(plainWish({ caseId, staff, ...more }), { ...review, replays });
    expect(await again(ada, { decision: 'release' })).toMatchObject({ kind: 'waits' });
    expect(await status()).toBe('open');
    expect(await again(bea, { decision: 'release', undoSeconds: 0 })).toMatchObject({ kind: 'decided' });
    expect([await status(), await state()]).toEqual(['released', 'held']);
    await settleAll();
    expect((await db.query({ text: "select 1 from case_decisions where effect = 'pending'" })).rowCount).toBe(0);
    expect(await state()).toBe('held');

    const other = await held();
    await other.db.query({ text: 'update cases set replays = id' });
    const handedOn = plainWish({ caseId: other.caseId, staff: ada, decision: 'escalate', note: 'n' });
    expect(await reviewCase(handedOn, { ...other.review, replays })).toMatchObject({ kind: 'waits' });
    expect(await other.status()).toBe('escalated');
  });

  it('to hand a case on says why to those who get it, and a look ahead says there that two are needed', async () => {
    const other = await held(holds('ncii_undress', 0.3));
    await other.decide(ada, { decision: 'escalate', note: 'please look at the sign' });
    await other.decide(cleo, { decision: 'release' });
    const found = await findCase(other.db, other.caseId);
    if (found === null) throw new Error('no case');
    const read = readableDecisions(found, await decisionsOfCase(other.db, other.caseId), person('dora', 'senior_reviewer'));
    expect(read.map(({ note, decision }) => [decision, note])).toEqual([['escalate', 'please look at the sign']]);
    const parts = { ...other.review, db: other.db, appeal: {}, pageOf: () => '', linkTo: () => '', baseUrl: () => '' };
    const wish = plainWish({ caseId: other.caseId, staff: person('dora', 'senior_reviewer'), decision: 'release' });
    expect(await previewDecision(found, wish, parts)).toMatchObject({ waitsFor: 'second_person' });
  });

  it('of nobody is what the policy says when time is up, whoever works on it', async () => {
    const { db, caseId, review, state, entries } = await held();
    await leaseOf(db, caseId, ada);
    const late = plainWish({ caseId, staff: null, decision: 'block', reasons: ['review-slo'] });
    await reviewCase(late, review);
    expect(await state()).toBe('refused');
    expect((await entries()).at(-1)).toMatchObject({ by: 'timer', role: 'timer' });
    await expect(reviewCase(late, review)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
  });

  it('that may be child abuse is for cleared staff alone: to everybody else the case does not exist', async () => {
    const { db, caseId, decide, status } = await held(holds('sexual_minors', 0.2));
    const found = await findCase(db, caseId);
    expect(found).toMatchObject({ restricted: true, queue: 'child_safety' });
    for (const role of ['reviewer', 'senior_reviewer', 'quality_lead', 'legal', 'incident_commander', 'operator', 'auditor'] as const) {
      expect(found !== null && maySee(person('x', role), found, SHIPPED_QUEUES), role).toBe(false);
    }
    const [one, two] = [person('one', 'child_safety'), person('two', 'child_safety')];
    await expect(decide(person('x', 'operator'), { decision: 'release' })).rejects.toMatchObject({ code: 'AUTH_FORBIDDEN' });
    expect(await decide(one)).toMatchObject({ kind: 'waits' });
    await decide(two, { decision: 'escalate', escalateTo: 'law_enforcement', note: 'to be reported' });
    expect(await findCase(db, caseId)).toMatchObject({ state: 'escalated', queue: 'child_safety' });
    expect(await status()).toBe('escalated');
  });

  it('has to be possible there, and asked for completely', async () => {
    const { db, caseId, decide } = await held();
    const refused = (wish: Partial<DecisionWish>) => expect(decide(ada, wish)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await refused({ decision: 'approve' });
    await refused({ decision: 'edit' });
    await refused({ decision: 'release', userAction: 'warn' });
    const lease = await leaseOf(db, caseId, ada);
    await refused({ lease, reasons: [] });
    for (const decision of ['block', 'label'] as const) await refused({ lease, policy: null, decision });
    await refused({ lease, userAction: 'warn' });
    await refused({ lease, decision: 'escalate' });
    await expect(decide(person('x', 'auditor'))).rejects.toMatchObject({ code: 'AUTH_FORBIDDEN' });
  });

  it('by boards is approved when the last of those that are named has, by another person each, and ends when one does not', async () => {
    const db = await open();
    const { review, journal } = await storedStage(db);
    const ask = () =>
      db.transaction((tx) =>
        openApproval(tx, { what: 'exception', ids: { policy: 'standard' }, boards: ['legal', 'privacy'], by: 'user_ed' }, { journal }),
      );
    const [lea, pia] = [person('lea', 'legal', 'privacy'), person('pia', 'privacy')];
    const speak = (caseId: CaseId, staff: Staff, decision: 'approve' | 'reject' = 'approve') =>
      reviewCase(plainWish({ caseId, staff, decision }), review);
    const granted = await ask();
    await expect(speak(granted, ada)).rejects.toMatchObject({ code: 'AUTH_FORBIDDEN' });
    expect(await speak(granted, lea)).toMatchObject({ kind: 'waits' });
    await expect(speak(granted, lea)).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect((await findCase(db, granted))?.state).toBe('open');
    await speak(granted, pia);
    expect((await findCase(db, granted))?.state).toBe('released');
    const reject = plainWish({ caseId: granted, staff: ada, decision: 'reject', note: 'n' });
    await expect(correctCase(reject, review)).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'decision' });
    expect((await findCase(db, granted))?.state).toBe('released');
    const denied = await ask();
    await speak(denied, pia, 'reject');
    expect((await findCase(db, denied))?.state).toBe('blocked');
    await expect(speak(denied, lea)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
  });
});
