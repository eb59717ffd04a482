import { z } from 'zod';
import type { FileLimits } from '../containers/container-report.ts';

/** What `plain-copies-job` is asked. */
export interface PlainCopiesInput {
  readonly bytes: Uint8Array;
  readonly limits: FileLimits;
}

export const plainCopiesSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('copies'),
    jpegs: z
      .array(z.instanceof(Uint8Array).refine(({ length }) => length > 0 && length < 4_000_000))
      .min(1)
      .max(9),
  }),
  z.object({ kind: z.literal('unreadable') }),
]);

/** JPEGs of at most 1,024 pixels a side of a picture, or of some of its frames; a transparent one three times: on white, as stored, on black. */
export type PlainCopies = z.output<typeof plainCopiesSchema>;
