import type { CaseId } from '../contracts/ids.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { DecisionWish, DecisionWrites } from '../review/decision-wish.ts';
import type { Database } from '../storage/database.ts';
import { type StoredUpload, uploadOfCase } from './upload-store.ts';

/** What a person's word about a file that was held writes: the ledger entry. The platform reads it where it asked. */
export function uploadWrites({ id, sha256 }: StoredUpload, { decision }: DecisionWish): DecisionWrites {
  return {
    rows: () => ({}),
    entry: { kind: 'upload.decided', upload: id, sha256, decision },
    decision: null,
    isDone: decision === 'block',
  };
}

interface SettleUploadParts {
  readonly db: Database;
  readonly evidence: Pick<EvidenceStore, 'shred'>;
}

/** Of a file that is released nothing needs to be kept, so its sealed copy is deleted; that of a blocked one stays. Run twice, it happens once. */
export async function settleUpload(caseId: CaseId, isReleased: boolean, { db, evidence }: SettleUploadParts): Promise<void> {
  const upload = isReleased ? await uploadOfCase(db, caseId) : null;
  if (upload === null || upload.blob === null) return;
  await evidence.shred(upload.blob);
  await db.query({ text: 'update upload_checks set blob = null where id = $1', values: [upload.id] });
}
