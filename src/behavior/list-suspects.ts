import { z } from 'zod';
import type { Queryable } from '../storage/database.ts';
import { peopleOf } from './mark-store.ts';
import { probingNow } from './score-behavior.ts';
import { againstIn } from './suspect-store.ts';
import { HALF_LIFE_MS } from './suspect-table.ts';
import { fadedBy } from './topic.ts';

const row = z.object({
  key_low: z.coerce.number(),
  seen_at: z.date(),
  age_ms: z.coerce.number(),
  refused: z.number(),
  mutations_refused: z.number(),
  mutations_passed: z.number(),
  shared: z.number(),
  is_last_refused: z.boolean(),
  words: z.array(z.coerce.number()),
});

/** Who has most against them now, as far as processes have told; counts as they have faded until now. */
export async function listSuspects(db: Queryable, limit: number) {
  const { rows } = await db.query({
    text: `select key_low, seen_at, refused, mutations_refused, mutations_passed, shared, is_last_refused, words,
             extract(epoch from clock_timestamp() - seen_at) * 1000 as age_ms
           from behavior_suspects
           order by (refused + 3 * mutations_refused + 2 * mutations_passed + shared)
             * power(0.5, extract(epoch from clock_timestamp() - seen_at) * 1000 / $2::float8) desc limit $1`,
    values: [limit, HALF_LIFE_MS],
  });
  const found = rows.map((one) => row.parse(one));
  const people = await peopleOf(
    db,
    found.map(({ key_low: account }) => account),
  );
  return found.map(({ key_low: account, seen_at: seenAt, age_ms: age, is_last_refused: last_refused, words, ...counts }) => {
    const fading = 0.5 ** (Math.max(0, age) / HALF_LIFE_MS);
    const faded = {
      refused: counts.refused * fading,
      mutations_refused: counts.mutations_refused * fading,
      mutations_passed: counts.mutations_passed * fading,
      shared: counts.shared * fading,
    };
    const { asked, topics } = againstIn(words);
    const suspicion = { asked: asked * fading, refused: faded.refused, shared: faded.shared, isLastRefused: last_refused };
    const person = people.get(account);
    const probing = probingNow({ suspicion, topics: fadedBy(topics, fading) });
    return { user: person?.userDigest ?? null, application: person?.application ?? null, probing, ...faded, last_refused, seenAt };
  });
}
