import type { ImageInspector } from '../detectors/inspect-image.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import type { FindCandidates } from '../provenance/candidate.ts';
import type { Provenance } from '../provenance/provenance.ts';
import { createFindCandidates } from '../provenance/recovery/find-candidates.ts';
import { createManifestRepository } from '../provenance/recovery/manifest-repository.ts';
import { createMarkBindings } from '../provenance/recovery/mark-bindings.ts';
import { createPixelReader } from '../provenance/recovery/pixel-bindings.ts';
import type { RecoveryParts } from '../provenance/recovery/recover.ts';
import type { RecognizeMark } from '../registries/marks/recognize-mark.ts';
import type { Database } from '../storage/database.ts';

interface RecoveryGround {
  readonly db: Database;
  readonly inspector: ImageInspector;
  readonly provenance: Provenance;
  readonly policy: CompiledPolicy;
  readonly recognizeMark: RecognizeMark;
}

/** What finds published pictures again. What is kept of them, publishing writes. */
export function buildRecovery({ db, inspector, provenance, policy, recognizeMark }: RecoveryGround): {
  readonly recovery: RecoveryParts & { readonly answersTakenDown: boolean };
  readonly findCandidates: FindCandidates;
} {
  const readPixels = createPixelReader({ inspect: (bytes) => inspector.inspect(bytes), readWatermarks: createMarkBindings(recognizeMark) });
  const repository = createManifestRepository(db);
  return {
    recovery: { repository, readPixels, provenance, answersTakenDown: policy.document.recovery?.takenDown === 'answer' },
    findCandidates: createFindCandidates({ repository, readPixels }),
  };
}
