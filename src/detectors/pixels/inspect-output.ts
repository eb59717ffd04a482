import { z } from 'zod';

/** What `inspect-job` is asked. `maxPixelsAllFrames` guards the decoder against a header that lied to us. */
export interface InspectInput {
  readonly bytes: Uint8Array;
  readonly maxPixelsAllFrames: number;
}

const frameHashSchema = z.object({
  frame: z.int().nonnegative(),
  view: z.enum(['rgb', 'on_white']),
  quality: z.int().min(0).max(100),
  hashes: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .length(8)
    .readonly(),
});

const factsSchema = z.object({
  format: z.string().max(16),
  width: z.int().positive(),
  height: z.int().positive(),
  frames: z.int().positive(),
  hasAlpha: z.boolean(),
  pdq: z.array(frameHashSchema).min(1).max(256).readonly(),
  isBlack: z.boolean(),
  meanLuma: z.number().min(0).max(256),
});

/** What the child says; it opened a hostile file, so its words are parsed. */
export const inspectOutputSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('picture'), facts: factsSchema }),
  z.object({ kind: z.literal('undecodable') }),
]);

/** PDQ of one frame in one view; `hashes` holds the eight orientations, that of the frame as it stands first. */
export type FrameHash = z.infer<typeof frameHashSchema>;

/** What the pixels of a picture say. `meanLuma` is 0–255, over all frames as a viewer shows them. */
export type DecodedFacts = z.infer<typeof factsSchema>;

export type InspectOutput = z.infer<typeof inspectOutputSchema>;
