import { z } from 'zod';
import type { CaseId } from '../../contracts/ids.ts';
import { bandsNear, PDQ_MATCH_DISTANCE } from '../../registries/pdq/pdq-bands.ts';
import { formatPdq, type PdqBits, parsePdq } from '../../registries/pdq/pdq-bits.ts';
import type { Queryable } from '../../storage/database.ts';
import type { ReviewCase } from '../case-store.ts';

const hashRow = z.object({ media_id: z.string(), width: z.number(), height: z.number(), pdq: z.string().nullable() });

/** What is known of a picture of a case without opening it. */
export interface KnownPicture {
  readonly mediaId: string;
  readonly width: number;
  readonly height: number;
  readonly pdq: PdqBits | null;
}

export async function picturesOf(db: Queryable, caseId: CaseId): Promise<readonly KnownPicture[]> {
  const { rows } = await db.query({
    name: 'pictures-of-case',
    text: 'select media_id, width, height, pdq::text as pdq from case_pictures where case_id = $1',
    values: [caseId],
  });
  return rows.map((one) => {
    const { media_id: mediaId, width, height, pdq } = hashRow.parse(one);
    return { mediaId, width, height, pdq: pdq === null ? null : (parsePdq(hexOf(pdq)) ?? null) };
  });
}

function hexOf(bits: string): string {
  return (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16)).join('');
}

/** Pictures to search with, as statements take them. */
interface Probe {
  readonly bands: readonly number[];
  readonly bits: readonly string[];
}

/** Null where no picture has a hash. */
export function probeOf(pictures: readonly KnownPicture[]): Probe | null {
  const hashes = pictures.flatMap(({ pdq }) => (pdq === null ? [] : [pdq]));
  if (hashes.length === 0) return null;
  return { bands: hashes.flatMap(bandsNear), bits: hashes.map((hash) => `x${formatPdq(hash)}`) };
}

/** The bands stand in a subquery so that the planner looks them up in the index instead of reading the table. */
const NEAR = `select p.case_id, min(bit_count(p.pdq # near.pdq))::int as distance
  from case_pictures p cross join unnest($2::bit(256)[]) near(pdq)
  where p.bands && (select $1::int[]) and bit_count(p.pdq # near.pdq) <= ${PDQ_MATCH_DISTANCE} group by p.case_id`;

const similarRow = z.object({
  id: z.templateLiteral(['case_', z.string()]),
  decision: z.string(),
  closed_at: z.date(),
  distance: z.coerce.number().nullable(),
});

export interface SimilarCase {
  readonly caseId: CaseId;
  readonly decision: string;
  readonly decidedAt: Date;
  /** Differing bits of the hash, 0–31; null where the words of the prompt are the same. */
  readonly distance: number | null;
}

interface Search {
  readonly found: ReviewCase;
  readonly probe: Probe | null;
  /** The queues that the asker may know of. */
  readonly queues: readonly string[];
  readonly limit: number;
}

const NOBODY: Probe = { bands: [], bits: [] };

/** Decided cases that show or ask the same, the most alike first. */
export async function similarCases(db: Queryable, { found, probe, queues, limit }: Search): Promise<readonly SimilarCase[]> {
  const { bands, bits } = probe ?? NOBODY;
  const { rows } = await db.query({
    name: 'similar-cases',
    text: `with near as materialized (${NEAR}), same as (
        select case_id, distance from near
        union all
        (select id, null from cases where prompt_digest = $3 and closed_at is not null and replays is null
          and ($7::text is null or generation_id is distinct from $7) order by closed_at desc limit $6)
      ), alike as (select case_id, min(distance) as distance from same group by case_id)
      select c.id, d.decision, c.closed_at, a.distance from alike a join cases c on c.id = a.case_id
        cross join lateral (select decision from case_decisions where case_id = c.id and undone_at is null and effect <> 'none' order by seq desc limit 1) d
      where c.id <> $4 and c.closed_at is not null and c.replays is null and c.queue = any ($5::text[])
        and ($7::text is null or c.generation_id is distinct from $7)
      order by a.distance nulls last, c.closed_at desc limit $6`,
    values: [bands, bits, found.promptDigest, found.id, queues, limit, found.kind === 'upload' ? null : found.generationId],
  });
  return rows.map((one) => {
    const { id: caseId, decision, closed_at: decidedAt, distance } = similarRow.parse(one);
    return { caseId, decision, decidedAt, distance };
  });
}

const idRow = z.object({ id: z.templateLiteral(['case_', z.string()]) });
const MOST_IN_CLUSTER = 500;

/** Open cases of the same queue and stage that show the same, or ask the same where there is no picture; nobody works on them. The case itself first. */
export async function clusterOf(db: Queryable, found: ReviewCase, probe: Probe | null): Promise<readonly CaseId[]> {
  const { bands, bits } = probe ?? NOBODY;
  const { rows } = await db.query({
    name: 'cluster-of-case',
    text: `with near as materialized (${NEAR}), same as (
        select case_id from near
        union
        (select id from cases where prompt_digest = $3 and stage = 'prompt' and $4 = 'prompt' and state in ('open', 'escalated') limit ${MOST_IN_CLUSTER})
      )
      select c.id from same s join cases c on c.id = s.case_id
      where c.id <> $5 and c.state in ('open', 'escalated') and c.queue = $6 and c.kind = $7 and c.stage is not distinct from $4
        and c.replays is null and (c.lease_until is null or c.lease_until <= clock_timestamp())
      order by c.opened_at, c.id limit ${MOST_IN_CLUSTER}`,
    values: [bands, bits, found.promptDigest, found.stage, found.id, found.queue, found.kind],
  });
  return [found.id, ...rows.map((one) => idRow.parse(one).id)];
}

const takedownRow = z.object({ artifact_id: z.string(), reason: z.string(), distance: z.coerce.number() });

export interface TakenDownLookAlike {
  readonly artifactId: string;
  readonly reason: string;
  readonly distance: number;
}

/** Of what is restricted nobody learns who is not cleared for it: neither what was made nor what was reported. */
const RESTRICTED = `select 1 from artifacts a join cases k on k.generation_id = a.generation_id where a.id = c.artifact_id and k.restricted
  union all select 1 from notice_targets nt join notices no on no.id = nt.notice_id join cases k on k.id = no.case_id
    where nt.artifact_id = c.artifact_id and k.restricted`;

interface TakedownsWanted {
  /** Whether who asks may learn of suspected child abuse material. */
  readonly isCleared: boolean;
  readonly limit: number;
}

/** Published pictures that were taken down and look like these. */
export async function takenDownLookAlikes(
  db: Queryable,
  probe: Probe | null,
  { isCleared, limit }: TakedownsWanted,
): Promise<readonly TakenDownLookAlike[]> {
  if (probe === null) return [];
  const { rows } = await db.query({
    name: 'taken-down-look-alikes',
    text: `with near as materialized (
        select b.manifest_id, min(bit_count(b.pdq # near.pdq))::int as distance
        from credential_bindings b cross join unnest($2::bit(256)[]) near(pdq)
        where b.bands && (select $1::int[]) and bit_count(b.pdq # near.pdq) <= ${PDQ_MATCH_DISTANCE} group by b.manifest_id
      )
      select c.artifact_id, t.reason, min(n.distance) as distance
      from near n join credentials c using (manifest_id) join takedowns t on t.artifact_id = c.artifact_id
      where $4 or not exists (${RESTRICTED})
      group by c.artifact_id, t.reason order by distance, c.artifact_id limit $3`,
    values: [probe.bands, probe.bits, limit, isCleared],
  });
  return rows.map((one) => {
    const { artifact_id: artifactId, reason, distance } = takedownRow.parse(one);
    return { artifactId, reason, distance };
  });
}
