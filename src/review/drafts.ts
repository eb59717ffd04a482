import { z } from 'zod';
import type { CaseId, StaffId } from '../contracts/ids.ts';
import type { Queryable } from '../storage/database.ts';
import { regionSchema } from './decision-store.ts';
import { CASE_DECISIONS } from './transitions.ts';

/** What somebody has filled in and not sent yet: kept here, so that a lost network or an ended lease loses no work. */
export const draftSchema = z.strictObject({
  decision: z.enum(CASE_DECISIONS).nullable().default(null),
  policy: z.string().max(200).nullable().default(null),
  reasons: z.array(z.string().max(100)).max(20).default([]),
  note: z.string().max(4000).nullable().default(null),
  regions: z.array(regionSchema).max(50).default([]),
});
export type Draft = z.output<typeof draftSchema>;

const row = z.object({ body: draftSchema, saved_at: z.date() });

export interface SavedDraft {
  readonly draft: Draft;
  readonly savedAt: Date;
}

/** One's own draft; nobody reads that of another. */
export async function draftOf(db: Queryable, caseId: CaseId, by: StaffId): Promise<SavedDraft | null> {
  const { rows } = await db.query({ text: 'select body, saved_at from case_drafts where case_id = $1 and by = $2', values: [caseId, by] });
  if (rows[0] === undefined) return null;
  const { body, saved_at: savedAt } = row.parse(rows[0]);
  return { draft: body, savedAt };
}

export async function saveDraft(db: Queryable, caseId: CaseId, by: StaffId, draft: Draft): Promise<SavedDraft> {
  const { rows } = await db.query({
    text: `insert into case_drafts (case_id, by, body) values ($1, $2, $3::jsonb)
           on conflict (case_id, by) do update set body = excluded.body, saved_at = clock_timestamp() returning body, saved_at`,
    values: [caseId, by, JSON.stringify(draft)],
  });
  const { body, saved_at: savedAt } = row.parse(rows[0]);
  return { draft: body, savedAt };
}
