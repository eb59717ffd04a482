import type { ImageModel, RawImage, RenderEvent, RenderRequest, UpstreamFailure } from '../../contracts/image-model.ts';
import { jobModule } from '../../workers/job-module.ts';
import type { JobOutcome, WorkerPool } from '../../workers/worker-pool.ts';
import { failedEvent } from '../failures.ts';
import { inputsOf } from '../parameter-notes.ts';
import { type Commission, type Painted, painted } from './commission.ts';
import { partialsOf, readOrder } from './read-order.ts';
import { usageOf } from './usage.ts';

const MODEL_VERSION = 'demo-1';
/** For one picture, queue included. */
const DEADLINE_MS = 60_000;
/** Progressive frames, coarse to fine, in shares of the resolution; fewer frames begin later. */
const DRAFTS = [0.035, 0.08, 0.2] as const;

/**
 * A painter in place of a model: needs no key, no network and no graphics card. The same request gives the same bytes.
 * Everything is painted, and every input opened, in the pool.
 */
export function createDemoModel({ name, pool }: { readonly name: string; readonly pool: WorkerPool }): ImageModel {
  return {
    name,
    kind: 'demo',
    operations: ['generate', 'edit', 'variation'],
    plan: (request) => ({ notes: readOrder(request).notes }),
    render: (request, signal) => render(request, (commission) => paintIn(pool, commission, signal)),
  };
}

type Outcome = JobOutcome<Painted>;

async function* render(request: RenderRequest, make: (commission: Commission) => Promise<Outcome>): AsyncGenerator<RenderEvent> {
  const { order } = readOrder(request);
  const commission: Commission = {
    ...order,
    operation: request.operation,
    prompt: request.prompt,
    index: 0,
    images: inputsOf(request, 'image').map(({ bytes }) => bytes),
    mask: inputsOf(request, 'mask')[0]?.bytes ?? null,
    draft: 1,
  };
  const drafts = DRAFTS.slice(DRAFTS.length - partialsOf(request));
  // A frame on the way is a still picture that can be shown.
  const still = order.format === 'gif' || order.format === 'svg' ? 'png' : order.format;
  for (const [index, draft] of drafts.entries()) {
    const outcome = await make({ ...commission, format: still, draft });
    if (!isPainted(outcome)) return yield failedEvent(failureOf(outcome));
    yield { kind: 'partial', index, image: { bytes: outcome.output.bytes } };
  }
  const images: RawImage[] = [];
  let size = { width: 0, height: 0 };
  // One after the other, so that ten pictures for one caller do not keep the checks of all others waiting.
  for (let index = 0; index < request.n; index++) {
    const outcome = await make({ ...commission, index });
    if (!isPainted(outcome)) return yield failedEvent(failureOf(outcome));
    images.push({ bytes: outcome.output.bytes });
    size = outcome.output;
  }
  yield {
    kind: 'final',
    images,
    usage: usageOf(request, { ...size, quality: order.quality, partials: drafts.length }),
    modelVersion: MODEL_VERSION,
    details: {
      size: `${size.width}x${size.height}`,
      quality: order.quality,
      background: order.transparent ? 'transparent' : 'opaque',
    },
  };
}

function paintIn(pool: WorkerPool, commission: Commission, signal: AbortSignal): Promise<Outcome> {
  return pool.run<Commission, Painted>(
    {
      module: jobModule(import.meta.url, './paint-job'),
      input: commission,
      deadlineMs: DEADLINE_MS,
      parse: (output) => painted.parse(output),
    },
    signal,
  );
}

type Done = Extract<Outcome, { kind: 'done' }> & { readonly output: Extract<Painted, { kind: 'painted' }> };

function isPainted(outcome: Outcome): outcome is Done {
  return outcome.kind === 'done' && outcome.output.kind === 'painted';
}

function failureOf(outcome: Outcome): UpstreamFailure {
  const common = { retryable: false, reachedModel: true };
  if (outcome.kind === 'done') return { ...common, cause: 'rejected_request', detail: 'an input picture cannot be decoded' };
  return { ...common, cause: outcome.kind === 'timed_out' ? 'timed_out' : 'server_error', detail: `the painting job ${outcome.kind}` };
}
