import { describe, expect, it } from 'vitest';
import type { Outcome, Published } from '../contracts/stages.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import type { ArtifactRecord, GenerationRecord, GenerationStore } from './generation-store.ts';
import { createReplay, openPublished } from './replay.ts';

const record = (more: Partial<GenerationRecord> = {}): GenerationRecord => ({
  id: 'gen_1',
  keyId: 'key_1',
  surface: 'api',
  model: 'studio',
  operation: 'generate',
  state: 'published',
  bodyDigest: 'd',
  createdAt: new Date(),
  outcome: null,
  submission: null,
  ...more,
});
const outcome: Outcome = {
  kind: 'published',
  createdAt: '2026-11-21T12:00:00.000Z',
  decisionId: 'dec_1',
  policy: 'p',
  artifacts: [{ id: 'art_1', format: 'png', sha256: 's' }],
  usage: null,
  details: {},
  notes: [],
};

async function bench(more: Partial<GenerationStore> = {}, patienceMs = 2_000, isTakenDown = false) {
  const evidence = memoryEvidence();
  const { blob } = await evidence.seal({ id: 'art_1', kind: 'published', bytes: Buffer.from('marked') });
  const artifact: ArtifactRecord = {
    id: 'art_1',
    generationId: 'gen_1',
    position: 0,
    kind: 'final',
    rawBlob: 'raw',
    rawSha256: 'r',
    published: { sha256: 's', blob, format: 'png', at: new Date(), ledgerLeaf: 'l' },
  };
  const none = async () => null;
  const store: GenerationStore = {
    find: none,
    findIntent: none,
    artifactByHash: none,
    finalArtifacts: async () => [artifact],
    artifact: async () => artifact,
    ...more,
  };
  return { replay: createReplay({ store, evidence, takedownOf: async () => (isTakenDown ? {} : null), patienceMs }), evidence, artifact };
}

async function all(frames: AsyncIterable<Published>) {
  const seen: Published[] = [];
  for await (const frame of frames) seen.push(frame);
  return seen;
}

describe('answering again', () => {
  it('gives the very pictures that left the first time, and their decision', async () => {
    const { replay } = await bench();
    const run = await replay(record({ outcome }));
    expect(run).toMatchObject({ id: 'gen_1', replayed: true });
    expect(await run.outcome).toEqual(outcome);
    const [frame, ...more] = await all(run.frames());
    expect(more).toEqual([]);
    expect(frame).toMatchObject({ frame: { kind: 'final' }, decisionId: 'dec_1', outcome });
    expect(Buffer.from(frame?.artifacts[0]?.bytes ?? []).toString()).toBe('marked');
  });

  it('gives nothing that was taken down since, not even to whoever asks again with the same key', async () => {
    const { replay } = await bench({}, 2_000, true);
    const run = await replay(record({ outcome }));
    await expect(all(run.frames())).rejects.toMatchObject({ code: 'ARTIFACT_UNAVAILABLE' });
  });

  it('gives no picture of what was refused, held or lost', async () => {
    const { replay } = await bench();
    const refusal = { decisionId: 'dec_1', stage: 'output', categories: [], policy: 'p', by: 'policy' } as const;
    const endings: Outcome[] = [
      { kind: 'failed', code: 'GENERATION_LOST' },
      { kind: 'refused', refusal },
      { kind: 'held', caseId: 'case_1', refusal, rendering: null },
    ];
    for (const ended of endings) {
      const run = await replay(record({ state: 'held', outcome: ended }));
      expect([await run.outcome, await all(run.frames())]).toEqual([ended, []]);
    }
  });

  it('waits for one that still runs elsewhere', async () => {
    let asked = 0;
    const { replay } = await bench({ find: async () => (++asked < 2 ? record({ state: 'running' }) : record({ outcome })) });
    expect(await (await replay(record({ state: 'running' }))).outcome).toEqual(outcome);
  });

  it('does not wait for ever, and does not take the old answer of a running one', async () => {
    const { replay } = await bench({ find: async () => record({ state: 'running', outcome }) }, 50);
    const run = await replay(record({ state: 'running', outcome }));
    await expect(run.outcome).rejects.toMatchObject({ code: 'MODEL_TIMED_OUT' });
  });

  it('never opens a picture that was not published, whatever else is known of it', async () => {
    const { evidence, artifact } = await bench();
    await expect(openPublished({ ...artifact, published: null }, evidence)).rejects.toMatchObject({ code: 'ARTIFACT_UNAVAILABLE' });
    const { blob } = await evidence.seal({ id: 'art_1', kind: 'raw_artifact', bytes: Buffer.from('raw') });
    await expect(openPublished({ ...artifact, published: { ...artifact.published!, blob } }, evidence)).rejects.toMatchObject({
      code: 'EVIDENCE_UNREADABLE',
    });
  });
});
