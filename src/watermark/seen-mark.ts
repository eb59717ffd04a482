import { z } from 'zod';
import type { Detection } from './detection.ts';
import { detectionSchema } from './mark-files.ts';

export type SeenMark =
  | { readonly kind: 'found'; readonly detection: Extract<Detection, { kind: 'found' }>; readonly sketch: Uint8Array }
  | { readonly kind: 'absent' }
  /** Nothing can be said, for this reason: the file could not be opened, is too small, or the work was lost. */
  | { readonly kind: 'unreadable'; readonly reason: string };

/** What a job that looked for a mark answers, as a `SeenMark`. */
export const seenMarkSchema = z
  .union([
    z.object({
      kind: z.literal('found'),
      detection: detectionSchema.refine((detection) => detection.kind === 'found'),
      sketch: z.instanceof(Uint8Array),
    }),
    detectionSchema.refine((detection) => detection.kind !== 'found'),
    z.object({ kind: z.literal('unsound'), reason: z.string().max(64) }),
  ])
  .transform((answer): SeenMark => {
    if (answer.kind === 'found') return answer;
    if (answer.kind === 'absent') return { kind: 'absent' };
    return { kind: 'unreadable', reason: answer.kind === 'undecodable' ? 'undecodable' : answer.reason };
  });
