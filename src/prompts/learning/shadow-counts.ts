import { z } from 'zod';
import type { Category } from '../../contracts/category.ts';
import type { Queryable } from '../../storage/database.ts';

/** Whether champion and challenger would have flagged a prompt for a category. */
export type ShadowOutcome = 'neither' | 'both_flag' | 'champion_only' | 'challenger_only';

/** One line of counts; nothing of a prompt. */
export interface ShadowCount {
  readonly modelId: string;
  /** Digest of the champion of that time. */
  readonly champion: string;
  readonly category: string;
  readonly outcomes: Readonly<Record<ShadowOutcome, number>>;
}

export interface ShadowTally {
  add(at: { readonly modelId: string; readonly champion: string }, category: Category, outcome: ShadowOutcome): void;
  /** Adds what was counted since the last time to the table. When that fails the counts are kept for the next time. */
  flush(db: Queryable): Promise<void>;
}

export function createShadowTally(): ShadowTally {
  let waiting = new Map<string, ShadowCount & { readonly outcomes: Record<ShadowOutcome, number> }>();

  function lineOf(modelId: string, champion: string, category: string) {
    const key = `${modelId} ${champion} ${category}`;
    const line = waiting.get(key) ?? {
      modelId,
      champion,
      category,
      outcomes: { neither: 0, both_flag: 0, champion_only: 0, challenger_only: 0 },
    };
    waiting.set(key, line);
    return line;
  }

  return {
    add({ modelId, champion }, category, outcome) {
      lineOf(modelId, champion, category).outcomes[outcome] += 1;
    },
    async flush(db) {
      if (waiting.size === 0) return;
      const taken = waiting;
      waiting = new Map();
      try {
        const lines = [...taken.values()].map(({ modelId, champion, category, outcomes }) => ({
          modelId,
          champion,
          category,
          ...outcomes,
        }));
        await db.query({ text: ADD, values: [JSON.stringify(lines)] });
      } catch (error) {
        for (const { modelId, champion, category, outcomes } of taken.values()) {
          const line = lineOf(modelId, champion, category);
          line.outcomes.neither += outcomes.neither;
          line.outcomes.both_flag += outcomes.both_flag;
          line.outcomes.champion_only += outcomes.champion_only;
          line.outcomes.challenger_only += outcomes.challenger_only;
        }
        throw error;
      }
    },
  };
}

/** In one order, so that two processes that add at once do not lock each other out. */
const ADD = `
insert into prompt_model_shadow as s (model_id, champion, category, neither, both_flag, champion_only, challenger_only)
select "modelId", champion, category, neither, both_flag, champion_only, challenger_only
from jsonb_to_recordset($1::jsonb) as x("modelId" text, champion text, category text, neither bigint, both_flag bigint, champion_only bigint, challenger_only bigint)
order by 1, 2, 3
on conflict (model_id, champion, category) do update set neither = s.neither + excluded.neither, both_flag = s.both_flag + excluded.both_flag,
  champion_only = s.champion_only + excluded.champion_only, challenger_only = s.challenger_only + excluded.challenger_only`;

const count = z.coerce.number();
const shadowRow = z.object({
  model_id: z.string(),
  champion: z.string(),
  category: z.string(),
  neither: count,
  both_flag: count,
  champion_only: count,
  challenger_only: count,
});

/** What models in shadow said so far. */
export async function listShadow(db: Queryable): Promise<readonly ShadowCount[]> {
  const { rows } = await db.query({ text: 'select * from prompt_model_shadow order by model_id, champion, category' });
  return rows.map((row) => {
    const { model_id: modelId, champion, category, ...outcomes } = shadowRow.parse(row);
    return { modelId, champion, category, outcomes };
  });
}
