import { promptFindings } from '../generations/stored-decisions.ts';
import type { HttpParts } from '../http/parts.ts';
import type { Toolbox } from '../pipeline.ts';
import type { RecordParts } from '../review/decision-wish.ts';
import { createEditPictures } from '../review/pictures/edit-pictures.ts';
import { SHIPPED_QUEUES } from '../review/queues.ts';
import type { ReviewCaseParts } from '../settle/review-case.ts';
import type { OtherEffect } from '../settle/settle-decision.ts';
import { startSettling } from '../settle/settle-loop.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Closers } from './closers.ts';

interface OpenReviewParts
  extends Pick<HttpParts, 'db' | 'store' | 'conductor' | 'telemetry'>,
    Pick<RecordParts, 'closed' | 'reopened' | 'replays' | 'secondReview'> {
  readonly pool: WorkerPool;
  readonly closers: Closers;
  /** What follows from decisions on appeals, notices, approvals and campaigns. */
  readonly effects?: Readonly<Partial<Record<'appeal' | 'notice' | 'approval' | 'campaign', OtherEffect>>>;
}

/** What a person's decision stands on, and the loop that makes decisions happen once they can no longer be taken back. */
export function openReview(toolbox: Toolbox, parts: OpenReviewParts): ReviewCaseParts {
  const { db, store, conductor, telemetry, pool, closers, ...hooks } = parts;
  const { journal, policy, instanceId, readership, evidence, toRaster, queues = SHIPPED_QUEUES } = toolbox;
  const review: ReviewCaseParts = {
    db,
    journal,
    queues,
    review: { policy, instanceId, ...(readership === undefined ? {} : { readership }) },
    reopen: { store, evidence, toRaster, promptFindings: (id) => promptFindings(db, id) },
    publish: toolbox,
    conductor,
    evidence,
    editPictures: createEditPictures(pool),
    judge: toolbox,
    ...hooks,
  };
  closers.add(startSettling({ ...review, onError: (error) => telemetry.stageFailed(error, 'review') }));
  return review;
}
