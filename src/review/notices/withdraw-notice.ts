import { ImprimaturError } from '../../contracts/errors.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Journal } from '../../ledger/journal.ts';
import type { Database } from '../../storage/database.ts';
import type { Notice } from './notice-store.ts';

interface WithdrawParts {
  readonly db: Database;
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly evidence: Pick<EvidenceStore, 'shred'>;
}

/**
 * A reporter takes a notice back: what they wrote, who they are, their hashes and picture are deleted. The case goes on, since what was said cannot be
 * unknown; of suspected child abuse everything is kept, because it may be evidence of a crime.
 * @throws ImprimaturError CASE_NOT_OPEN when it was decided or withdrawn
 */
export async function withdrawNotice({ id, kind, picture_blob: picture }: Notice, { db, journal, evidence }: WithdrawParts): Promise<void> {
  const keeps = kind === 'child_abuse';
  await db.transaction(async (tx) => {
    const { rowCount } = await tx.query({
      text: `update notices set state = 'withdrawn', withdrawn_at = clock_timestamp(), body = case when $2 then body end,
               picture_blob = case when $2 then picture_blob end, picture_sha256 = case when $2 then picture_sha256 end,
               url_digests = case when $2 then url_digests else '{}' end
             where id = $1 and state = 'open'`,
      values: [id, keeps],
    });
    if (rowCount === 0) throw new ImprimaturError('CASE_NOT_OPEN');
    if (!keeps) await tx.query({ text: 'delete from notice_hashes where notice_id = $1', values: [id] });
    await journal.recordIn(tx, {}, [{ kind: 'notice.withdrawn', notice: id, deleted: !keeps }]);
  });
  if (!keeps && picture !== null) await evidence.shred(picture);
}
