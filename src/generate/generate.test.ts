import { describe, expect, it } from 'vitest';
import type { ImageModel, RenderEvent, RenderRequest } from '../contracts/image-model.ts';
import { aDecision, aPrechecked, aSubmission, clearedForTest } from '../contracts/stages.fixture.ts';
import type { Ended, Rendered } from '../contracts/stages.ts';
import type { ImageRequest } from '../contracts/submission.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import { recordingJournal } from '../ledger/recording-journal.fixture.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, policyText } from '../policy/policy.fixture.ts';
import { type GenerateParts, generate } from './generate.ts';

const policy = loadPolicy(await policyText('standard'), { checks: CHECKS });
const PICTURE = new Uint8Array([7, 7, 7]);
const final = (...images: Uint8Array[]): RenderEvent => ({
  kind: 'final',
  images: images.map((bytes) => ({ bytes })),
  usage: { total_tokens: 5 },
  modelVersion: 'studio-2',
});
const partial = (index: number): RenderEvent => ({ kind: 'partial', index, image: { bytes: PICTURE } });

/** A model that says what it is told to, and remembers what it was asked. */
function scripted(events: readonly RenderEvent[], more: Partial<ImageModel> = {}) {
  const seen: { request?: RenderRequest; signal?: AbortSignal; rendered: number } = { rendered: 0 };
  const model: ImageModel = {
    name: 'studio',
    kind: 'scripted',
    operations: ['generate'],
    plan: () => ({ notes: [{ name: 'style', what: 'unsupported' }] }),
    async *render(request, signal) {
      Object.assign(seen, { request, signal });
      for (const event of events) {
        seen.rendered += 1;
        yield event;
      }
    },
    ...more,
  };
  return { model, seen };
}

function start(model: ImageModel, { request = {}, ...more }: Partial<GenerateParts> & { request?: Partial<ImageRequest> } = {}) {
  const [journal, evidence] = [recordingJournal(), memoryEvidence()];
  const submission = aSubmission({ request });
  const cleared = clearedForTest(aPrechecked(submission), aDecision('allow', { stage: 'prompt' }));
  const frames = generate(cleared, {
    models: new Map([['studio', model]]),
    policy,
    evidence,
    journal,
    toRaster: async (bytes) => ({ bytes, format: 'png', changed: false }),
    modelTimeoutMs: 5_000,
    ...more,
  });
  return { frames, journal, evidence, submission, cleared };
}

async function all(frames: AsyncGenerator<Rendered | Ended>) {
  const seen: (Rendered | Ended)[] = [];
  for await (const frame of frames) seen.push(frame);
  return seen;
}

describe('generating', () => {
  it('seals each picture and writes it down before anybody sees it', async () => {
    const { frames, journal, evidence, submission } = start(scripted([final(PICTURE)]).model);
    const { value } = await frames.next();
    if (value?.kind !== 'rendered') throw new Error('no picture');
    const [act] = journal.acts;
    const [row] = act?.artifacts ?? [];
    expect(journal.acts).toHaveLength(1);
    expect(row).toMatchObject({ id: value.artifacts[0]?.id, generation_id: submission.id, kind: 'final', position: 0 });
    const raw = await evidence.open({ blob: row?.raw_blob ?? '', id: row?.id ?? '', kind: 'raw_artifact', sha256: row?.raw_sha256 ?? '' });
    expect([...raw]).toEqual([...PICTURE]);
    expect(journal.entries()).toMatchObject([{ kind: 'artifacts.sealed', frame: 'final', artifacts: [{ raw_sha256: row?.raw_sha256 }] }]);
  });

  it('shows no picture when it cannot be written down', async () => {
    const { frames, journal } = start(scripted([final(PICTURE)]).model);
    journal.break(new Error('the disk is full'));
    await expect(frames.next()).rejects.toThrow('the disk is full');
  });

  it('gives partial frames first and the end result last, and asks the model for no more after it', async () => {
    const { model, seen } = scripted([partial(0), partial(1), final(PICTURE, PICTURE), partial(2)]);
    const { frames, journal } = start(model);
    const rendered = await all(frames);
    expect(rendered).toMatchObject([
      { frame: { kind: 'partial', index: 0 }, usage: null },
      { frame: { kind: 'partial', index: 1 }, usage: null },
      { frame: { kind: 'final' }, usage: { total_tokens: 5 }, modelVersion: 'studio-2', artifacts: [{ position: 0 }, { position: 1 }] },
    ]);
    expect(seen.rendered).toBe(3);
    expect(journal.acts.flatMap(({ artifacts = [] }) => artifacts.map(({ kind }) => kind))).toEqual([
      'partial',
      'partial',
      'final',
      'final',
    ]);
  });

  it('takes back what a caller set to weaken the model’s own safety, and says so beside what the model cannot do', async () => {
    const { model, seen } = scripted([final(PICTURE)]);
    const { frames } = start(model, { request: { parameters: { moderation: 'low', quality: 'high', user: 'u-1' } } });
    const [rendered] = await all(frames);
    expect(seen.request).toMatchObject({ parameters: { moderation: 'auto', quality: 'high' }, endUser: 'u-1' });
    expect(rendered).toMatchObject({
      notes: [
        { name: 'moderation', what: 'clamped', to: 'auto' },
        { name: 'style', what: 'unsupported' },
      ],
    });
  });

  it('hands on the raster and never the SVG that the model gave, but seals the SVG', async () => {
    const raster = new Uint8Array([4, 4]);
    const { frames, evidence, journal } = start(scripted([final(PICTURE)]).model, {
      toRaster: async () => ({ bytes: raster, format: 'webp', changed: true }),
    });
    const [rendered] = await all(frames);
    expect(rendered).toMatchObject({ artifacts: [{ bytes: raster }], notes: [{}, { name: 'output_format', what: 'clamped', to: 'webp' }] });
    const row = journal.acts[0]?.artifacts?.[0];
    expect([...(await evidence.open({ blob: row!.raw_blob, id: row!.id, kind: 'raw_artifact' }))]).toEqual([...PICTURE]);
  });

  it('stops the model when its time is up, and says so whatever the adapter makes of it', async () => {
    const hanging = scripted([], {
      async *render(_, signal) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        yield { kind: 'failed', failure: { cause: 'reset', retryable: false, reachedModel: true, detail: '' } };
      },
    });
    const { frames } = start(hanging.model, { modelTimeoutMs: 20 });
    expect(await all(frames)).toMatchObject([{ kind: 'ended', outcome: { kind: 'failed', code: 'MODEL_TIMED_OUT' } }]);
  });

  it('stops the model when nobody wants more frames, and when it is done', async () => {
    const left = scripted([partial(0), final(PICTURE)]);
    const { frames } = start(left.model);
    await frames.next();
    expect(left.seen.signal?.aborted).toBe(false);
    await frames.return();
    expect(left.seen.signal?.aborted).toBe(true);
    const done = scripted([final(PICTURE)]);
    await all(start(done.model).frames);
    expect(done.seen.signal?.aborted).toBe(true);
  });
});
