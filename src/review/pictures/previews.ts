import type { WorkerPool } from '../../workers/worker-pool.ts';
import type { ReviewCase } from '../case-store.ts';
import type { CaseMedium } from './case-media.ts';
import { workOnPicture } from './picture-work.ts';

/** 1 is what the screens begin with, higher shows less. There is no 0: an unblurred picture is shown once, with a mark, and on record. */
export const BLURS = [1, 2, 3] as const;
export type Blur = (typeof BLURS)[number];

/** A grey, blurred copy as WebP. */
export type PreviewOf = (found: Pick<ReviewCase, 'id'>, medium: CaseMedium, blur: Blur) => Promise<Uint8Array>;

const MAX_BYTES = 32 * 2 ** 20;

/** Made in the worker pool; those that were asked for last are kept, since a reviewer goes back and forth. @throws ImprimaturError EVIDENCE_UNREADABLE */
export function createPreviews(pool: WorkerPool): PreviewOf {
  const kept = new Map<string, Uint8Array>();
  let bytesKept = 0;
  function keep(key: string, bytes: Uint8Array): void {
    if (kept.has(key)) return;
    kept.set(key, bytes);
    bytesKept += bytes.length;
    for (const [oldest, { length }] of kept) {
      if (bytesKept <= MAX_BYTES) return;
      kept.delete(oldest);
      bytesKept -= length;
    }
  }
  return async ({ id: caseId }, { id, open }, blur) => {
    const key = `${caseId} ${id} ${blur}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const { bytes } = await workOnPicture(pool, { kind: 'preview', bytes: await open(), blur });
    keep(key, bytes);
    return bytes;
  };
}
