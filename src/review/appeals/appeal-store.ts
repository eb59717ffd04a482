import { z } from 'zod';
import type { AppealId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { Queryable } from '../../storage/database.ts';

export const APPEAL_STATES = ['open', 'upheld', 'partly', 'overturned'] as const;
export type AppealState = (typeof APPEAL_STATES)[number];

const row = z.object({
  id: z.templateLiteral(['apl_', z.string()]),
  decision_id: z.templateLiteral(['dec_', z.string()]),
  generation_id: z.templateLiteral(['gen_', z.string()]),
  case_id: z.templateLiteral(['case_', z.string()]),
  state: z.enum(APPEAL_STATES),
  body: z.instanceof(Uint8Array).nullable(),
  language: z.string(),
  filed_by: z.string(),
  filed_at: z.date(),
  decided_at: z.date().nullable(),
});

/** An appeal as it stands. */
export type Appeal = z.output<typeof row>;

const COLUMNS = 'id, decision_id, generation_id, case_id, state, body, language, filed_by, filed_at, decided_at';

async function one(db: Queryable, where: string, value: string): Promise<Appeal | null> {
  const { rows } = await db.query({ text: `select ${COLUMNS} from appeals where ${where}`, values: [value] });
  return rows[0] === undefined ? null : row.parse(rows[0]);
}

export const findAppeal = (db: Queryable, id: AppealId) => one(db, 'id = $1', id);
export const appealOfDecision = (db: Queryable, decisionId: string) => one(db, 'decision_id = $1', decisionId);
export const appealOfCase = (db: Queryable, caseId: string) => one(db, 'case_id = $1', caseId);

interface AppealPage {
  readonly states: readonly AppealState[];
  readonly limit: number;
  /** The id of the last one of the page before. */
  readonly after?: string | undefined;
  /** Suspected child abuse material too. */
  readonly restricted: boolean;
}

const listed = row.extend({ categories: z.array(z.string()), first_due_at: z.date().nullable() });

/** An appeal with what its case says. */
export type ListedAppeal = z.output<typeof listed>;

/** Newest first; none of a restricted case unless asked for. */
export async function listAppeals(db: Queryable, { states, limit, after, restricted }: AppealPage): Promise<readonly ListedAppeal[]> {
  const columns = COLUMNS.split(', ')
    .map((name) => `a.${name}`)
    .join(', ');
  const { rows } = await db.query({
    text: `select ${columns}, c.categories, c.first_due_at from appeals a join cases c on c.id = a.case_id
           where a.state = any($1) and (not c.restricted or $2)
             and ($3::text is null or (a.filed_at, a.id) < (select filed_at, id from appeals where id = $3))
           order by a.filed_at desc, a.id desc limit $4`,
    values: [states, restricted, after ?? null, limit],
  });
  return rows.map((found) => listed.parse(found));
}

const bodySchema = z.object({ statement: z.string(), email: z.string().nullable() });

/** What the appellant wrote. */
export type AppealBody = z.output<typeof bodySchema>;

export async function sealAppeal(id: AppealId, body: AppealBody, evidence: Pick<EvidenceStore, 'sealValue'>): Promise<Uint8Array> {
  return evidence.sealValue({ id, kind: 'appeal', bytes: Buffer.from(JSON.stringify(body)) });
}

/** Null when it was deleted. @throws ImprimaturError EVIDENCE_UNREADABLE */
export async function openAppeal({ id, body }: Appeal, evidence: Pick<EvidenceStore, 'openValue'>): Promise<AppealBody | null> {
  if (body === null) return null;
  const bytes = await evidence.openValue({ id, kind: 'appeal', sealed: body });
  return bodySchema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
