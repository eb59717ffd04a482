import { z } from 'zod';
import type { FileLimits } from '../containers/container-report.ts';

/** What `inspect-job` is asked. */
export interface InspectInput {
  readonly bytes: Uint8Array;
  readonly limits: FileLimits;
}

const frameHashSchema = z.object({
  frame: z.int().nonnegative(),
  view: z.enum(['rgb', 'on_black', 'on_white']),
  quality: z.int().min(0).max(100),
  hashes: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .length(8)
    .readonly(),
});

const trimmedHashSchema = frameHashSchema.extend({ trimmed: z.enum(['border', 'caption']) });

const factsSchema = z.object({
  format: z.string().max(16),
  width: z.int().positive(),
  height: z.int().positive(),
  frames: z.int().positive(),
  hasAlpha: z.boolean(),
  pdq: z.array(frameHashSchema).min(1).max(256).readonly(),
  /** Of frames that have a border or a caption, without it; most pictures have neither. */
  trimmedPdq: z.array(trimmedHashSchema).max(1024).readonly(),
  isBlack: z.boolean(),
  meanLuma: z.number().min(0).max(256),
});

/** Containers give at most `MAX_TEXT_CHARS` in all; this many pieces of them are more than any honest file has. */
const texts = z.array(z.string().max(65_536)).max(65_536).readonly();
const problemSchema = z.object({ severity: z.enum(['malformed', 'hostile']), code: z.string().max(64) });

/** What the child says; it opened a hostile file, so its words are parsed. */
export const inspectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inspected'), facts: factsSchema, texts }),
  z.object({ kind: z.literal('refused'), problems: z.array(problemSchema).min(1).max(64).readonly(), texts }),
]);

/** What became of looking into a file. `texts`: words found inside it, bounded, whatever the outcome. */
export type Inspection = z.output<typeof inspectionSchema>;

/** PDQ of one frame in one view; `hashes` holds the eight orientations, that of the frame as it stands first. */
export type FrameHash = z.infer<typeof frameHashSchema>;

/** PDQ of what is left of a frame without what may have been added around it. */
export type TrimmedHash = z.infer<typeof trimmedHashSchema>;

/** What the pixels of a picture say. `meanLuma` is 0–255, over all frames as a viewer shows them. */
export type DecodedFacts = z.infer<typeof factsSchema>;
