import type { FinishPicture } from '../watermark/finish-picture.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { CaseMediaParts } from './pictures/case-media.ts';
import type { PreviewOf } from './pictures/previews.ts';
import type { Queues } from './queues.ts';

/** What the pages of cases are made of. */
export interface ReviewDesk extends CaseMediaParts {
  readonly queues: Queues;
  readonly pool: WorkerPool;
  readonly previewOf: PreviewOf;
  /** The perceptual hash; null where a picture has too little to go by. */
  readonly fingerprint: (bytes: Uint8Array) => Promise<{ readonly value: Uint8Array } | null>;
  /** Embeds marks of views, which are never taken for those of published pictures. */
  readonly finishForReviewer: FinishPicture;
}
