import { z } from 'zod';
import { arrayOf, quotedArrayOf } from '../../storage/array-text.ts';
import type { Queryable } from '../../storage/database.ts';
import { FLUSHED_BY_THE_NEXT } from '../../storage/flushed-by-the-next.ts';
import { type Answer, type Ask, readAnswers, TAKEN_FROM_COUNTERS } from '../limits/counter-store.ts';
import { IN_FORCE } from '../standing/measure.ts';

/** A claim of an end user, used up for one request. */
export interface ClaimUse {
  readonly application: string;
  /** Hex. */
  readonly hash: string;
  /** Of the request that it is used for. */
  readonly bodyDigest: string;
  /** Nobody believes it any more. */
  readonly until: Date;
}

const obstacle = z
  .tuple([
    z.string(),
    z.string(),
    z.enum(['ban', 'suspend', 'step_up', 'limit']),
    z.number().nullable(),
    z.string().nullable(),
    z.string().nullable(),
  ])
  .transform(([userDigest, id, action, until, decisionId, generationId]) => ({
    userDigest,
    id,
    action,
    until: until === null ? null : new Date(until),
    decisionId,
    generationId,
  }));

/** A measure that stands in an end user's way now. */
export type Obstacle = z.output<typeof obstacle>;

/** For this request `again`: it came before, and this is a retry of it. */
export type ClaimUsed = 'first' | 'again';

interface Asked {
  /** No claim twice. */
  readonly claims?: readonly ClaimUse[];
  /** Of users. */
  readonly digests?: readonly string[];
  /** No count twice. */
  readonly asks?: readonly Ask[];
}

export interface Told {
  /** By `claimName`. Missing: it was used for another request. */
  readonly used: ReadonlyMap<string, ClaimUsed>;
  /** The gravest first. */
  readonly obstacles: readonly Obstacle[];
  /** By subject. Missing: there is no such limit any more. */
  readonly answers: ReadonlyMap<string, Answer>;
}

/**
 * What has to be known before anybody is let in, in one statement and one commit: because a round trip costs more than any of its parts. Claims are locked in
 * their order and before counters, and counters in theirs, so that statements wait for each other and never in a circle.
 */
const ASK = `
with ${FLUSHED_BY_THE_NEXT},
used as (
  insert into used_claims as c (application, claim_hash, body_digest, expires_at)
  select u.application, decode(u.hash, 'hex'), u.body_digest, to_timestamp(u.until / 1000.0)
  from unnest($11::text[], $12::text[], $13::text[], $14::bigint[]) as u (application, hash, body_digest, until)
  order by u.application, u.hash
  on conflict (application, claim_hash) do update set expires_at = c.expires_at where c.body_digest = excluded.body_digest
  returning application, claim_hash, xmax = 0 as is_first
),
claims_first as materialized (select coalesce(string_agg(case when is_first then '+' else '-' end || encode(claim_hash, 'hex') || application, E'\\n'), '') as names from used),
put as (${TAKEN_FROM_COUNTERS})
select
  (select names from claims_first) as used,
  (select coalesce(json_agg(json_build_array(user_digest, id, action, (extract(epoch from until) * 1000)::bigint, decision_id, generation_id)
      order by array_position(array['ban', 'suspend', 'step_up', 'limit'], action), until desc nulls first)::text, '')
    from user_measures where user_digest = any ($10::text[]) and ${IN_FORCE} and action not in ('warn', 'strike')) as obstacles,
  (select coalesce(string_agg(subject || ',' || array_to_string(s, ','), ';'), '') from put) as answers
from flushed_by_the_next`;

const row = z.object({ used: z.string(), obstacles: z.string(), answers: z.string() });

/** @param clockUs for tests: µs since 1970; 0 is the clock of the database */
export async function askTogether(db: Queryable, { claims = [], digests = [], asks = [] }: Asked, clockUs = 0): Promise<Told> {
  const { rows } = await db.query({
    name: 'door',
    text: ASK,
    values: [
      clockUs,
      arrayOf(asks.map(({ subject }) => subject)),
      quotedArrayOf(asks.map(({ rule }) => rule)),
      quotedArrayOf(asks.map(({ tightenedBy }) => tightenedBy.join(' '))),
      arrayOf(asks.map(({ need }) => need)),
      arrayOf(asks.map(({ least }) => least)),
      arrayOf(asks.map(({ extra }) => extra)),
      arrayOf(asks.map(({ back }) => back?.end ?? 0)),
      arrayOf(asks.map(({ back }) => back?.amount ?? 0)),
      quotedArrayOf(digests),
      quotedArrayOf(claims.map(({ application }) => application)),
      arrayOf(claims.map(({ hash }) => hash)),
      quotedArrayOf(claims.map(({ bodyDigest }) => bodyDigest)),
      arrayOf(claims.map(({ until }) => until.getTime())),
    ],
  });
  const { used, obstacles, answers } = row.parse(rows[0]);
  return {
    used: new Map(used === '' ? [] : used.split('\n').map((name) => [name.slice(1), name.startsWith('+') ? 'first' : 'again'])),
    obstacles: obstacles === '' ? [] : z.array(obstacle).parse(JSON.parse(obstacles)),
    answers: readAnswers(answers),
  };
}

export const claimName = ({ application, hash }: Pick<ClaimUse, 'application' | 'hash'>) => `${hash}${application}`;
