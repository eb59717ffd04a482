import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { CaseId } from '../contracts/ids.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { findCase } from '../review/case-store.ts';
import { plainWish } from '../review/decision-wish.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { failed, planted, type Scene } from '../toolbox.fixture.ts';
import { reviewCase } from './review-case.ts';

const holdsPrompt: Scene = { find: ({ subject }) => (subject.kind === 'prompt' ? [planted(subject, 'hate', 0.6)] : []) };
const holdsPicture: Scene = { find: ({ subject }) => (subject.kind === 'artifact' ? [planted(subject, 'hate', 0.6)] : []) };
const holdsBoth: Scene = { find: ({ subject }) => [failed(subject)] };
const staff = { id: 'key_op', roles: ['operator'] } as const;
const release = (caseId: CaseId) => plainWish({ caseId, decision: 'release', staff });
const block = (caseId: CaseId) => plainWish({ caseId, decision: 'block', staff });

describeEachDatabase('a person’s decision on a held generation', (open) => {
  async function held(scene: Scene) {
    const db = await open();
    const stored = await storedStage(db, scene);
    const submission = aSubmission({ request: { parameters: { size: '512x512' } } });
    const outcome = await (await stored.conductor.conduct(submission)).outcome;
    if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
    const state = async () => (await stored.store.find(submission.id))?.state;
    return { ...stored, db, submission, state, caseId: outcome.caseId };
  }

  it('lets a released picture out: signed, stored, in the ledger, and as decided by that person', async () => {
    const { caseId, review, store, submission, state, steps, entries, db } = await held(holdsPicture);
    expect(steps).not.toContain('signed');
    await reviewCase(release(caseId), review);
    expect(await state()).toBe('published');
    const [artifact] = await store.finalArtifacts(submission.id);
    const bytes = await review.publish.evidence.open({ blob: artifact?.published?.blob ?? '', id: artifact?.id ?? '', kind: 'published' });
    expect(Buffer.from(bytes).toString()).toBe('signed picture');
    expect(await findCase(db, caseId)).toMatchObject({ state: 'released', closedBy: 'key_op' });
    expect((await entries()).slice(-2)).toMatchObject([
      { kind: 'decision.made', stage: 'review', by: 'operator:key_op', action: 'allow', case: caseId },
      { kind: 'artifact.published', artifact: artifact?.id, sha256: artifact?.published?.sha256, credential: true },
    ]);
  });

  it('runs a released prompt, with its parameters, and judges its picture as any other', async () => {
    const { caseId, review, conductor, state, entries } = await held(holdsPrompt);
    await reviewCase(release(caseId), review);
    await conductor.drain(5_000);
    expect(await state()).toBe('published');
    expect((await entries()).map(({ kind, stage }) => [kind, stage])).toEqual([
      ['decision.made', 'prompt'],
      ['decision.made', 'review'],
      ['case.settled', undefined],
      ['artifacts.sealed', undefined],
      ['decision.made', 'output'],
      ['artifact.published', undefined],
    ]);
  });

  it('weighs what a released prompt said together with what its picture shows', async () => {
    const { caseId, review, conductor, state, db } = await held({
      find: ({ subject }) =>
        subject.kind === 'prompt' ? [planted(subject, 'sexual', 0.7)] : [planted(subject, 'sexual_minors', 0.01, 'face:young')],
    });
    await reviewCase(release(caseId), review);
    await conductor.drain(5_000);
    expect(await state()).toBe('refused');
    const { rows } = await db.query({ text: "select body from decisions where stage = 'output'" });
    expect(rows).toMatchObject([
      {
        body: {
          action: 'block',
          rules: [{ rule: 'floor:minor_sexual', evidence: [{ subject: { kind: 'prompt' } }, { subject: { kind: 'artifact', index: 0 } }] }],
          reasoning: { risks: [{ category: 'sexual', risk: 0.7 }, { category: 'sexual_minors' }] },
        },
      },
    ]);
  });

  it('does not release a prompt of which nobody knows any more what was found', async () => {
    const { caseId, review, db, state } = await held(holdsPrompt);
    await db.query({ text: "update decisions set body = body - 'findings'" });
    await expect(reviewCase(release(caseId), review)).rejects.toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
    expect(await state()).toBe('held');
  });

  it('does not let the release of a prompt release its picture', async () => {
    const { caseId, review, conductor, store, submission, state } = await held(holdsBoth);
    await reviewCase(release(caseId), review);
    await conductor.drain(5_000);
    const [artifact] = await store.finalArtifacts(submission.id);
    expect(artifact?.published).toBeNull();
    const generation = await store.find(submission.id);
    expect(generation?.state).toBe('held');
    if (generation?.outcome?.kind !== 'held') throw new Error('no second case');
    expect(generation.outcome.caseId).not.toBe(caseId);
    await reviewCase(release(generation.outcome.caseId), review);
    expect(await state()).toBe('published');
  });

  it.each([
    ['prompt', holdsPrompt],
    ['picture', holdsPicture],
  ])('ends a blocked %s as refused by a person, and nothing leaves', async (_, scene) => {
    const { caseId, review, store, submission, steps, db } = await held(scene);
    const before = [...steps];
    await reviewCase(block(caseId), review);
    expect(await store.find(submission.id)).toMatchObject({
      state: 'refused',
      outcome: { kind: 'refused', refusal: { by: 'operator', stage: 'review' } },
    });
    expect(steps).toEqual(before);
    expect(await findCase(db, caseId)).toMatchObject({ state: 'blocked' });
  });

  it('cannot be taken back: what was blocked stays blocked, what was released stays released', async () => {
    const first = await held(holdsPicture);
    await reviewCase(block(first.caseId), first.review);
    for (const again of [release, block])
      await expect(reviewCase(again(first.caseId), first.review)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
    expect(await first.state()).toBe('refused');
    const second = await held(holdsPicture);
    await reviewCase(release(second.caseId), second.review);
    await expect(reviewCase(block(second.caseId), second.review)).rejects.toMatchObject({ code: 'CASE_NOT_OPEN' });
    expect(await second.state()).toBe('published');
  });

  it('counts once when two people decide at once, and the other is told', async () => {
    const { caseId, review, state, db } = await held(holdsPicture);
    const results = await Promise.allSettled([reviewCase(release(caseId), review), reviewCase(block(caseId), review)]);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toEqual([expect.objectContaining({ code: 'CASE_NOT_OPEN' })]);
    expect([await state(), (await findCase(db, caseId))?.state]).toEqual(
      results[0]?.status === 'fulfilled' ? ['published', 'released'] : ['refused', 'blocked'],
    );
  });

  it('can be repeated when the release was decided and the signing failed', async () => {
    const { caseId, review, state } = await held(holdsPicture);
    const broken = { ...review, publish: { ...review.publish, provenance: { sign: () => Promise.reject(new Error('no signer')) } } };
    await expect(reviewCase(release(caseId), broken)).rejects.toThrow('no signer');
    expect(await state()).toBe('held');
    await reviewCase(release(caseId), review);
    expect(await state()).toBe('published');
  });

  it('leaves the case open when the evidence is gone, because nobody knows what would be released', async () => {
    const { caseId, review, store, submission, db, state } = await held(holdsPicture);
    const [artifact] = await store.finalArtifacts(submission.id);
    await review.publish.evidence.shred(artifact?.rawBlob ?? '');
    await expect(reviewCase(release(caseId), review)).rejects.toMatchObject({ code: 'EVIDENCE_UNREADABLE' });
    expect([await state(), (await findCase(db, caseId))?.state]).toEqual(['held', 'open']);
  });

  it('needs a case', async () => {
    const { review } = await held(holdsPrompt);
    await expect(reviewCase(release('case_nobody'), review)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
