import type { ImageModel, RawImage, RenderEvent, RenderRequest } from '../contracts/image-model.ts';
import type { PictureLooker } from '../detectors/looking/picture-looker.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { observeFace } from './observe-picture.ts';
import type { PlannedSample } from './sample-plan.ts';

/** What became of one sample. Numbers only: the picture is gone. */
export interface Sample {
  readonly template: string;
  readonly outcome: 'face' | 'no_face' | 'refused' | 'failed' | 'unreadable';
  /** Of the largest face, in years; an estimate. */
  readonly apparentAge: number | null;
  readonly typologyAngle: number | null;
}

export interface SamplingParts {
  readonly model: ImageModel;
  readonly pool: WorkerPool;
  readonly looker: PictureLooker;
  /** Such as `size`; passed on as they are. */
  readonly parameters: RenderRequest['parameters'];
  readonly perMinute: number;
  readonly width: number;
  /** Called with each picture where the operator wants to keep them. */
  readonly keep?: (sample: PlannedSample, at: number, bytes: Uint8Array) => Promise<void>;
  readonly onProgress: (done: number) => void;
}

/** A key that was refused or a host that is down is not asked thousands of times. */
const MOST_FAILURES_IN_A_ROW = 5;
const DEADLINE_MS = 300_000;
const NOBODY = { apparentAge: null, typologyAngle: null } as const;

/**
 * Asks a model for every planned picture, looks at what it made and forgets it. Only the fixed templates of this program reach the model, and nothing that it
 * made leaves, which is why this is the one way to a model around the pipeline.
 * @returns what there is; fewer than planned when the model failed again and again
 */
export async function sampleModel(planned: readonly PlannedSample[], parts: SamplingParts): Promise<Sample[]> {
  const samples: Sample[] = [];
  const waiting = planned.entries();
  let failures = 0;
  let nextAt = 0;
  const work = async () => {
    for (const [at, one] of waiting) {
      const now = Date.now();
      const startAt = Math.max(now, nextAt);
      nextAt = startAt + 60_000 / parts.perMinute;
      if (startAt > now) await new Promise((resolve) => setTimeout(resolve, startAt - now));
      if (failures >= MOST_FAILURES_IN_A_ROW) return;
      const sample = await sampleOne(one, at, parts);
      failures = sample.outcome === 'failed' ? failures + 1 : 0;
      samples.push(sample);
      parts.onProgress(samples.length);
    }
  };
  await Promise.all(Array.from({ length: parts.width }, work));
  return samples;
}

async function sampleOne(planned: PlannedSample, at: number, parts: SamplingParts): Promise<Sample> {
  const template = planned.template.id;
  const made = await render(planned, parts);
  if (made === 'refused' || made === 'failed') return { template, outcome: made, ...NOBODY };
  await parts.keep?.(planned, at, made.bytes);
  const sight = await parts.looker.look(made.bytes, 'standard').catch((): null => null);
  if (sight === null || sight.kind === 'unreadable') return { template, outcome: 'unreadable', ...NOBODY };
  const face = await observeFace(made.bytes, sight, parts.pool);
  if (face === null) return { template, outcome: 'no_face', ...NOBODY };
  return { template, outcome: 'face', apparentAge: face.apparentAge, typologyAngle: face.typologyAngle };
}

async function render({ prompt, seed }: PlannedSample, { model, parameters }: SamplingParts): Promise<RawImage | 'refused' | 'failed'> {
  const request: RenderRequest = {
    ...{ operation: 'generate', prompt, n: 1, inputs: [], partialImages: 0, stream: false, outputFormat: 'png' },
    parameters: { ...parameters, seed },
  };
  const last: { event: RenderEvent | undefined } = { event: undefined };
  for await (const event of model.render(request, AbortSignal.timeout(DEADLINE_MS))) last.event = event;
  const { event } = last;
  if (event?.kind === 'refused') return 'refused';
  return event?.kind === 'final' ? (event.images[0] ?? 'failed') : 'failed';
}
