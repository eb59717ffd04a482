import { describe, expect, it } from 'vitest';
import type { Capabilities } from '../access/capabilities.ts';
import { OPEN_TO_ALL } from '../access/open-to-all.fixture.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ImageModel, RenderEvent, RenderRequest } from '../contracts/image-model.ts';
import { aDecision, aPrechecked, aSubmission, clearedForTest } from '../contracts/stages.fixture.ts';
import type { Ended, Rendered } from '../contracts/stages.ts';
import type { ImageRequest } from '../contracts/submission.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import { recordingJournal } from '../ledger/recording-journal.fixture.ts';
import { carefree } from '../models/care/carefree.fixture.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, policyText } from '../policy/policy.fixture.ts';
import { type GenerateParts, generate } from './generate.ts';
import { createSlowLane } from './slow-lane.ts';

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

interface Started extends Partial<GenerateParts> {
  readonly request?: Partial<ImageRequest>;
  readonly delaySeconds?: number;
}

function start(model: ImageModel, { request = {}, delaySeconds, ...more }: Started = {}) {
  const [journal, evidence] = [recordingJournal(), memoryEvidence()];
  const submission = aSubmission({ request });
  const plain = aDecision('allow', { stage: 'prompt' });
  const decision = delaySeconds === undefined ? plain : { ...plain, obligations: { ...plain.obligations, delaySeconds } };
  const cleared = clearedForTest(aPrechecked(submission), decision);
  const frames = generate(cleared, {
    capabilities: OPEN_TO_ALL,
    ...carefree(new Map([['studio', model]])),
    models: new Map([['studio', model]]),
    policy,
    evidence,
    journal,
    toRaster: async (bytes) => ({ bytes, format: 'png', changed: false }),
    modelTimeoutMs: 5_000,
    slowLane: createSlowLane({ most: 1 }),
    ...more,
  });
  return { frames, journal, evidence, submission, cleared };
}

/** The second stands in for the first. */
function withSpare(first: ImageModel, second: ImageModel): Partial<GenerateParts> {
  const models = new Map([
    ['studio', first],
    ['spare', second],
  ]);
  const care = { ...carefree(models).care, routesFor: () => ({ models: [first, second], none: null }) };
  return { models, care };
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

  it('lets whom policy slows wait first, and asks no model for somebody for whom there is no place to wait', async () => {
    const waits: number[] = [];
    const lane = (isPlace: boolean) => ({
      slowLane: { wait: async (ms: number) => waits.push(ms) > 0 && isPlace, close: () => undefined },
      delaySeconds: 7,
    });
    const { model, seen } = scripted([final(PICTURE)]);
    const ended = await all(start(model, lane(false)).frames);
    expect(ended).toMatchObject([{ kind: 'ended', outcome: { kind: 'failed', code: 'RATE_LIMITED', retryAfterMs: 7_000 } }]);
    expect(seen.rendered).toBe(0);
    expect(await all(start(model, lane(true)).frames)).toMatchObject([{ kind: 'rendered' }]);
    expect(waits).toEqual([7_000, 7_000]);
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

  it('asks the model that stands in when the account of the first is blocked, tells nobody that they did anything, and says who made it', async () => {
    const blocked: RenderEvent = {
      kind: 'refused',
      refusal: { stage: 'account', categories: [], upstreamCategories: [], retryable: false, charged: null },
    };
    const [first, second] = [scripted([blocked]), scripted([final(PICTURE)], { name: 'spare' })];
    const { frames, journal } = start(first.model, withSpare(first.model, second.model));
    expect(await all(frames)).toMatchObject([{ kind: 'rendered', madeBy: 'spare' }]);
    expect(journal.entries()).toMatchObject([
      { kind: 'model.failed_over', from: 'studio', to: 'spare' },
      { kind: 'artifacts.sealed', model: 'spare' },
    ]);
  });

  it.each([
    ['a server error', { cause: 'server_error', retryable: false, reachedModel: true, detail: '' }],
    ['a time-out', { cause: 'timed_out', retryable: false, reachedModel: true, detail: '' }],
    ['a request that it does not understand', { cause: 'rejected_request', retryable: false, reachedModel: true, detail: '' }],
  ] as const)('asks no other model after %s: the first may have made, and charged for, a picture', async (_, failure) => {
    const [first, second] = [scripted([{ kind: 'failed', failure }]), scripted([final(PICTURE)], { name: 'spare' })];
    const { frames } = start(first.model, withSpare(first.model, second.model));
    expect(await all(frames)).toMatchObject([{ kind: 'ended' }]);
    expect(second.seen.rendered).toBe(0);
  });

  it('does not shop around for a model that refuses less', async () => {
    const refused: RenderEvent = {
      kind: 'refused',
      refusal: { stage: 'input', categories: [], upstreamCategories: [], retryable: false, charged: null },
    };
    const [first, second] = [scripted([refused]), scripted([final(PICTURE)], { name: 'spare' })];
    const { frames } = start(first.model, withSpare(first.model, second.model));
    expect(await all(frames)).toMatchObject([{ kind: 'ended', outcome: { kind: 'refused' } }]);
    expect(second.seen.rendered).toBe(0);
  });

  it('asks no model that stands in while a switch stops it', async () => {
    const unreached: RenderEvent = { kind: 'failed', failure: { cause: 'unreachable', retryable: true, reachedModel: false, detail: '' } };
    const [first, second] = [scripted([unreached]), scripted([final(PICTURE)], { name: 'spare' })];
    const stopped: Capabilities = {
      shutFor: async ({ request }) => (request.model === 'spare' ? 'CAPABILITY_STOPPED' : null),
      stoppedBy: async () => null,
    };
    const { frames } = start(first.model, { ...withSpare(first.model, second.model), capabilities: stopped });
    expect(await all(frames)).toMatchObject([{ kind: 'ended', outcome: { kind: 'failed', code: 'MODEL_UNREACHABLE' } }]);
    expect(second.seen.rendered).toBe(0);
  });

  it('asks no model that stands in whose gate is closed, nor one whose gate closes while the first is being asked', async () => {
    const closed = new Set(['spare']);
    const gates: Capabilities = {
      shutFor: async ({ request }) => (closed.has(request.model) ? 'CAPABILITY_CLOSED' : null),
      stoppedBy: async () => null,
    };
    const unreached = { cause: 'unreachable', retryable: true, reachedModel: false, detail: '' } as const;
    for (const isSoon of [true, false]) {
      closed[isSoon ? 'delete' : 'add']('spare');
      const second = scripted([final(PICTURE)], { name: 'spare' });
      const first = scripted([], {
        async *render() {
          closed.add('spare');
          yield { kind: 'failed', failure: unreached };
        },
      });
      const { frames, journal } = start(first.model, { ...withSpare(first.model, second.model), capabilities: gates });
      expect(await all(frames)).toMatchObject([{ kind: 'ended', outcome: { kind: 'failed', code: 'MODEL_UNREACHABLE' } }]);
      expect([second.seen.rendered, journal.entries().map(({ kind }) => kind)]).toEqual([
        0,
        expect.not.arrayContaining(['model.failed_over']),
      ]);
    }
  });

  it('asks no model that stands in when nobody can say any more whether it is stopped', async () => {
    let asked = 0;
    const away: Capabilities = {
      shutFor: async ({ request }) => {
        if (request.model === 'studio') return null;
        asked += 1;
        throw new ImprimaturError('STORAGE_UNAVAILABLE');
      },
      stoppedBy: async () => null,
    };
    const unreached: RenderEvent = { kind: 'failed', failure: { cause: 'unreachable', retryable: true, reachedModel: false, detail: '' } };
    const [first, second] = [scripted([unreached]), scripted([final(PICTURE)], { name: 'spare' })];
    const { frames } = start(first.model, { ...withSpare(first.model, second.model), capabilities: away });
    expect(await all(frames)).toMatchObject([{ kind: 'ended', outcome: { kind: 'failed', code: 'MODEL_UNREACHABLE' } }]);
    expect([asked, second.seen.rendered]).toEqual([1, 0]);
  });

  it('turns away a user whom upstreams keep refusing, before anything is paid for', async () => {
    const { model, seen } = scripted([final(PICTURE)]);
    const refusals = { restOf: () => 5_000, refused: () => undefined };
    const { frames } = start(model, { request: { parameters: { user: 'u-1' } }, refusals });
    expect(await all(frames)).toEqual([{ kind: 'ended', outcome: { kind: 'failed', code: 'RATE_LIMITED', retryAfterMs: 5_000 } }]);
    expect(seen.rendered).toBe(0);
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
