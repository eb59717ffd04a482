import { z } from 'zod';
import type { FileLimits } from '../containers/container-report.ts';

/**
 * How closely to look. `standard`: the large nudity network only where the small one is not sure or a face is seen, and parts of the
 * picture only where the whole shows no face. `thorough`: everything, always.
 */
export type Effort = 'standard' | 'thorough';

/** What `look-job` is asked. */
export interface LookInput {
  readonly bytes: Uint8Array;
  readonly limits: FileLimits;
  readonly effort: Effort;
}

const share = z.number().min(0).max(1);
const scoresSchema = z.object({ explicit: share, suggestive: share });

const faceSchema = z.object({
  /** Which frame it was seen in. */
  frame: z.int().nonnegative(),
  /** 0: as the picture is shown. Where there is transparency, 1: with it ignored, 2: on black; the same face is then seen several times. */
  view: z.int().nonnegative(),
  /** In pixels of the picture as it is shown, upright; a turned face fits into it. */
  box: z.object({ x: z.number(), y: z.number(), width: z.number().positive(), height: z.number().positive() }),
  /** The face in its own upright frame, in the same pixels; `angle` in radians, clockwise. */
  place: z.object({
    centerX: z.number(),
    centerY: z.number(),
    width: z.number().positive(),
    height: z.number().positive(),
    angle: z.number(),
  }),
  /** Where it looks; see `readFace`. */
  facing: z.object({ aside: z.number(), down: z.number() }),
  /** How sure FaceMesh is that this is a face. */
  certainty: share,
  /** Degrees clockwise by which the head is turned. */
  rollDegrees: z.number().min(-180).max(180),
  /** Shorter side of the face in pixels that the networks saw. */
  seenPx: z.number().positive(),
  /** Apparent, of the face and its mirror image. */
  ages: z.tuple([z.number(), z.number()]),
  descriptor: z.array(z.number()).length(128).readonly(),
});

/** What the child says; it opened a hostile file, so its words are parsed. */
export const sightSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('seen'),
    width: z.int().positive(),
    height: z.int().positive(),
    frames: z.int().positive(),
    nudity: z.object({ quick: scoresSchema, deep: scoresSchema.nullable() }),
    faces: z.array(faceSchema).max(128).readonly(),
    /** There may be more faces than were looked at; see `findFaces`. */
    isCrowded: z.boolean(),
  }),
  z.object({ kind: z.literal('unreadable') }),
]);

/** What the networks see in a picture. `unreadable`: the file was refused or cannot be decoded, so nothing is known. */
export type Sight = z.infer<typeof sightSchema>;

export type SeenFace = z.infer<typeof faceSchema>;
