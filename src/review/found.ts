import { z } from 'zod';
import { rolesAllow } from '../access/permissions.ts';
import type { Queryable } from '../storage/database.ts';
import type { Queues } from './queues.ts';
import { type Staff, visibleQueues } from './sight.ts';

const generationRow = z.object({ id: z.string(), surface: z.string(), model: z.string(), state: z.string(), created_at: z.date() });
const artifactRow = z.object({ id: z.string(), generation_id: z.string(), created_at: z.date(), taken_down: z.boolean() });
const caseRow = z.object({ id: z.string(), kind: z.string(), state: z.string(), queue: z.string(), opened_at: z.date() });

/** What a search finds: ids and codes, nothing that a person wrote. */
export interface Found {
  readonly generations: readonly z.output<typeof generationRow>[];
  readonly artifacts: readonly z.output<typeof artifactRow>[];
  readonly cases: readonly z.output<typeof caseRow>[];
}

export interface SearchParts {
  readonly db: Queryable;
  readonly staff: Staff;
  readonly queues: Queues;
}

const MOST = 50;

/** Generations of ids, with their pictures and cases. Of what belongs to a case that is not for the asker nothing is found. */
export async function around(
  generations: readonly string[],
  caseIds: readonly string[],
  { db, staff, queues }: SearchParts,
): Promise<Found> {
  const visible = visibleQueues(staff, queues).map(({ id }) => id);
  const isCleared = rolesAllow(staff.roles, 'cases.restricted');
  const [found, artifacts, cases] = await Promise.all([
    db.query({
      text: `select id, surface, model, state, created_at from generations g where id = any ($1::text[])
               and ($2 or not exists (select 1 from cases c where c.generation_id = g.id and c.restricted)) order by id limit ${MOST}`,
      values: [generations, isCleared],
    }),
    db.query({
      text: `select a.id, a.generation_id, a.created_at, t.artifact_id is not null as taken_down
             from artifacts a left join takedowns t on t.artifact_id = a.id where a.generation_id = any ($1::text[]) and a.kind = 'final'
               and ($2 or not exists (select 1 from cases c where c.generation_id = a.generation_id and c.restricted)) order by a.id limit ${MOST}`,
      values: [generations, isCleared],
    }),
    db.query({
      text: `select id, kind, state, queue, opened_at from cases
             where (generation_id = any ($1::text[]) and replays is null or id = any ($2::text[])) and queue = any ($3::text[]) order by id limit ${MOST}`,
      values: [generations, caseIds, visible],
    }),
  ]);
  return {
    generations: found.rows.map((row) => generationRow.parse(row)),
    artifacts: artifacts.rows.map((row) => artifactRow.parse(row)),
    cases: cases.rows.map((row) => caseRow.parse(row)),
  };
}
