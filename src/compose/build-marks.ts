import type { Config } from '../config/load-config.ts';
import type { GenerationStore } from '../generations/generation-store.ts';
import { createFindParents, type FindParents } from '../registries/marks/find-parents.ts';
import { createRecognizeMark, type RecognizeMark } from '../registries/marks/recognize-mark.ts';
import type { Database } from '../storage/database.ts';
import { createPictureFinisher, type FinishPicture } from '../watermark/finish-picture.ts';
import { createMarkReader } from '../watermark/read-mark.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { MarkKeys } from './open-mark-keys.ts';

interface MarkGround {
  readonly pool: WorkerPool;
  readonly db: Database;
  readonly keys: MarkKeys;
  readonly store: GenerationStore;
}

/** Everything that embeds the invisible mark, and everything that reads it. */
export function buildMarks(
  { values }: Config,
  { pool, db, keys, store }: MarkGround,
): {
  readonly finish: FinishPicture;
  readonly recognizeMark: RecognizeMark;
  readonly findParents: FindParents;
} {
  const reader = createMarkReader({ pool, keys });
  // The parts of a page are searched by `imprimatur watermark detect`: five times the work, and most files bear no mark.
  const recognizeMark = createRecognizeMark({ reader, db, effort: 'standard' });
  return {
    finish: createPictureFinisher({ pool, keys, issuer: values.watermarkIssuer, version: 1 }),
    recognizeMark,
    findParents: createFindParents({
      publishedAs: async (sha256) => (await store.artifactByHash(sha256))?.id ?? null,
      recognizeMark,
    }),
  };
}
