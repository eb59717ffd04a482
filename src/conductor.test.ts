import { describe, expect, it } from 'vitest';
import { type ConductorParts, createConductor } from './conductor.ts';
import { ImprimaturError } from './contracts/errors.ts';
import { aDecision, aPrechecked, aSubmission, clearedForTest } from './contracts/stages.fixture.ts';
import type { Submission } from './contracts/submission.ts';
import type { GenerationRecord, GenerationStore } from './generations/generation-store.ts';
import type { Run } from './generations/run.ts';
import { stage } from './toolbox.fixture.ts';

type Repeat = Partial<Pick<Submission, 'idempotencyKey' | 'isRetry' | 'bodyDigest' | 'caller'>>;
const again = (submission: Submission, more: Repeat = {}) => {
  const { id, requestId } = aSubmission();
  return { ...submission, id, requestId, ...more };
};
const otherBody = { bodyDigest: 'b'.repeat(64) };
const keyed = () => aSubmission({ idempotencyKey: 'once' });

function record(submission: Submission): GenerationRecord {
  const { id, bodyDigest, receivedAt } = submission;
  return {
    id,
    keyId: 'key_one',
    surface: 'api',
    model: 'studio',
    operation: 'generate',
    state: 'published',
    bodyDigest,
    createdAt: receivedAt,
    outcome: null,
    submission: null,
  };
}

function conductor({
  store = {},
  scene = stage(),
  ...more
}: Partial<Omit<ConductorParts, 'store'>> & { store?: Partial<GenerationStore>; scene?: ReturnType<typeof stage> } = {}) {
  const errors: unknown[] = [];
  const replayed: Run = { id: 'gen_earlier', replayed: true, outcome: new Promise(() => {}), frames: async function* () {} };
  const none = async () => null;
  const parts: ConductorParts = {
    toolbox: scene.toolbox,
    store: { find: none, findIntent: none, artifact: none, artifactByHash: none, finalArtifacts: async () => [], ...store },
    journal: scene.journal,
    replay: async () => replayed,
    onError: (error) => errors.push(error),
    ...more,
  };
  const generated = () => scene.steps.filter((step) => step === 'model: final').length;
  return { ...createConductor(parts), generated, errors, replayed, journal: scene.journal };
}

describe('one generation per intent', () => {
  it('a request that comes twice at once with the same key makes one picture, and both get it', async () => {
    const { conduct, generated } = conductor();
    const first = keyed();
    const runs = await Promise.all([conduct(first), conduct(again(first)), conduct(again(first))]);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect((await Promise.all(runs.map(({ outcome }) => outcome))).map(({ kind }) => kind)).toEqual([
      'published',
      'published',
      'published',
    ]);
    expect(generated()).toBe(1);
  });

  it('an SDK’s retry of the same body follows the attempt that is still under way', async () => {
    const { conduct, generated } = conductor();
    const first = aSubmission();
    const runs = [await conduct(first), await conduct(again(first, { isRetry: true }))];
    await Promise.all(runs.map(({ outcome }) => outcome));
    expect([runs[1]?.id, generated()]).toEqual([first.id, 1]);
  });

  it('the same words asked again without a key are a new wish', async () => {
    const { conduct, generated } = conductor();
    const first = aSubmission();
    await Promise.all((await Promise.all([conduct(first), conduct(again(first))])).map(({ outcome }) => outcome));
    expect(generated()).toBe(2);
  });

  it('a key of one caller means nothing for another', async () => {
    const { conduct, generated } = conductor();
    const first = keyed();
    const stranger = again(first, { caller: { ...first.caller, keyId: 'key_two' } });
    await Promise.all((await Promise.all([conduct(first), conduct(stranger)])).map(({ outcome }) => outcome));
    expect(generated()).toBe(2);
  });

  it('a key that was used for another body is refused, whether that one runs or has ended', async () => {
    const first = keyed();
    const running = conductor();
    await running.conduct(first);
    await expect(running.conduct(again(first, otherBody))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const ended = conductor({ store: { findIntent: async () => record(first) } });
    await expect(ended.conduct(again(first, otherBody))).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(ended.generated()).toBe(0);
  });

  it('one that ended is answered again and not run again', async () => {
    const first = keyed();
    const { conduct, replayed, generated } = conductor({ store: { findIntent: async () => record(first) } });
    expect(await conduct(again(first))).toBe(replayed);
    expect(generated()).toBe(0);
  });

  it('is forgotten here once it has ended, so that the database answers from then on', async () => {
    const { conduct, isRunning, generated } = conductor();
    const first = keyed();
    const run = await conduct(first);
    expect(isRunning(first.id)).toBe(true);
    await run.outcome;
    await new Promise(setImmediate);
    expect(isRunning(first.id)).toBe(false);
    await (await conduct(again(first))).outcome;
    expect(generated()).toBe(2);
  });
});

describe('a stage that throws', () => {
  const broken = (error: Error) => stage({ tools: { toRaster: () => Promise.reject(error) } });

  it('ends the generation as lost, in the ledger, without promising that a retry is free', async () => {
    const first = keyed();
    const { conduct, journal, errors } = conductor({
      scene: broken(new ImprimaturError('STORAGE_UNAVAILABLE')),
      store: { find: async () => record(first) },
    });
    const outcome = await (await conduct(first)).outcome;
    expect(outcome).toEqual({ kind: 'failed', code: 'GENERATION_LOST' });
    expect(journal.acts.at(-1)?.generationUpdate).toMatchObject({
      from: ['running'],
      state: 'failed',
      answer: outcome,
      intent_released: false,
    });
    expect(journal.entries().at(-1)).toMatchObject({ kind: 'generation.failed', generation: first.id, code: 'GENERATION_LOST' });
    expect(errors).toHaveLength(1);
  });

  it('keeps a code that promises nothing', async () => {
    const scene = broken(new ImprimaturError('PUBLISH_FAILED'));
    const { conduct } = conductor({ scene, store: { find: async (id) => record(aSubmission({ id })) } });
    expect(await (await conduct(keyed())).outcome).toEqual({ kind: 'failed', code: 'PUBLISH_FAILED' });
  });

  it('hands the error to the caller when nothing was written, so that a retry is safe', async () => {
    const scene = stage();
    scene.journal.break(new ImprimaturError('STORAGE_UNAVAILABLE'));
    const { conduct, generated } = conductor({ scene });
    await expect((await conduct(keyed())).outcome).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(generated()).toBe(0);
  });

  it('hands the error to the caller when the database is gone before anything was written', async () => {
    const scene = stage();
    scene.journal.break(new ImprimaturError('STORAGE_UNAVAILABLE'));
    const { conduct, generated } = conductor({ scene, store: { find: () => Promise.reject(new Error('gone')) } });
    await expect((await conduct(keyed())).outcome).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(generated()).toBe(0);
  });

  it('counts as lost when the database cannot even say what was written', async () => {
    const scene = broken(new Error('anything'));
    const { conduct } = conductor({ scene, store: { find: () => Promise.reject(new Error('gone')) } });
    expect(await (await conduct(keyed())).outcome).toEqual({ kind: 'failed', code: 'GENERATION_LOST' });
  });
});

describe('the life of a run', () => {
  it('goes on when nobody follows it, and shutting down waits for it', async () => {
    const { conduct, drain, generated, isRunning } = conductor();
    const first = aSubmission();
    await conduct(first);
    expect(generated()).toBe(0);
    await drain(5_000);
    expect([generated(), isRunning(first.id)]).toEqual([1, false]);
  });

  it('does not hold up a shutdown for longer than it was given', async () => {
    const { conduct, drain } = conductor({
      scene: stage({ tools: { finish: () => new Promise(() => {}), toRaster: () => new Promise(() => {}) } }),
    });
    await conduct(aSubmission());
    await drain(20);
  });

  it('goes on from a prompt that a person released, whose pictures are judged all the same', async () => {
    const scene = stage();
    const { resume } = conductor({ scene });
    const run = resume(clearedForTest(aPrechecked(), aDecision('allow', { stage: 'review' })));
    expect((await run.outcome).kind).toBe('published');
    expect(scene.steps.slice(0, 5)).toEqual(['model: final', 'artifacts.sealed', 'looked at artifact', 'decision.made', 'signed']);
  });
});
