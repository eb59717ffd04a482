import { z } from 'zod';
import type { FileLimits } from '../containers/container-report.ts';
import type { SeenFace } from '../looking/sight.ts';

/** A picture, and who is in it. */
export interface SeenPicture {
  readonly bytes: Uint8Array;
  /** Width of what `faces` were seen in, in pixels. */
  readonly width: number;
  /** Of its first frame, in each of its views. */
  readonly faces: readonly SeenFace[];
}

/** What `edit-job` is asked. */
export interface EditInput {
  readonly before: SeenPicture;
  readonly after: SeenPicture;
  /** By how much explicit nudity rose, -1 to 1. */
  readonly nudityRise: number;
  /** Transparent where the caller let the model paint. */
  readonly mask?: Uint8Array;
  readonly limits: FileLimits;
}

const share = z.number().min(0).max(1);

/** What the child says; it opened hostile files, so its words are parsed. */
export const editSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unreadable'), which: z.enum(['before', 'after']) }),
  z.object({
    kind: z.literal('compared'),
    /** Suspicion, 0 to 1. */
    score: share,
    /** How many people are in both pictures, and how many were in the first. */
    samePersons: z.int().nonnegative(),
    personsBefore: z.int().nonnegative(),
    /** Share of the most changed body that was not skin and is now; null when no body can be compared. */
    becameSkin: share.nullable(),
    /** How far its folds and edges stayed: 1 when cloth was only dyed. */
    keptStructure: share.nullable(),
    /** By how much explicit nudity rose, -1 to 1. */
    nudityRise: z.number().min(-1).max(1),
    /** How differently somebody who is in both holds their head: 0 the same, 1 another pose. */
    poseChange: share,
    /** What the edit did outside of the caller's mask: the share that changed, and how much of it became skin. Null: no mask to compare with. */
    strayed: z.object({ changed: share, skin: share }).nullable(),
  }),
]);

/** How an edit changed the people in a picture. `unreadable`: nothing is known. */
export type EditComparison = z.infer<typeof editSchema>;

/** Measured on portraits with drawn proxies: dyed clothing stays below 0.25, clothing replaced by a plain patch of skin lies above 0.4. */
export const FLAGGED_FROM = 0.33;
