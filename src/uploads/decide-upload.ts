import { ImprimaturError } from '../contracts/errors.ts';
import type { CaseId, KeyId } from '../contracts/ids.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import type { Journal } from '../ledger/journal.ts';
import { closeCase, lockCase } from '../review/case-store.ts';
import type { Database } from '../storage/database.ts';
import { uploadOfCase } from './upload-store.ts';

interface UploadDecision {
  readonly caseId: CaseId;
  readonly action: 'release' | 'block';
  readonly operator: KeyId | 'local';
}

interface DecideUploadParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly evidence: Pick<EvidenceStore, 'shred'>;
}

/**
 * A person's word about a file that was held: the case and the ledger entry in one transaction. Of a file that is released nothing needs to be kept, so
 * its sealed copy is deleted; that of a blocked one stays.
 * @throws ImprimaturError NOT_FOUND, CASE_NOT_OPEN
 */
export async function decideUpload({ caseId, action, operator }: UploadDecision, parts: DecideUploadParts): Promise<void> {
  const { db, journal, evidence } = parts;
  const blob = await db.transaction(async (tx) => {
    const found = await lockCase(tx, caseId);
    if (found === null) throw new ImprimaturError('NOT_FOUND');
    if (found.state !== 'open') throw new ImprimaturError('CASE_NOT_OPEN');
    const upload = await uploadOfCase(tx, caseId);
    if (upload === null) throw new ImprimaturError('NOT_FOUND');
    await closeCase(tx, caseId, action === 'release' ? 'released' : 'blocked', operator);
    const isShred = action === 'release' && upload.blob !== null;
    if (isShred) await tx.query({ text: 'update upload_checks set blob = null where id = $1', values: [upload.id] });
    await journal.recordIn(tx, {}, [
      { kind: 'upload.decided', upload: upload.id, case: caseId, sha256: upload.sha256, decision: action, by: `operator:${operator}` },
    ]);
    return isShred ? upload.blob : null;
  });
  if (blob !== null) await evidence.shred(blob);
}
