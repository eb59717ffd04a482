import { z } from 'zod';
import { bandsNear, PDQ_MATCH_DISTANCE } from '../registries/pdq/pdq-bands.ts';
import { formatPdq, type PdqBits } from '../registries/pdq/pdq-bits.ts';
import { around, type Found, type SearchParts } from './found.ts';
import { searchReplays } from './search-replays.ts';

const MOST = 50;

const idRow = z.object({ generation_id: z.string().nullable(), case_id: z.string().nullable() });

/** By an id: of a generation, a request, an artifact, a decision, a case, an upload, or the SHA-256 of a file. */
export async function searchById(query: string, parts: SearchParts): Promise<Found> {
  const replay = await searchReplays(query, parts);
  const found = await searchRecords(query, parts);
  return replay ?? found;
}

async function searchRecords(query: string, parts: SearchParts): Promise<Found> {
  const { rows } = await parts.db.query({
    text: `select id as generation_id, null as case_id from generations where id = $1 or request_id = $1
      union select generation_id, null from artifacts where id = $1 or published_sha256 = $1
      union select generation_id, null from decisions where id = $1
      union select generation_id, id from cases where (id = $1 or upload_id = $1) and replays is null
      union select null, case_id from upload_checks where sha256 = $1 and case_id is not null
      limit ${MOST}`,
    values: [query],
  });
  const ids = rows.map((row) => idRow.parse(row));
  const generations = ids.flatMap(({ generation_id: id }) => (id === null ? [] : [id]));
  const cases = ids.flatMap(({ case_id: id }) => (id === null ? [] : [id]));
  return around(generations, cases, parts);
}

const nearRow = z.object({ artifact_id: z.string(), generation_id: z.string(), distance: z.coerce.number() });
const nearCaseRow = z.object({ case_id: z.string() });

/** A picture of ours that a picture looks like. */
export interface PictureMatch {
  readonly by: 'watermark' | 'hash';
  readonly artifact_id: string;
  readonly distance: number | null;
}

interface SeenPicture {
  /** What its invisible mark leads to. */
  readonly marked: string | null;
  /** SHA-256 of the file. */
  readonly sha256: string;
  readonly pdq: PdqBits | null;
}

/** By a picture: its mark, its bytes, and what it looks like. */
export async function searchByPicture({ marked, sha256, pdq }: SeenPicture, parts: SearchParts) {
  const { db } = parts;
  const probe = [pdq === null ? [] : bandsNear(pdq), pdq === null ? null : `x${formatPdq(pdq)}`, PDQ_MATCH_DISTANCE];
  const [near, cases, exact] = await Promise.all([
    db.query({
      text: `with near as materialized (
          select manifest_id, min(bit_count(pdq # $2::bit(256)))::int as distance from credential_bindings
          where bands && (select $1::int[]) and bit_count(pdq # $2::bit(256)) <= $3 group by manifest_id
        )
        select c.artifact_id, a.generation_id, min(n.distance) as distance from near n join credentials c using (manifest_id)
        join artifacts a on a.id = c.artifact_id group by 1, 2 order by 3 limit ${MOST}`,
      values: probe,
    }),
    db.query({
      text: `select distinct p.case_id from case_pictures p join cases c on c.id = p.case_id and c.replays is null
             where p.bands && (select $1::int[]) and bit_count(p.pdq # $2::bit(256)) <= $3 limit ${MOST}`,
      values: probe,
    }),
    searchById(sha256, parts),
  ]);
  const alike = near.rows.map((row) => nearRow.parse(row));
  const byMark = marked === null ? null : await searchById(marked, parts);
  const generations = [
    ...alike.map(({ generation_id: id }) => id),
    ...[exact, byMark].flatMap((one) => one?.generations ?? []).map(({ id }) => id),
  ];
  const caseIds = [...cases.rows.map((row) => nearCaseRow.parse(row).case_id), ...exact.cases.map(({ id }) => id)];
  const found = await around([...new Set(generations)], caseIds, parts);
  const shown = new Set(found.artifacts.map(({ id }) => id));
  const matches: readonly PictureMatch[] = [
    ...(marked === null ? [] : [{ by: 'watermark' as const, artifact_id: marked, distance: null }]),
    ...exact.artifacts.map(({ id }) => ({ by: 'hash' as const, artifact_id: id, distance: 0 })),
    ...alike.map(({ artifact_id, distance }) => ({ by: 'hash' as const, artifact_id, distance })),
  ];
  const once = new Map(matches.filter((one) => shown.has(one.artifact_id)).map((one) => [`${one.by} ${one.artifact_id}`, one]));
  return { ...found, matches: [...once.values()] };
}
