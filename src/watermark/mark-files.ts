import { z } from 'zod';
import { DEFAULT_LIMITS } from '../detectors/containers/container-report.ts';
import { readContainer } from '../detectors/containers/read-container.ts';
import { jobModule } from '../workers/job-module.ts';
import type { JobOutcome, WorkerPool } from '../workers/worker-pool.ts';
import type { DetectInput } from './detect-job.ts';
import type { Detection, DetectOptions } from './detection.ts';
import type { EmbedInput, EmbedOutput } from './embed-job.ts';
import type { EmbedOptions } from './embedding.ts';
import type { MarkedFormat } from './encode-raster.ts';
import type { MarkKey } from './mark-key.ts';
import type { Payload } from './payload.ts';

/** Why nothing can be said about a file; `reason` is stable and says nothing about its content. */
export interface FileFailure {
  readonly kind: 'failed';
  readonly reason: string;
}

const DEADLINE_MS = 30_000;
const share = z.number().min(0).max(1);
const finite = z.number();

/** What the child answers about a file. */
export const detectionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    payload: z.string().regex(/^[0-9a-f]{16}$/),
    keyEpoch: z.int().min(0).max(255),
    confidence: share,
    syncZ: finite,
    bitAgreement: share,
    transform: z.object({
      scaleX: finite,
      scaleY: finite,
      rotationDegrees: finite,
      mirrored: z.boolean(),
      inverted: z.boolean(),
      part: z.object({ left: share, top: share, width: share, height: share }),
    }),
  }),
  z.object({ kind: z.literal('absent'), syncZ: finite }),
  z.object({ kind: z.literal('unreadable'), reason: z.literal('too_small') }),
  z.object({ kind: z.literal('undecodable') }),
]);

const embedSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('marked'),
    bytes: z.instanceof(Uint8Array),
    // No change at all has an infinite one.
    psnrDb: z.number().or(z.literal(Number.POSITIVE_INFINITY)),
    strength: finite,
    marginDb: finite,
    robustness: z.enum(['strong', 'fair', 'weak']),
  }),
  z.object({ kind: z.literal('not_markable'), reason: z.enum(['too_small', 'too_large', 'transparent', 'no_room']) }),
  z.object({ kind: z.literal('undecodable') }),
]);

/** Looks for a mark in a file (of an animation: in its first frame), in the pool; a container that is unsound is not decoded. */
export async function detectInFile(
  bytes: Uint8Array,
  { pool, keys, options = {} }: { readonly pool: WorkerPool; readonly keys: readonly MarkKey[]; readonly options?: DetectOptions },
): Promise<Detection | FileFailure> {
  const unsound = problemOf(bytes);
  if (unsound !== undefined) return unsound;
  const outcome = await pool.run<DetectInput, z.output<typeof detectionSchema>>({
    module: jobModule(import.meta.url, './detect-job'),
    input: { bytes, keys, options, maxPixels: DEFAULT_LIMITS.maxPixels },
    deadlineMs: DEADLINE_MS,
    parse: (output) => detectionSchema.parse(output),
  });
  if (outcome.kind !== 'done') return lost(outcome);
  return outcome.output.kind === 'undecodable' ? { kind: 'failed', reason: 'undecodable' } : outcome.output;
}

/** Marks a still picture and encodes it, in the pool. The mark was read back from the bytes that this gives. */
export async function embedInFile(
  bytes: Uint8Array,
  request: {
    readonly pool: WorkerPool;
    readonly key: MarkKey;
    readonly payload: Payload;
    readonly format: MarkedFormat;
    readonly options?: EmbedOptions;
  },
): Promise<Exclude<EmbedOutput, { kind: 'undecodable' }> | FileFailure> {
  const unsound = problemOf(bytes);
  if (unsound !== undefined) return unsound;
  const container = readContainer(bytes);
  if (container.kind === 'sound' && container.report.frames > 1) return { kind: 'failed', reason: 'animated' };
  const { pool, key, payload, format, options = {} } = request;
  const outcome = await pool.run<EmbedInput, z.output<typeof embedSchema>>({
    module: jobModule(import.meta.url, './embed-job'),
    input: { bytes, payload, key, format, options, maxPixels: DEFAULT_LIMITS.maxPixels },
    deadlineMs: DEADLINE_MS,
    parse: (output) => embedSchema.parse(output),
  });
  if (outcome.kind !== 'done') return lost(outcome);
  return outcome.output.kind === 'undecodable' ? { kind: 'failed', reason: 'undecodable' } : outcome.output;
}

function problemOf(bytes: Uint8Array): FileFailure | undefined {
  const container = readContainer(bytes);
  if (container.kind === 'sound') return undefined;
  return { kind: 'failed', reason: container.problems[0]?.code ?? 'unsound' };
}

function lost({ kind }: Exclude<JobOutcome<unknown>, { kind: 'done' }>): FileFailure {
  return { kind: 'failed', reason: kind };
}
