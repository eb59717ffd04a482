import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import type { Submission } from '../contracts/submission.ts';
import type { Act, GenerationRow } from '../storage/act.ts';
import { migrate } from '../storage/migrate.ts';
import { writeActs } from '../storage/write-acts.ts';
import { createGenerationStore } from './generation-store.ts';

const AT = '2026-11-21T12:00:00.000Z';

function begun(submission: Submission, more: Partial<GenerationRow> = {}): Act {
  return {
    generation: {
      id: submission.id,
      request_id: submission.requestId,
      key_id: submission.caller.keyId,
      application: 'default',
      surface: 'api',
      operation: 'generate',
      model: 'studio',
      state: 'running',
      body_digest: submission.bodyDigest,
      idempotency_key: submission.idempotencyKey ?? null,
      owner: 'ins_1',
      submission: Buffer.from('sealed').toString('base64'),
      created_at: new Date().toISOString(),
      answer: null,
      ...more,
    },
    entries: [Buffer.from('begun')],
  };
}
const released = (id: string): Act => ({
  generationUpdate: {
    id,
    from: ['running'],
    state: 'failed',
    answer: { kind: 'failed', code: 'MODEL_UNREACHABLE' },
    intent_released: true,
  },
  entries: [Buffer.from('released')],
});
const again = (submission: Submission, more: Partial<Submission> = {}): Submission => ({ ...submission, id: 'gen_again', ...more });

describeEachDatabase('the generations on record', (open) => {
  async function filled(...acts: Act[]) {
    const db = await open();
    await migrate(db);
    await writeActs(db, acts);
    return { db, store: createGenerationStore(db) };
  }

  it('are found by the key of an earlier attempt, by the same caller only', async () => {
    const first = aSubmission({ idempotencyKey: 'once' });
    const { store } = await filled(begun(first));
    expect(await store.findIntent(again(first))).toMatchObject({ id: first.id, state: 'running', outcome: null });
    expect(await store.findIntent(again(first, { idempotencyKey: 'twice' }))).toBeNull();
    expect(await store.findIntent(again(first, { caller: { ...first.caller, keyId: 'key_two' } }))).toBeNull();
  });

  it('are found by an SDK’s retry of the same body within a quarter of an hour, and the latest of them', async () => {
    const [old, first, second] = [aSubmission(), aSubmission(), aSubmission()];
    const minutesAgo = (minutes: number) => ({ created_at: new Date(Date.now() - minutes * 60_000).toISOString() });
    const { store } = await filled(
      begun(old, { ...minutesAgo(16), body_digest: 'old' }),
      begun(first, minutesAgo(2)),
      begun(second, minutesAgo(1)),
    );
    expect((await store.findIntent(again(first, { isRetry: true })))?.id).toBe(second.id);
    expect(await store.findIntent(again(first))).toBeNull();
    expect(await store.findIntent(again(old, { isRetry: true, bodyDigest: 'old' }))).toBeNull();
    expect(await store.findIntent(again(first, { isRetry: true, bodyDigest: 'other' }))).toBeNull();
  });

  it('do not stand in the way of a retry once the model certainly never saw them', async () => {
    const [keyed, plain] = [aSubmission({ idempotencyKey: 'once' }), aSubmission()];
    const { db, store } = await filled(begun(keyed), begun(plain));
    await writeActs(db, [released(keyed.id), released(plain.id)]);
    expect(await store.findIntent(again(keyed))).toBeNull();
    expect(await store.findIntent(again(plain, { isRetry: true }))).toBeNull();
    expect(await store.find(keyed.id)).toMatchObject({ state: 'failed', outcome: { kind: 'failed', code: 'MODEL_UNREACHABLE' } });
  });

  it('show their finished pictures in order, and a picture as published only once it was', async () => {
    const submission = aSubmission();
    const row = (id: string, position: number, kind: 'partial' | 'final') => ({
      id,
      generation_id: submission.id,
      position,
      kind,
      raw_sha256: `raw ${id}`,
      raw_blob: `blob ${id}`,
      created_at: AT,
    });
    const { db, store } = await filled(begun(submission), {
      artifacts: [row('art_b', 1, 'final'), row('art_p', 0, 'partial'), row('art_a', 0, 'final')],
      entries: [Buffer.from('sealed')],
    });
    expect((await store.finalArtifacts(submission.id)).map(({ id, published }) => [id, published])).toEqual([
      ['art_a', null],
      ['art_b', null],
    ]);
    const use = { surface: 'api', model: 'demo', operation: 'generate' as const, region: null };
    const update = { use, published_sha256: 's', published_blob: 'p', published_format: 'png', published_at: AT, ledger_leaf: 'aa' };
    await writeActs(db, [{ artifactUpdates: [{ id: 'art_a', ...update }], entries: [Buffer.from('published')] }]);
    expect(await store.artifact('art_a')).toMatchObject({
      published: { sha256: 's', blob: 'p', format: 'png', at: new Date(AT), ledgerLeaf: 'aa' },
    });
    expect((await store.artifactByHash('s'))?.id).toBe('art_a');
    expect([await store.artifactByHash('raw art_a'), await store.artifact('art_z')]).toEqual([null, null]);
  });

  it('are refused rather than believed when somebody wrote another kind of answer into the database', async () => {
    const submission = aSubmission();
    const { store } = await filled(begun(submission, { state: 'published', answer: { kind: 'published', artifacts: 'all of them' } }));
    await expect(store.find(submission.id)).rejects.toThrow();
  });
});
