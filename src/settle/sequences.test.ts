import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { newId } from '../contracts/ids.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { takedownOf } from '../registries/takedowns/takedown-store.ts';
import { findAppeal } from '../review/appeals/appeal-store.ts';
import { fileAppeal } from '../review/appeals/file-appeal.ts';
import { findCase } from '../review/case-store.ts';
import { claimEffects } from '../review/decision-store.ts';
import { type DecisionWish, plainWish } from '../review/decision-wish.ts';
import { claimCase } from '../review/leases.ts';
import { undoDecision } from '../review/undo-decision.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { planted, type Scene } from '../toolbox.fixture.ts';
import { correctCase, reviewCase } from './review-case.ts';
import { settleAppeal } from './settle-appeal.ts';
import { type OtherEffect, settleDecision } from './settle-decision.ts';

const ada = { id: newId('user'), roles: ['reviewer'] } as const;
const held =
  (subject: 'prompt' | 'artifact'): NonNullable<Scene['find']> =>
  (input) =>
    input.subject.kind === subject ? [planted(input.subject, 'hate', 0.6)] : [];

describeEachDatabase('what is decided one after the other', (open) => {
  async function aCase(scene: Scene = {}) {
    const db = await open();
    const stored = await storedStage(db, { find: held('artifact'), ...scene });
    const submission = aSubmission({});
    const outcome = await (await stored.conductor.conduct(submission)).outcome;
    if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
    const { caseId } = outcome;
    const wish = (decision: 'release' | 'block' | 'label', more: Partial<DecisionWish> = {}) =>
      plainWish({ caseId, staff: ada, decision, policy: 'standard', reasons: ['hate'], note: 'looked again', ...more });
    const undoable = async () => {
      const { id: lease, fence } = await claimCase(db, { caseId, staff: ada.id });
      return { lease: { lease, fence }, undoSeconds: 10 };
    };
    const settle = async (desk: typeof stored.review = stored.review) => {
      await db.query({
        text: "update case_decisions set effective_at = now() - interval '1 second', effect_until = null, effect_owner = null where effect = 'pending'",
      });
      for (const made of await claimEffects(db, { owner: 'ins_x', limit: 10 })) await settleDecision(made, desk).catch(() => undefined);
    };
    const now = async () => {
      const artifact = (await stored.store.finalArtifacts(submission.id))[0];
      const down = artifact === undefined ? null : await takedownOf(db, artifact.id);
      return [(await findCase(db, caseId))?.state, (await stored.store.find(submission.id))?.state, down === null ? 'up' : 'down'];
    };
    return { ...stored, db, caseId, wish, undoable, settle, now };
  }

  it('leaves nothing to correct when it was taken back, and is not corrected while it may still be', async () => {
    const { review, wish, undoable, settle, now, caseId } = await aCase();
    await reviewCase(wish('block', await undoable()), review);
    await expect(correctCase(wish('release'), review)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
    await undoDecision(caseId, ada, review);
    await expect(correctCase(wish('release'), review)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
    await settle();
    expect(await now()).toEqual(['open', 'held', 'up']);
  });

  it('takes a picture down, shows it again, and takes it down again, as often as somebody finds that it was wrong', async () => {
    const { review, wish, now, entries } = await aCase();
    await reviewCase(wish('release'), review);
    for (const where of ['down', 'up', 'down']) {
      await correctCase(wish(where === 'down' ? 'block' : 'release'), review);
      expect(await now()).toEqual([where === 'down' ? 'blocked' : 'released', 'published', where]);
    }
    await expect(correctCase(wish('label'), review)).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'decision' });
    const kinds = (await entries()).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'artifact.taken_down' || kind === 'artifact.restored')).toEqual([
      'artifact.taken_down',
      'artifact.restored',
      'artifact.taken_down',
    ]);
  });

  it('stays held when a kill switch is thrown before it takes effect, and leaves once the switch is lifted', async () => {
    let stopped: 'kill_1' | null = null;
    const { review, wish, undoable, settle, now } = await aCase({
      tools: { capabilities: { shutFor: async () => null, stoppedBy: async () => stopped } },
    });
    await reviewCase(wish('release', await undoable()), review);
    stopped = 'kill_1';
    for (let turn = 0; turn < 2; turn++) await settle();
    expect(await now()).toEqual(['released', 'held', 'up']);
    stopped = null;
    await settle();
    expect(await now()).toEqual(['released', 'published', 'up']);
  });

  it('that cannot happen yet is given up for what is decided later', async () => {
    let stopped: 'kill_1' | null = 'kill_1';
    const { review, wish, undoable, settle, now } = await aCase({
      tools: { capabilities: { shutFor: async () => null, stoppedBy: async () => stopped } },
    });
    await reviewCase(wish('release', await undoable()), review);
    await settle();
    await correctCase(wish('block'), review);
    stopped = null;
    await settle();
    expect(await now()).toEqual(['blocked', 'refused', 'up']);
  });

  it('on an appeal is told to nobody before it happens: a picture that a switch keeps inside leaves later, and the appeal ends then', async () => {
    let stopped: 'kill_1' | null = null;
    const { review, wish, settle, now, db, journal, toolbox, conductor, store } = await aCase({
      tools: { capabilities: { shutFor: async () => null, stoppedBy: async () => stopped } },
    });
    const { decision } = await reviewCase(wish('block'), review);
    const filing = { statement: 'It is a lighthouse.', email: null, language: 'en', by: 'link' };
    const filed = await fileAppeal({ ...filing, decisionId: decision.decision_id ?? '' }, { db, journal, evidence: toolbox.evidence });
    const appeal: OtherEffect = (found, made) =>
      settleAppeal(found, made, { ...review, db, journal, publish: toolbox, conductor, reopen: { ...review.reopen, store } });
    const cleo = { id: newId('user'), roles: ['senior_reviewer'] } as const;
    const overturn = plainWish({ caseId: filed.case_id, staff: cleo, decision: 'overturn', reasons: ['x'] });
    const desk = { ...review, effects: { appeal } };
    await expect(reviewCase({ ...overturn, staff: { ...cleo, id: ada.id } }, desk)).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    stopped = 'kill_1';
    await expect(reviewCase(overturn, desk)).rejects.toMatchObject({ code: 'CAPABILITY_STOPPED' });
    expect([(await findAppeal(db, filed.id))?.state, (await now())[1]]).toEqual(['open', 'held']);
    stopped = null;
    await settle(desk);
    expect([(await findAppeal(db, filed.id))?.state, (await now())[1]]).toEqual(['overturned', 'published']);
  });

  it('on an appeal: who was told no may be told yes, by somebody who decided neither, and what was withheld leaves; a yes is not taken back', async () => {
    const { review, wish, now, db, journal, toolbox, conductor, store } = await aCase();
    const { decision } = await reviewCase(wish('block'), review);
    const filing = { statement: 'It is a lighthouse.', email: null, language: 'en', by: 'link' };
    const filed = await fileAppeal({ ...filing, decisionId: decision.decision_id ?? '' }, { db, journal, evidence: toolbox.evidence });
    const told: string[] = [];
    const answered = async (_: unknown, { state }: { readonly state: string }) => void told.push(state);
    const appeal: OtherEffect = (found, made) =>
      settleAppeal(found, made, { ...review, db, journal, publish: toolbox, conductor, reopen: { ...review.reopen, store }, answered });
    const desk = { ...review, effects: { appeal } };
    const say = (said: 'uphold' | 'overturn') =>
      plainWish({
        caseId: filed.case_id,
        staff: { id: newId('user'), roles: ['senior_reviewer'] },
        decision: said,
        reasons: ['x'],
        note: 'n',
      });
    await reviewCase(say('uphold'), desk);
    await expect(correctCase({ ...say('overturn'), staff: { ...ada, roles: ['senior_reviewer'] } }, desk)).rejects.toMatchObject({
      code: 'SECOND_PERSON_NEEDED',
    });
    await correctCase(say('overturn'), desk);
    expect([(await findAppeal(db, filed.id))?.state, (await now())[1], told]).toEqual([
      'overturned',
      'published',
      ['upheld', 'overturned'],
    ]);
    await expect(correctCase(say('uphold'), desk)).rejects.toMatchObject({ code: 'REQUEST_INVALID', param: 'decision' });
    expect([(await findAppeal(db, filed.id))?.state, (await now())[2]]).toEqual(['overturned', 'up']);
  });

  it('on an appeal of a block that two people made is for others than those two, and lets nothing out that may undress somebody before two agree', async () => {
    const { review, wish, now, db, journal, toolbox, caseId } = await aCase({
      find: ({ subject }) => (subject.kind === 'artifact' ? [planted(subject, 'ncii_undress', 0.3)] : []),
    });
    await db.query({ text: "update cases set user_digest = 'somebody'" });
    const bea = { id: newId('user'), roles: ['senior_reviewer'] } as const;
    await reviewCase(wish('block', { userAction: 'ban' }), review);
    const { decision } = await reviewCase(wish('block', { userAction: 'ban', staff: bea }), review);
    const filing = { statement: 'It is a lighthouse.', email: null, language: 'en', by: 'link' };
    const filed = await fileAppeal({ ...filing, decisionId: decision.decision_id ?? '' }, { db, journal, evidence: toolbox.evidence });
    expect(new Set((await findCase(db, filed.case_id))?.excluded)).toEqual(new Set([ada.id, bea.id]));
    const overturn = (staff: { readonly id: `user_${string}`; readonly roles: readonly ['senior_reviewer'] }) =>
      reviewCase(plainWish({ caseId: filed.case_id, staff, decision: 'overturn', reasons: ['x'] }), review);
    await expect(overturn(bea)).rejects.toMatchObject({ code: 'SECOND_PERSON_NEEDED' });
    expect(await overturn({ id: newId('user'), roles: ['senior_reviewer'] })).toMatchObject({ kind: 'waits' });
    expect([(await findCase(db, filed.case_id))?.state, (await findCase(db, caseId))?.state, (await now())[1]]).toEqual([
      'open',
      'blocked',
      'refused',
    ]);
  });

  it('takes down what a released prompt made, when that was corrected while the model still worked', async () => {
    const { review, wish, settle, now, conductor, db } = await aCase({ find: held('prompt') });
    const resumed: Parameters<typeof conductor.resume>[0][] = [];
    const resume: typeof conductor.resume = (prompt) => {
      resumed.push(prompt);
      return Object.create(null);
    };
    await reviewCase(wish('release'), { ...review, conductor: { resume } });
    expect(await now()).toEqual(['released', 'running', 'up']);
    await correctCase(wish('block'), review);
    for (const prompt of resumed) conductor.resume(prompt);
    await conductor.drain(5_000);
    expect(await now()).toEqual(['blocked', 'published', 'up']);
    await settle();
    expect(await now()).toEqual(['blocked', 'published', 'down']);
    expect((await db.query({ text: "select 1 from case_decisions where effect = 'pending'" })).rowCount).toBe(0);
  });
});
