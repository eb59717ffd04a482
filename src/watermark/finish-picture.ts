import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ImageFormat } from '../contracts/submission.ts';
import { jobModule } from '../workers/job-module.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { FinishInput, FinishOutput, MarkOutcome } from './finish-picture-job.ts';
import type { LabelStyle } from './label-style.ts';
import type { MarkKey } from './mark-key.ts';
import { type Payload, packPayload } from './payload.ts';

export interface FinishWish {
  readonly format: ImageFormat;
  /** Null: no visible label. */
  readonly label: LabelStyle | null;
  /** Null: no invisible mark. `edited`: it may hold an earlier one. */
  readonly mark: { readonly isEdited: boolean } | null;
}

/** The mark of a picture, with what it says. */
export type PictureMark =
  | (Extract<MarkOutcome, { kind: 'marked' }> & { readonly payload: Payload; readonly keyEpoch: number })
  | Extract<MarkOutcome, { kind: 'not_markable' }>;

export interface FinishedPicture {
  readonly bytes: Uint8Array;
  /** Null: none was wanted. */
  readonly mark: PictureMark | null;
}

/** Draws the visible "AI-generated" badge and embeds the invisible mark, in the pool. @throws ImprimaturError PUBLISH_FAILED */
export type FinishPicture = (bytes: Uint8Array, wish: FinishWish) => Promise<FinishedPicture>;

interface FinisherParts {
  readonly pool: WorkerPool;
  /** Newest first. */
  readonly keys: readonly [MarkKey, ...MarkKey[]];
  /** 0–4095: whom of a platform the pictures are of. */
  readonly issuer: number;
  /** Layout of the payload: 1 for published pictures, 2 for what a reviewer is shown. */
  readonly version: 1 | 2;
}

const DEADLINE_MS = 20_000;
/** As the file limits of the gateway. */
const MAX_PIXELS = 50_000_000;
const RECORD_BYTES = 5;

const reasons = z.enum(['too_small', 'too_large', 'transparent', 'no_room', 'format', 'animated', 'undecodable', 'earlier_mark']);
const markSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('marked'),
    // No change at all has an infinite one.
    psnrDb: z.number().or(z.literal(Number.POSITIVE_INFINITY)),
    strength: z.number(),
    marginDb: z.number(),
    robustness: z.enum(['strong', 'fair', 'weak']),
    sketch: z.instanceof(Uint8Array),
    hadEarlierMark: z.boolean(),
  }),
  z.object({ kind: z.literal('not_markable'), reason: reasons }),
]);
const outputSchema = z.object({ bytes: z.instanceof(Uint8Array).nullable(), mark: markSchema.nullable() });

export function createPictureFinisher({ pool, keys, issuer, version }: FinisherParts): FinishPicture {
  const [key] = keys;
  return async (bytes, { format, label, mark }) => {
    if (label === null && mark === null) return { bytes, mark: null };
    const payload = newPayload({ version, issuer, epoch: key.epoch });
    const outcome = await pool.run<FinishInput, FinishOutput>({
      module: jobModule(import.meta.url, './finish-picture-job'),
      input: {
        bytes,
        format,
        label,
        mark: mark === null ? null : { payload, key, earlierKeys: mark.isEdited ? keys : [] },
        maxPixels: MAX_PIXELS,
      },
      deadlineMs: DEADLINE_MS,
      parse: (output) => outputSchema.parse(output),
    });
    if (outcome.kind !== 'done')
      throw new ImprimaturError('PUBLISH_FAILED', { detail: `label and watermark could not be drawn: ${outcome.kind}` });
    const { output } = outcome;
    return {
      bytes: output.bytes ?? bytes,
      mark: output.mark?.kind === 'marked' ? { ...output.mark, payload, keyEpoch: key.epoch } : output.mark,
    };
  };
}

/** 40 random bits: two of a million pictures share them by chance (one in 10^12 a pair), and then their sketches tell them apart. */
function newPayload(fields: { readonly version: number; readonly issuer: number; readonly epoch: number }): Payload {
  return packPayload({ ...fields, record: BigInt(`0x${randomBytes(RECORD_BYTES).toString('hex')}`) });
}
