import { z } from 'zod';
import type { ArtifactId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';

/** A published picture that a payload may be of. */
export interface MarkRecord {
  readonly artifactId: ArtifactId;
  /** See `encodeSketch`. */
  readonly sketch: Uint8Array;
}

const recordRow = z.object({ artifact_id: z.templateLiteral(['art_', z.string()]), sketch: z.instanceof(Uint8Array) });
const payloadRow = z.object({ payload: z.string() });
const parentRow = z.object({ parent_id: z.templateLiteral(['art_', z.string()]) });
const viewRow = z.object({
  id: z.string(),
  reviewer: z.string(),
  artifact_id: z.string().nullable(),
  case_id: z.string().nullable(),
  shown_at: z.date(),
});

/** More pictures than these do not share a payload. */
const MAX_RECORDS = 4;

export async function recordsOfPayload(db: Queryable, payload: string): Promise<readonly MarkRecord[]> {
  const { rows } = await db.query({
    name: 'watermarks-by-payload',
    text: `select artifact_id, sketch from watermarks where payload = $1 order by artifact_id limit ${MAX_RECORDS}`,
    values: [payload],
  });
  return rows.map((row) => {
    const { artifact_id: artifactId, sketch } = recordRow.parse(row);
    return { artifactId, sketch };
  });
}

/** What the mark in a published picture says; null for one that left without a mark. */
export async function payloadOfArtifact(db: Queryable, artifactId: ArtifactId): Promise<string | null> {
  const { rows } = await db.query({
    name: 'watermark-of-artifact',
    text: 'select payload from watermarks where artifact_id = $1',
    values: [artifactId],
  });
  return rows[0] === undefined ? null : payloadRow.parse(rows[0]).payload;
}

/** The published pictures that one was made from, as far as they were recognized. */
export async function parentsOf(db: Queryable, artifactId: ArtifactId): Promise<readonly ArtifactId[]> {
  const { rows } = await db.query({
    name: 'artifact-parents',
    text: 'select parent_id from artifact_parents where artifact_id = $1 order by parent_id',
    values: [artifactId],
  });
  return rows.map((row) => parentRow.parse(row).parent_id);
}

/** Who was shown a picture, and when. */
export interface MarkView {
  readonly id: string;
  readonly reviewer: string;
  /** Null for what somebody brought. */
  readonly artifactId: string | null;
  readonly caseId: string | null;
  readonly shownAt: Date;
}

/** The view whose mark this is; null when there is none. For operators: it names a person. */
export async function viewOfPayload(db: Queryable, payload: string): Promise<MarkView | null> {
  const { rows } = await db.query({
    name: 'watermark-view',
    text: 'select id, reviewer, artifact_id, case_id, shown_at from watermark_views where payload = $1',
    values: [payload],
  });
  if (rows[0] === undefined) return null;
  const { id, reviewer, artifact_id: artifactId, case_id: caseId, shown_at: shownAt } = viewRow.parse(rows[0]);
  return { id, reviewer, artifactId, caseId, shownAt };
}
