import { z } from 'zod';
import type { FoundPicture, SkippedFor } from './walk-folder.ts';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

/** What was found out about one file and what follows: a line of the journal, and a row of the manifest. */
export const recordSchema = z.object({
  path: z.string().min(1),
  bytes: z.int().nonnegative(),
  modified_ms: z.int(),
  sha256: hex64.nullable(),
  format: z.string().nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  pdq: hex64.nullable(),
  /** `keep`, `drop`, `review` where a person must look, or `skip`: not looked at, so no part of the set. */
  decision: z.enum(['keep', 'drop', 'review', 'skip']),
  /** Why not `keep`, each as `kind:what`; see `docs/curate.md`. */
  reasons: z.array(z.string()).readonly(),
  licence: z.string().nullable(),
  /** Of what lay beside the file and spoke of it; null: nothing. */
  beside: z.string().nullable(),
  /** What nobody looked for. */
  not_looked: z.array(z.string()).readonly(),
});

export type CurationRecord = z.output<typeof recordSchema>;

/** Of what was not looked at. */
export function skippedRecord({ path, bytes, modifiedMs }: FoundPicture, why: SkippedFor): CurationRecord {
  const unknown = { sha256: null, format: null, width: null, height: null, pdq: null, licence: null, beside: null, not_looked: [] };
  return { path, bytes, modified_ms: modifiedMs, ...unknown, decision: 'skip', reasons: [`skipped:${why}`] };
}

/** An earlier picture must go after all: the same as one that its owner opted out, or that a list knows, came later. */
export const amendmentSchema = z.object({ amends: z.string().min(1), reason: z.string() });

export type Amendment = z.output<typeof amendmentSchema>;

/** What became of a training set. */
export interface ManifestCounts {
  readonly keep: number;
  readonly drop: number;
  readonly review: number;
  readonly skip: number;
  /** How many files have a reason of each kind, such as `duplicate`. */
  readonly byReason: Readonly<Record<string, number>>;
}
