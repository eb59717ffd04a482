import type { Config } from '../config/load-config.ts';
import type { HttpParts } from '../http/parts.ts';
import type { Toolbox } from '../pipeline.ts';
import { createPreviews } from '../review/pictures/previews.ts';
import { startReadingMedia } from '../review/pictures/read-media.ts';
import { SHIPPED_QUEUES } from '../review/queues.ts';
import type { ReviewDesk } from '../review/review-desk.ts';
import { uploadOfCase } from '../uploads/upload-store.ts';
import { createPictureFinisher } from '../watermark/finish-picture.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { Closers } from './closers.ts';
import type { MarkKeys } from './open-mark-keys.ts';

export interface DeskParts extends Pick<HttpParts, 'db' | 'store' | 'telemetry'> {
  readonly pool: WorkerPool;
  readonly marks: MarkKeys;
  readonly closers: Closers;
}

/** What the pages of cases are made of, and what reads the pictures of new cases, so that look-alikes are found. */
export function openDesk({ values }: Config, { queues = SHIPPED_QUEUES, fingerprint, evidence }: Toolbox, parts: DeskParts): ReviewDesk {
  const { db, store, telemetry, pool, marks: keys, closers } = parts;
  const desk: ReviewDesk = {
    db,
    store,
    evidence,
    queues,
    pool,
    fingerprint,
    previewOf: createPreviews(pool),
    finishForReviewer: createPictureFinisher({ pool, keys, issuer: values.watermarkIssuer, version: 2 }),
    async heldFile(found) {
      const upload = found.kind === 'upload' ? await uploadOfCase(db, found.id) : null;
      return upload === null || upload.blob === null ? null : { id: upload.id, blob: upload.blob, sha256: upload.sha256 };
    },
  };
  closers.add(startReadingMedia({ ...desk, onError: (error) => telemetry.stageFailed(error, 'review') }));
  return desk;
}
