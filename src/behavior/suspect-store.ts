import { z } from 'zod';
import type { Database } from '../storage/database.ts';
import { HALF_LIFE_MS, type SuspectRow } from './suspect-table.ts';
import { weightOf } from './topic.ts';
import { packTopics, unpackTopics } from './topics.ts';

const row = z.object({
  key_low: z.coerce.number(),
  key_high: z.coerce.number(),
  seen_at: z.date(),
  refused: z.number(),
  shared: z.number(),
  is_last_refused: z.boolean(),
  words: z.array(z.coerce.number()),
  written: z.coerce.bigint(),
});

/** What is known of suspects, as processes share it. Counts and hashes; no words, no names. */
export interface SuspectStore {
  /** Adds what this process knows; where another knows more, the higher count stays. */
  save(rows: readonly SuspectRow[]): Promise<void>;
  /** What was written since the last call, by anybody, oldest first. The first call gives what the last `days` brought. */
  news(): Promise<readonly SuspectRow[]>;
  /** Deletes what faded away. */
  sweep(): Promise<void>;
}

/** After so many days less than a thousandth of any count is left. */
const DAYS = 14;
const AT_ONCE = 2_000;

const LATER = 'greatest(b.seen_at, excluded.seen_at)';
/** A count as it has faded by the later of both times. */
const faded = (row: 'b' | 'excluded', count: string) =>
  `(${row}.${count} * power(0.5, extract(epoch from ${LATER} - ${row}.seen_at) * 1000 / ${HALF_LIFE_MS}))::real`;
const higher = (count: string) => `${count} = greatest(${faded('b', count)}, ${faded('excluded', count)})`;
/** Whoever knows the later time knows the topics; who writes late adds counts alone, and learns the topics with the next news. */
const TAKEN_IN = `${['refused', 'mutations_refused', 'mutations_passed', 'shared'].map(higher).join(', ')},
  is_last_refused = case when excluded.seen_at >= b.seen_at then excluded.is_last_refused else b.is_last_refused end,
  words = case when excluded.seen_at >= b.seen_at then excluded.words else b.words end, seen_at = ${LATER}, written = excluded.written`;

export function createSuspectStore(db: Database): SuspectStore {
  let last = 0n;
  return {
    async save(rows) {
      for (let start = 0; start < rows.length; start += AT_ONCE) {
        const some = rows
          .slice(start, start + AT_ONCE)
          .map(({ key: [low, high], seenAtMs, refused, shared, isLastRefused, asked, topics }) => {
            const [strongest] = [...topics].sort((a, b) => weightOf(b) - weightOf(a));
            return {
              ...{ low, high, seen: new Date(seenAtMs).toISOString(), refused, shared, isLastRefused },
              mutationsRefused: Math.max(0, (strongest?.refused ?? 0) - 1),
              mutationsPassed: strongest?.passed ?? 0,
              words: [Math.round(asked * 1000), ...packTopics(topics)],
            };
          });
        await db.query({
          text: `insert into behavior_suspects as b (key_low, key_high, seen_at, refused, mutations_refused, mutations_passed, shared, is_last_refused, words, written)
                 select low, high, seen, refused, "mutationsRefused", "mutationsPassed", shared, "isLastRefused", words, nextval('behavior_writes')
                 from jsonb_to_recordset($1::jsonb) as n (low bigint, high bigint, seen timestamptz, refused real, "mutationsRefused" real,
                   "mutationsPassed" real, shared real, "isLastRefused" boolean, words bigint[])
                 order by low, high
                 on conflict (key_low, key_high) do update set ${TAKEN_IN}`,
          values: [JSON.stringify(some)],
        });
      }
    },
    async news() {
      const { rows } = await db.query({
        name: 'behavior-news',
        // A number is drawn before its transaction commits, so the last hundred are read again.
        text: `select key_low, key_high, seen_at, refused, shared, is_last_refused, words, written
               from behavior_suspects where written > $1::bigint - 100 and seen_at > clock_timestamp() - make_interval(days => $2) order by written limit $3`,
        values: [String(last), DAYS, 50_000],
      });
      const found = rows.map((one) => row.parse(one));
      last = found.at(-1)?.written ?? last;
      return found.map((one) => ({
        key: [one.key_low, one.key_high] as const,
        seenAtMs: one.seen_at.getTime(),
        ...againstIn(one.words),
        refused: one.refused,
        shared: one.shared,
        isLastRefused: one.is_last_refused,
      }));
    },
    async sweep() {
      await db.query({
        text: 'delete from behavior_suspects where seen_at < clock_timestamp() - make_interval(days => $1)',
        values: [DAYS],
      });
    },
  };
}

/** What a row has in its numbers: how much was asked, in thousandths, then the topics. */
export function againstIn(numbers: readonly number[]): Pick<SuspectRow, 'asked' | 'topics'> {
  const [asked = 0, ...packed] = numbers;
  const topics = unpackTopics(packed);
  // Rows of an earlier release have words alone.
  return { asked: topics.length === 0 ? 0 : asked / 1000, topics };
}
