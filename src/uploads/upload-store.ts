import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Id, KeyId } from '../contracts/ids.ts';
import { DECLARATIONS, type Declaration, UPLOAD_ACTIONS } from '../contracts/upload.ts';
import { commitment } from '../ledger/entry.ts';
import type { Journal } from '../ledger/journal.ts';
import { formatFullPolicyRef } from '../policy/policy-ref.ts';
import type { UploadVerdict } from '../policy/uploads.ts';
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
  readonly at: Date;
}

const SALT_BYTES = 32;

/** The row and its ledger entry, or neither. The entry holds the hash of the file and a commitment to the contributor's name. */
export async function recordUpload(record: UploadRecord, { db, journal }: { db: Database; journal: Journal }): Promise<void> {
  const { id, keyId, surface, sha256, declaration, contributor, verdict, artifactId, at } = record;
  const salt = contributor === null ? null : randomBytes(SALT_BYTES);
  const policy = formatFullPolicyRef(verdict.policy);
  const situations = verdict.reasons.map(({ situation }) => situation);
  await db.transaction(async (tx) => {
    await tx.query({
      name: 'upload-check',
      text: `insert into upload_checks (id, key_id, surface, sha256, declaration, contributor, salt, action, situations, policy, artifact_id, checked_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12)`,
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
      ],
    });
    await journal.recordIn(tx, {}, [
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
});
export type StoredUpload = z.output<typeof row>;

/** An earlier answer to the same key; null for ids of other keys too. */
export async function findUpload(db: Queryable, id: string, keyId: string): Promise<StoredUpload | null> {
  const { rows } = await db.query({
    text: 'select id, sha256, declaration, contributor, action, situations, policy, checked_at from upload_checks where id = $1 and key_id = $2',
    values: [id, keyId],
  });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}
