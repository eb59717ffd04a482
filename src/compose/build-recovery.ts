import type { ImageInspector } from '../detectors/inspect-image.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { Provenance } from '../provenance/provenance.ts';
import { createFindCandidates, createFindReattached } from '../provenance/recovery/find-candidates.ts';
import { createManifestRepository } from '../provenance/recovery/manifest-repository.ts';
import { createMarkBindings } from '../provenance/recovery/mark-bindings.ts';
import { createPixelReader } from '../provenance/recovery/pixel-bindings.ts';
import type { RecoveryParts } from '../provenance/recovery/recover.ts';
import { createTraceReader } from '../provenance/traces/read-traces.ts';
import { parentsOf } from '../registries/marks/mark-records.ts';
import type { RecognizeMark } from '../registries/marks/recognize-mark.ts';
import { recordedMark } from '../registries/marks/recorded-mark.ts';
import { takedownOf } from '../registries/takedowns/takedown-store.ts';
import type { Database } from '../storage/database.ts';
import type { VerifyParts } from '../verify-file.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import type { MarkKeys } from './open-mark-keys.ts';

interface RecoveryGround {
  readonly db: Database;
  readonly pool: WorkerPool;
  readonly keys: MarkKeys;
  readonly inspector: ImageInspector;
  readonly provenance: Provenance;
  readonly policy: CompiledPolicy;
  readonly recognizeMark: RecognizeMark;
}

/** What looks into files and finds published pictures again. What is kept of them, publishing writes. */
export function buildRecovery({ db, pool, keys, inspector, provenance, policy, recognizeMark }: RecoveryGround): {
  readonly recovery: RecoveryParts & { readonly answersTakenDown: () => boolean };
  readonly verification: Omit<VerifyParts, 'store'>;
} {
  const readPixels = createPixelReader({ inspect: (bytes) => inspector.inspect(bytes), readWatermarks: createMarkBindings(recognizeMark) });
  const repository = createManifestRepository(db);
  return {
    recovery: { repository, readPixels, provenance, answersTakenDown: () => policy.document.recovery?.takenDown === 'answer' },
    verification: {
      provenance,
      readTraces: createTraceReader({ pool, keys, inspector }),
      findReattached: createFindReattached({ repository }),
      findCandidates: createFindCandidates({ repository, readPixels }),
      recognizeMark,
      recordedMark: (artifactId) => recordedMark(db, artifactId),
      takedownOf: (artifactId) => takedownOf(db, artifactId),
      parentsOf: (artifactId) => parentsOf(db, artifactId),
    },
  };
}
