import type { Category } from './contracts/category.ts';
import { newId } from './contracts/ids.ts';
import type { Caller } from './contracts/submission.ts';
import type { Declaration } from './contracts/upload.ts';
import type { CheckRunner } from './detectors/check-runner.ts';
import type { EvidenceStore } from './evidence/evidence-store.ts';
import type { Journal } from './ledger/journal.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import type { UploadVerdict } from './policy/uploads.ts';
import type { Queues } from './review/queues.ts';
import type { Database } from './storage/database.ts';
import { type KnownBad, lookUpKnownBad } from './uploads/known-bad.ts';
import { situationsOf } from './uploads/situations.ts';
import { type HeldUpload, openCaseOf, recordUpload, type UploadId, type UploadLabel, type UploadRecord } from './uploads/upload-store.ts';
import { type FileReport, type VerifyParts, verifyFile } from './verify-file.ts';

export interface Upload {
  readonly bytes: Uint8Array;
  readonly declaration: Declaration;
  readonly contributor: string | null;
  readonly caller: Caller;
}

export interface CheckedUpload {
  readonly record: UploadRecord;
  readonly report: FileReport;
  readonly knownBad: KnownBad;
}

interface CheckUploadParts extends VerifyParts {
  readonly policy: CompiledPolicy;
  readonly checks: CheckRunner;
  readonly db: Database;
  readonly journal: Journal;
  readonly evidence: Pick<EvidenceStore, 'seal'>;
  readonly queues?: Queues;
}

/**
 * May this be posted? What the file is, what its contributor says it is, and what the policy makes of both. The answer is given only
 * once it stands in the ledger, with the case that a hold opens. Of the file its hash is kept, and of one that is held the sealed bytes as well
 * where the policy says `heldUploads: sealed`.
 */
export async function checkUpload({ bytes, declaration, contributor, caller }: Upload, parts: CheckUploadParts): Promise<CheckedUpload> {
  const report = await verifyFile(bytes, parts);
  const isTakenDown = report.record?.takedown != null;
  const { knownBad, categories } = await lookUpKnownBad({ bytes, sha256: report.sha256, surface: caller.surface }, parts.checks.checks);
  const verdict = parts.policy.judgeUpload(situationsOf({ ...report, isTakenDown, knownBad }, declaration));
  const id = newId('upl');
  const record: UploadRecord = {
    id,
    keyId: caller.keyId,
    surface: caller.surface,
    sha256: report.sha256,
    declaration,
    contributor,
    verdict,
    artifactId: report.record?.artifact_id ?? null,
    label: labelOf(report, declaration),
    held:
      verdict.action === 'hold' ? await hold({ id, bytes, sha256: report.sha256, keyId: caller.keyId, categories }, verdict, parts) : null,
    at: new Date(),
  };
  await recordUpload(record, parts);
  return { record, report, knownBad };
}

interface HeldFile {
  readonly id: UploadId;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly keyId: string;
  readonly categories: readonly Category[];
}

/** Evidence is sealed before the case names it. */
async function hold(
  { id, bytes, sha256, keyId, categories }: HeldFile,
  { reasons }: UploadVerdict,
  { db, policy, evidence }: CheckUploadParts,
): Promise<HeldUpload> {
  const open = await openCaseOf(db, { keyId, sha256, situations: reasons.map(({ situation }) => situation) });
  if (open !== null) return { caseId: open, isNew: false, blob: null, categories };
  const isKept = policy.document.heldUploads === 'sealed';
  const sealed = isKept ? await evidence.seal({ id, kind: 'upload', bytes }) : null;
  return { caseId: newId('case'), isNew: true, blob: sealed?.blob ?? null, categories };
}

function labelOf({ origin: { made } }: FileReport, declaration: Declaration): UploadLabel {
  if (made === 'generated' || made === 'edited') return made;
  return declaration === 'generated' || declaration === 'edited' ? declaration : null;
}
