import { newId } from './contracts/ids.ts';
import type { Caller } from './contracts/submission.ts';
import type { Declaration } from './contracts/upload.ts';
import type { CheckRunner } from './detectors/check-runner.ts';
import type { Journal } from './ledger/journal.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import type { Database } from './storage/database.ts';
import { lookUpKnownBad } from './uploads/known-bad.ts';
import { situationsOf } from './uploads/situations.ts';
import { recordUpload, type UploadRecord } from './uploads/upload-store.ts';
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
}

interface CheckUploadParts extends VerifyParts {
  readonly policy: CompiledPolicy;
  readonly checks: CheckRunner;
  readonly db: Database;
  readonly journal: Journal;
}

/**
 * May this be posted? What the file is, what its contributor says it is, and what the policy makes of both. The answer is given only
 * once it stands in the ledger; of the file nothing is kept but its hash.
 *
 * @TODO A case for what is held: cases belong to generations so far, and a person would need the file, which is not kept. The seam is here:
 * seal `bytes` under the record's id when the verdict is `hold`, and open the case in the transaction of `recordUpload`.
 */
export async function checkUpload({ bytes, declaration, contributor, caller }: Upload, parts: CheckUploadParts): Promise<CheckedUpload> {
  const report = await verifyFile(bytes, parts);
  const isTakenDown = report.record?.takedown != null;
  const knownBad = await lookUpKnownBad({ bytes, sha256: report.sha256, surface: caller.surface }, parts.checks.checks);
  const verdict = parts.policy.judgeUpload(situationsOf({ ...report, isTakenDown, knownBad }, declaration));
  const record: UploadRecord = {
    id: newId('upl'),
    keyId: caller.keyId,
    surface: caller.surface,
    sha256: report.sha256,
    declaration,
    contributor,
    verdict,
    artifactId: report.record?.artifact_id ?? null,
    at: new Date(),
  };
  await recordUpload(record, parts);
  return { record, report };
}
