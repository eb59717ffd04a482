import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Category } from '../contracts/category.ts';
import type { CaseId, Id, KeyId } from '../contracts/ids.ts';
import { DECLARATIONS, type Declaration, UPLOAD_ACTIONS, type UploadAction } from '../contracts/upload.ts';
import { commitment } from '../ledger/entry.ts';
import type { Journal } from '../ledger/journal.ts';
import { formatFullPolicyRef } from '../policy/policy-ref.ts';
import type { UploadVerdict } from '../policy/uploads.ts';
import { caseRow } from '../review/open-case.ts';
import type { Queues } from '../review/queues.ts';
import type { Database, Queryable } from '../storage/database.ts';

export type UploadId = Id<'upl'>;

/** One answer to "may this be posted?", without the file. */
export interface UploadRecord {
  readonly id: UploadId;
  readonly keyId: KeyId;
  readonly surface: string;
  readonly sha256: string;
  readonly declaration: Declaration;
  /** The platform's own name for whoever contributed it. */
  readonly contributor: string | null;
  readonly verdict: UploadVerdict;
  /** Our picture that the file leads to. */
  readonly artifactId: string | null;
  /** What a label would have to say; null when nothing says that a model took part. */
  readonly label: UploadLabel;
  /** The case of what is held; null for everything else. */
  readonly held: HeldUpload | null;
  readonly at: Date;
}

export type UploadLabel = 'generated' | 'edited' | null;

/** A person looks at it: in a case of its own, or in one that is open about the same file already. */
export interface HeldUpload {
  readonly caseId: CaseId;
  readonly isNew: boolean;
  /** Where the file is sealed; null when only its hash is kept. */
  readonly blob: string | null;
  /** What lists of known content say that it is. */
  readonly categories: readonly Category[];
}

const SALT_BYTES = 32;

interface RecordUploadParts {
  readonly db: Database;
  readonly journal: Journal;
  readonly queues?: Queues;
}

/** The row, the case that a hold opens, and the ledger entry; or nothing. The entry holds the hash of the file and a commitment to the contributor's name. */
export async function recordUpload(record: UploadRecord, { db, journal, queues }: RecordUploadParts): Promise<void> {
  const { id, keyId, surface, sha256, declaration, contributor, verdict, artifactId, label, held, at } = record;
  const salt = contributor === null ? null : randomBytes(SALT_BYTES);
  const policy = formatFullPolicyRef(verdict.policy);
  const situations = verdict.reasons.map(({ situation }) => situation);
  await db.transaction(async (tx) => {
    await tx.query({
      name: 'upload-check',
      text: `insert into upload_checks (id, key_id, surface, sha256, declaration, contributor, salt, action, situations, policy, artifact_id, checked_at, label, case_id, blob)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, $14, $15)`,
      values: [
        id,
        keyId,
        surface,
        sha256,
        declaration,
        contributor,
        salt,
        verdict.action,
        JSON.stringify(situations),
        policy,
        artifactId,
        at,
        label,
        held?.caseId ?? null,
        held?.blob ?? null,
      ],
    });
    const opened =
      held?.isNew === true
        ? {
            openCase: caseRow(
              { id: held.caseId, about: { kind: 'upload', uploadId: id }, openedAt: at, categories: held.categories, surface },
              queues,
            ),
          }
        : {};
    await journal.recordIn(tx, opened, [
      {
        kind: 'upload.checked',
        upload: id,
        surface,
        sha256,
        declaration,
        action: verdict.action,
        situations,
        policy,
        ...(artifactId === null ? {} : { artifact: artifactId }),
        ...(held === null ? {} : { case: held.caseId }),
        ...(salt === null || contributor === null ? {} : { contributor: commitment(salt, contributor) }),
      },
    ]);
  });
}

const row = z.object({
  id: z.string(),
  sha256: z.string(),
  declaration: z.enum(DECLARATIONS),
  contributor: z.string().nullable(),
  action: z.enum(UPLOAD_ACTIONS),
  situations: z.array(z.string()),
  policy: z.string(),
  checked_at: z.date(),
  label: z.enum(['generated', 'edited']).nullable(),
  case_id: z.string().nullable(),
  blob: z.string().nullable(),
  case_state: z.enum(['open', 'released', 'blocked', 'escalated', 'closed']).nullable(),
  closed_at: z.date().nullable(),
  is_taken_down: z.boolean(),
});
/** An earlier answer, and what became of it. */
export type StoredUpload = z.output<typeof row>;

const SELECT = `select u.id, u.sha256, u.declaration, u.contributor, u.action, u.situations, u.policy, u.checked_at, u.label, u.case_id, u.blob,
    c.state as case_state, c.closed_at, t.artifact_id is not null as is_taken_down
  from upload_checks u left join cases c on c.id = u.case_id left join takedowns t on t.artifact_id = u.artifact_id`;

/** An earlier answer to the same key; null for ids of other keys too. */
export async function findUpload(db: Queryable, id: string, keyId: string): Promise<StoredUpload | null> {
  const { rows } = await db.query({ text: `${SELECT} where u.id = $1 and u.key_id = $2`, values: [id, keyId] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

/** The answer that opened a case, for operators. */
export async function uploadOfCase(db: Queryable, caseId: CaseId): Promise<StoredUpload | null> {
  const { rows } = await db.query({ text: `${SELECT} where c.id = $1 and u.id = c.upload_id`, values: [caseId] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

const openCaseRow = z.object({ id: z.templateLiteral(['case_', z.string()]) });

/** The open case about the same file of the same platform for the same reasons, so that asking often does not fill the queue. */
export async function openCaseOf(
  db: Queryable,
  { keyId, sha256, situations }: { readonly keyId: string; readonly sha256: string; readonly situations: readonly string[] },
): Promise<CaseId | null> {
  const { rows } = await db.query({
    text: `select c.id from upload_checks u join cases c on c.upload_id = u.id
           where u.sha256 = $1 and u.key_id = $2 and u.situations = $3::jsonb and c.state in ('open', 'escalated') limit 1`,
    values: [sha256, keyId, JSON.stringify(situations)],
  });
  return rows[0] === undefined ? null : openCaseRow.parse(rows[0]).id;
}

/**
 * What a platform may do with the file now: what the policy said, what a person said since, and what was taken down since. Nobody's release takes
 * off a label that is due.
 */
export function actionNow({ action, label, case_state, is_taken_down }: StoredUpload): UploadAction {
  if (is_taken_down) return 'refuse';
  if (action !== 'hold' || case_state === null || (case_state !== 'released' && case_state !== 'blocked')) return action;
  if (case_state === 'blocked') return 'refuse';
  return label === null ? 'post' : 'label';
}
