import { randomBytes } from 'node:crypto';
import type { Submission } from '../contracts/submission.ts';
import type { EvidenceStore } from '../evidence/evidence-store.ts';
import { commitment } from '../ledger/entry.ts';

/** The part of a submission that is personal data, with the salt of its commitments. Stored sealed; see `open-submission.ts`. */
export interface SubmissionRecord {
  readonly v: 1;
  readonly salt: string;
  readonly submission: Omit<Submission, 'request'> & {
    readonly request: Omit<Submission['request'], 'inputs'> & { readonly inputs: readonly SealedInput[] };
  };
}

/** Where an input image lies in the evidence store. */
interface SealedInput {
  readonly index: number;
  readonly role: 'image' | 'mask';
  readonly sha256: string;
  readonly blob: string;
}

/**
 * Seals what the caller sent. The ledger gets only commitments keyed with a salt that is sealed here: deleting the
 * record makes them meaningless and leaves every proof whole.
 */
export async function sealSubmission(submission: Submission, evidence: EvidenceStore) {
  const salt = randomBytes(32);
  const inputs = await Promise.all(
    submission.request.inputs.map(async ({ index, role, sha256, bytes }): Promise<SealedInput> => {
      const { blob } = await evidence.seal({ id: `${submission.id}/input/${index}`, kind: 'input_image', bytes });
      return { index, role, sha256, blob };
    }),
  );
  const record: SubmissionRecord = {
    v: 1,
    salt: salt.toString('base64'),
    submission: { ...submission, request: { ...submission.request, inputs } },
  };
  const sealed = await evidence.sealValue({ id: submission.id, kind: 'submission', bytes: Buffer.from(JSON.stringify(record)) });
  return {
    sealed,
    commitments: {
      prompt: commitment(salt, submission.request.prompt),
      ...(inputs.length > 0 ? { inputs: inputs.map(({ sha256 }) => commitment(salt, sha256)) } : {}),
    },
  };
}
