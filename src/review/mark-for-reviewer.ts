import { type ArtifactId, type CaseId, newId, type StaffId, type ViewId } from '../contracts/ids.ts';
import type { ImageFormat } from '../contracts/submission.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { FinishPicture } from '../watermark/finish-picture.ts';

interface ReviewPicture {
  /** Null for what somebody brought. */
  readonly artifactId: ArtifactId | null;
  /** The case in which it is looked at, and the name of the picture there. */
  readonly seenIn?: { readonly caseId: CaseId; readonly mediaId: string };
  readonly bytes: Uint8Array;
  readonly format: ImageFormat;
  /** Who looks. */
  readonly reviewer: StaffId;
}

interface ReviewCopyParts {
  /** Made with payload version 2, so that no such mark is taken for that of a published picture. */
  readonly finish: FinishPicture;
  readonly db: Database;
  readonly journal: Journal;
  /** What else stands with the view, in its transaction. */
  readonly alsoRecord?: (tx: Queryable, view: ViewId) => Promise<void>;
}

/** What a reviewer may be shown. */
export interface ReviewCopy {
  readonly view: ViewId;
  readonly bytes: Uint8Array;
  /** False where the picture cannot bear a mark; the ledger says so, and the view is on record all the same. */
  readonly isMarked: boolean;
}

/**
 * The copy of a picture that one reviewer is shown once: its invisible mark leads to the view and so to the reviewer, should it turn up outside. The view
 * stands in the ledger before the copy is given.
 * @throws ImprimaturError PUBLISH_FAILED, STORAGE_UNAVAILABLE
 */
export async function markForReviewer(
  { artifactId, seenIn, bytes, format, reviewer }: ReviewPicture,
  { finish, db, journal, alsoRecord }: ReviewCopyParts,
): Promise<ReviewCopy> {
  const { bytes: shown, mark } = await finish(bytes, { format, label: null, mark: { isEdited: false } });
  const payload = mark?.kind === 'marked' ? mark.payload : null;
  const view = newId('view');
  await db.transaction(async (tx) => {
    await tx.query({
      text: 'insert into watermark_views (id, payload, reviewer, artifact_id, case_id, media_id) values ($1, $2, $3, $4, $5, $6)',
      values: [view, payload, reviewer, artifactId, seenIn?.caseId ?? null, seenIn?.mediaId ?? null],
    });
    const what = artifactId === null ? { kind: 'input.shown' } : { kind: 'artifact.shown', artifact: artifactId };
    const where = seenIn === undefined ? {} : { case: seenIn.caseId, media: seenIn.mediaId };
    const why = mark?.kind === 'not_markable' ? { reason: mark.reason } : {};
    await journal.recordIn(tx, {}, [{ ...what, ...where, view, by: `operator:${reviewer}`, marked: payload !== null, ...why }]);
    await alsoRecord?.(tx, view);
  });
  return { view, bytes: shown, isMarked: payload !== null };
}
