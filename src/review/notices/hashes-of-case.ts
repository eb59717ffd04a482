import { z } from 'zod';
import type { Queryable } from '../../storage/database.ts';
import type { StayDownHash } from './stay-down.ts';

const row = z.object({ algorithm: z.enum(['pdq', 'sha256']), value: z.string() });

const HASHES = `select 'pdq' as algorithm, h.pdq::text as value from notice_hashes h join notices n on n.id = h.notice_id
  where n.case_id = $1 and h.orientation = 0
union select 'pdq', b.pdq::text from credential_bindings b join credentials c using (manifest_id) where c.artifact_id = any($2) and b.pdq is not null
union select 'sha256', picture_sha256 from notices where case_id = $1 and picture_sha256 is not null
union select 'sha256', published_sha256 from artifacts where id = any($2) and published_sha256 is not null`;

/** Every hash of what a case is about: those that reporters sent, of the picture they showed, and of the pictures of ours. */
export async function hashesOfCase(db: Queryable, caseId: string, artifactIds: readonly string[]): Promise<readonly StayDownHash[]> {
  const { rows } = await db.query({ text: HASHES, values: [caseId, artifactIds] });
  return rows.map((found) => {
    const { algorithm, value } = row.parse(found);
    return { algorithm, value: algorithm === 'pdq' ? hexOf(value) : value };
  });
}

/** 256 binary digits, as the database writes them, as 64 hex digits. */
function hexOf(bits: string): string {
  return bits.replace(/.{4}/g, (nibble) => Number.parseInt(nibble, 2).toString(16));
}
