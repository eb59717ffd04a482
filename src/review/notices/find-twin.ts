import { z } from 'zod';
import type { CaseId } from '../../contracts/ids.ts';
import { bandsNear, PDQ_MATCH_DISTANCE } from '../../registries/pdq/pdq-bands.ts';
import { formatPdq, type PdqBits } from '../../registries/pdq/pdq-bits.ts';
import type { Queryable } from '../../storage/database.ts';
import type { NoticeKind } from './notice-kinds.ts';

/** By what two notices are told to be about one thing. */
export interface Twinnable {
  readonly kind: NoticeKind;
  readonly region: string | null;
  readonly artifactIds: readonly string[];
  readonly urlDigests: readonly string[];
  readonly hashes: readonly PdqBits[];
}

const row = z.object({ case_id: z.templateLiteral(['case_', z.string()]) });

const TWIN = `select n.case_id from notices n join cases c on c.id = n.case_id and c.state in ('open', 'escalated')
where n.state = 'open' and n.kind = $1 and n.region is not distinct from $2 and (
  n.url_digests && $3
  or exists (select 1 from notice_targets t where t.notice_id = n.id and t.artifact_id = any($4))
  or n.id in (select h.notice_id from notice_hashes h cross join unnest($5::bit(256)[]) near(pdq)
              where h.bands && (select $6::int[]) and bit_count(h.pdq # near.pdq) <= $7))
order by n.received_at limit 1`;

/** The open case of an earlier notice about the same picture or address, of the same kind and country; null when there is none. */
export async function findTwin(tx: Queryable, { kind, region, artifactIds, urlDigests, hashes }: Twinnable): Promise<CaseId | null> {
  const near = hashes.map((bits) => `x${formatPdq(bits)}`);
  const bands = hashes.flatMap(bandsNear);
  const { rows } = await tx.query({ text: TWIN, values: [kind, region, urlDigests, artifactIds, near, bands, PDQ_MATCH_DISTANCE] });
  return rows[0] === undefined ? null : row.parse(rows[0]).case_id;
}
