import { z } from 'zod';
import { PDQ_ALGORITHM } from '../../registries/pdq/pdq-algorithm.ts';
import { bandsNear, PDQ_MATCH_DISTANCE } from '../../registries/pdq/pdq-bands.ts';
import { formatPdq, type PdqBits, pdqFromBytes } from '../../registries/pdq/pdq-bits.ts';
import type { Queryable } from '../../storage/database.ts';
import { CREDENTIAL_FORMATS, type CredentialFormat } from '../image-format.ts';
import type { CredentialSegment } from './credential-segment.ts';
import type { Binding } from './manifest-store.ts';

/** A credential that left with a picture. */
export interface CredentialRecord {
  readonly manifestId: string;
  readonly artifactId: string;
  readonly format: CredentialFormat;
  /** Hex, of the file as it left. */
  readonly signedSha256: string;
  readonly segment: CredentialSegment;
  /** The picture must not be spread any more. */
  readonly isTakenDown: boolean;
}

export interface Match {
  readonly manifestId: string;
  readonly artifactId: string;
  /** 0–100; 100 for a value that is equal. */
  readonly similarity: number;
  readonly isTakenDown: boolean;
}

/** The credentials of everything that was published, by all that they can be found by. */
export interface ManifestRepository {
  find(manifestId: string): Promise<CredentialRecord | null>;
  bySignedDigest(sha256: string): Promise<CredentialRecord | null>;
  /** @param sha256 of `strippedDigest` */
  byStrippedDigest(sha256: string): Promise<CredentialRecord | null>;
  /**
   * The best matches of a binding, the most similar first. A manifest that asserts another value under the same algorithm is none
   * (C2PA 2.4 §18.10.5.1).
   * @param limit 1–100
   */
  byBinding(binding: Binding, limit: number): Promise<readonly Match[]>;
  /** The same of several perceptual hashes at once, such as those of one picture turned and mirrored; a manifest may come twice. */
  byHashes(hashes: readonly PdqBits[], limit: number): Promise<readonly Match[]>;
  /** How alike a picture of this hash is to the one that the manifest was signed for, 0–100; null when no hash was kept. */
  likeness(manifestId: string, pdq: PdqBits): Promise<number | null>;
  /** Nothing can be found by its pixels yet, so nobody needs to look at any. */
  isEmpty(): Promise<boolean>;
}

/** Two hashes of different pictures differ in about half of their bits. */
const UNRELATED_BITS = 128;

const TAKEN_DOWN = 'exists (select 1 from takedowns t where t.artifact_id = c.artifact_id) as is_taken_down';
const RECORD = `select manifest_id, artifact_id, format, signed_sha256, segment, segment_offset, moving, ${TAKEN_DOWN} from credentials c`;

const BY_VALUE = `select b.manifest_id, c.artifact_id, 0 as distance, ${TAKEN_DOWN}
from credential_bindings b join credentials c using (manifest_id)
where b.alg = $1 and b.value = $2
  and not exists (select 1 from credential_bindings o where o.manifest_id = b.manifest_id and o.is_asserted and o.alg = b.alg and o.value <> b.value)
order by c.artifact_id limit $3`;

/**
 * The bands stand in a subquery so that the planner does not see them: it would take them for a quarter of the table and read it all, two seconds
 * at 100,000 rows (measured). Unseen it takes them for few, as they are, and looks them up in one pass over the index.
 */
const BY_PDQ = `with hits as materialized (
  select b.manifest_id, b.alg, near.pdq, min(bit_count(b.pdq # near.pdq))::int as distance
  from credential_bindings b cross join unnest($2::bit(256)[]) near(pdq)
  where b.bands && (select $1::int[]) and bit_count(b.pdq # near.pdq) <= $3
  group by b.manifest_id, b.alg, near.pdq order by distance limit 200
)
select h.manifest_id, c.artifact_id, h.distance, ${TAKEN_DOWN}
from hits h join credentials c using (manifest_id)
where not exists (select 1 from credential_bindings o
  where o.manifest_id = h.manifest_id and o.is_asserted and o.alg = h.alg and bit_count(o.pdq # h.pdq) > $3)
order by h.distance, c.artifact_id limit $4`;

const LIKENESS = `select min(bit_count(pdq # $2::bit(256)))::int as distance from credential_bindings where manifest_id = $1 and pdq is not null`;

const recordRow = z.object({
  manifest_id: z.string(),
  artifact_id: z.string(),
  format: z.enum(CREDENTIAL_FORMATS),
  signed_sha256: z.string(),
  segment: z.instanceof(Uint8Array),
  segment_offset: z.number(),
  moving: z.instanceof(Uint8Array),
  is_taken_down: z.boolean(),
});
const matchRow = z.object({ manifest_id: z.string(), artifact_id: z.string(), distance: z.number(), is_taken_down: z.boolean() });
const likenessRow = z.object({ distance: z.number().nullable() });

export function createManifestRepository(db: Queryable): ManifestRepository {
  let hasBindings = false;
  const one = async (name: string, where: string, value: string): Promise<CredentialRecord | null> => {
    const { rows } = await db.query({ name, text: `${RECORD} where ${where} order by artifact_id desc limit 1`, values: [value] });
    return rows[0] === undefined ? null : toRecord(rows[0]);
  };
  const byHashes = async (hashes: readonly PdqBits[], limit: number) => {
    const values = [hashes.flatMap(bandsNear), hashes.map(bitsOf), PDQ_MATCH_DISTANCE, limit];
    const { rows } = await db.query({ name: 'credentials-by-pdq', text: BY_PDQ, values });
    return rows.map(toMatch);
  };
  return {
    byHashes,
    find: (manifestId) => one('credential-by-id', 'manifest_id = $1', manifestId),
    bySignedDigest: (sha256) => one('credential-by-signed-hash', 'signed_sha256 = $1', sha256),
    byStrippedDigest: (sha256) => one('credential-by-stripped-hash', 'stripped_sha256 = $1', sha256),
    async byBinding({ alg, value }, limit) {
      if (alg === PDQ_ALGORITHM) {
        const pdq = pdqFromBytes(value);
        return pdq === null ? [] : byHashes([pdq], limit);
      }
      const { rows } = await db.query({ name: 'credentials-by-value', text: BY_VALUE, values: [alg, Buffer.from(value), limit] });
      return rows.map(toMatch);
    },
    async likeness(manifestId, pdq) {
      const { rows } = await db.query({ name: 'credential-likeness', text: LIKENESS, values: [manifestId, bitsOf(pdq)] });
      const { distance } = likenessRow.parse(rows[0]);
      return distance === null ? null : similarity(distance);
    },
    async isEmpty() {
      // What was published once is never taken out again.
      if (!hasBindings)
        hasBindings = (await db.query({ name: 'any-binding', text: 'select 1 from credential_bindings limit 1' })).rowCount !== 0;
      return !hasBindings;
    },
  };
}

/** As PostgreSQL reads bits. */
function bitsOf(pdq: PdqBits): string {
  return `x${formatPdq(pdq)}`;
}

function similarity(distance: number): number {
  return Math.max(0, Math.round(100 * (1 - distance / UNRELATED_BITS)));
}

function toRecord(row: unknown): CredentialRecord {
  const found = recordRow.parse(row);
  return {
    manifestId: found.manifest_id,
    artifactId: found.artifact_id,
    format: found.format,
    signedSha256: found.signed_sha256,
    segment: { segment: found.segment, offset: found.segment_offset, moving: found.moving },
    isTakenDown: found.is_taken_down,
  };
}

function toMatch(row: unknown): Match {
  const { manifest_id, artifact_id, distance, is_taken_down } = matchRow.parse(row);
  return { manifestId: manifest_id, artifactId: artifact_id, similarity: similarity(distance), isTakenDown: is_taken_down };
}
