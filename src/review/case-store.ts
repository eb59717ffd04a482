import { z } from 'zod';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { CaseId } from '../contracts/ids.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Database, Queryable } from '../storage/database.ts';
import type { CaseKind } from './queues.ts';

export const CASE_STATES = ['open', 'released', 'blocked', 'escalated', 'closed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** Who works on a case, and until when nobody else may. */
export interface CaseLease {
  readonly id: string;
  readonly holder: string;
  readonly until: Date;
}

interface CaseFacts {
  readonly id: CaseId;
  readonly state: CaseState;
  readonly queue: string;
  /** Suspected child abuse material: only staff with `cases.restricted` learn of it. */
  readonly restricted: boolean;
  readonly categories: readonly Category[];
  readonly region: string | null;
  readonly language: string | null;
  readonly promptDigest: string | null;
  /** Of the end user for whom it was asked; null where no platform vouched for one. */
  readonly userDigest: string | null;
  readonly openedAt: Date;
  readonly firstDueAt: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly lease: CaseLease | null;
  readonly fence: number;
  /** Who may not decide it. */
  readonly excluded: readonly string[];
  /** When what was decided takes effect; null when nothing waits. */
  readonly settlesAt: Date | null;
}

/** Of a generation, before or after the model was asked. */
export interface GenerationCase extends CaseFacts {
  readonly kind: 'generation';
  readonly stage: 'prompt' | 'output';
  readonly generationId: `gen_${string}`;
  readonly decisionId: `dec_${string}`;
}

/** Of a file that a platform wants to publish. */
export interface UploadCase extends CaseFacts {
  readonly kind: 'upload';
  readonly stage: 'upload';
  readonly uploadId: `upl_${string}`;
}

/** Of anything else; `subject` names it by ids. */
export interface OtherCase extends CaseFacts {
  readonly kind: Exclude<CaseKind, 'generation' | 'upload'>;
  readonly stage: null;
  readonly generationId: `gen_${string}` | null;
  readonly subject: Readonly<Record<string, unknown>>;
}

/** A unit of human review. */
export type ReviewCase = GenerationCase | UploadCase | OtherCase;

const facts = {
  id: z.templateLiteral(['case_', z.string()]),
  state: z.enum(CASE_STATES),
  queue: z.string(),
  restricted: z.boolean(),
  categories: z.array(z.enum(CATEGORIES)),
  region: z.string().nullable(),
  language: z.string().nullable(),
  prompt_digest: z.string().nullable(),
  user_digest: z.string().nullable(),
  opened_at: z.date(),
  first_due_at: z.date().nullable(),
  closed_at: z.date().nullable(),
  closed_by: z.string().nullable(),
  lease_id: z.string().nullable(),
  lease_holder: z.string().nullable(),
  lease_until: z.date().nullable(),
  fence: z.coerce.number(),
  excluded: z.array(z.string()),
  settles_at: z.date().nullable(),
};
const generationId = z.templateLiteral(['gen_', z.string()]);
const row = z.discriminatedUnion('kind', [
  z.object({
    ...facts,
    kind: z.literal('generation'),
    stage: z.enum(['prompt', 'output']),
    generation_id: generationId,
    decision_id: z.templateLiteral(['dec_', z.string()]),
  }),
  z.object({ ...facts, kind: z.literal('upload'), stage: z.literal('upload'), upload_id: z.templateLiteral(['upl_', z.string()]) }),
  z.object({
    ...facts,
    kind: z.enum(['appeal', 'notice', 'approval', 'campaign']),
    generation_id: generationId.nullable(),
    subject: z.record(z.string(), z.unknown()),
  }),
]);

/** The columns of a case, for statements that give one. */
export const CASE_COLUMNS = `id, kind, generation_id, upload_id, stage, decision_id, subject, state, queue, restricted, categories, region, language, prompt_digest, user_digest,
  opened_at, first_due_at, closed_at, closed_by, lease_id, lease_holder, lease_until, fence, excluded, settles_at`;

/** A row of `CASE_COLUMNS`. A lease that ran out is none. */
export function toCase(value: unknown, now: Date = new Date()): ReviewCase {
  const found = row.parse(value);
  const { lease_id: lease, lease_holder: holder, lease_until: until } = found;
  const common = {
    id: found.id,
    state: found.state,
    queue: found.queue,
    restricted: found.restricted,
    categories: found.categories,
    region: found.region,
    language: found.language,
    promptDigest: found.prompt_digest,
    userDigest: found.user_digest,
    openedAt: found.opened_at,
    firstDueAt: found.first_due_at,
    closedAt: found.closed_at,
    closedBy: found.closed_by,
    lease: lease === null || holder === null || until === null || until <= now ? null : { id: lease, holder, until },
    fence: found.fence,
    excluded: found.excluded,
    settlesAt: found.settles_at,
  };
  if (found.kind === 'upload') return { ...common, kind: found.kind, stage: found.stage, uploadId: found.upload_id };
  if (found.kind === 'generation') {
    return { ...common, kind: found.kind, stage: found.stage, generationId: found.generation_id, decisionId: found.decision_id };
  }
  return { ...common, kind: found.kind, stage: null, generationId: found.generation_id, subject: found.subject };
}

export async function findCase(db: Queryable, id: CaseId): Promise<ReviewCase | null> {
  const { rows } = await db.query({ name: 'find-case', text: `select ${CASE_COLUMNS} from cases where id = $1`, values: [id] });
  return rows[0] === undefined ? null : toCase(rows[0]);
}

const labelRow = z.object({ label: z.boolean().nullable() });

/** Whether the decision that opened a case asked for a visible label, which nobody's release takes off. */
export async function askedForLabel(db: Queryable, id: CaseId): Promise<boolean> {
  const { rows } = await db.query({
    text: "select d.body #> '{obligations,label}' as label from cases c join decisions d on d.id = c.decision_id where c.id = $1",
    values: [id],
  });
  return rows.some((found) => labelRow.parse(found).label !== false);
}

/** Locks the case until the transaction ends, so that two people cannot decide it at once. */
export async function lockCase(tx: Queryable, id: CaseId): Promise<ReviewCase | null> {
  const { rows } = await tx.query({ name: 'lock-case', text: `select ${CASE_COLUMNS} from cases where id = $1 for update`, values: [id] });
  return rows[0] === undefined ? null : toCase(rows[0]);
}

/** What else happens in the transaction that ends the work on a case: its clocks stop. */
export type CaseClosed = (tx: Queryable, id: CaseId) => Promise<void>;

interface Closing {
  readonly id: CaseId;
  readonly state: Exclude<CaseState, 'open' | 'escalated'>;
  readonly by: string;
}

/** Ends the work on a case, and the lease with it. */
export async function closeCase(tx: Queryable, { id, state, by }: Closing, closed?: CaseClosed): Promise<void> {
  await tx.query({
    name: 'close-case',
    text: `update cases set state = $2, closed_at = clock_timestamp(), closed_by = $3, lease_id = null, lease_holder = null, lease_until = null
           where id = $1`,
    values: [id, state, by],
  });
  await closed?.(tx, id);
}

/** What a release needs beside the pictures, kept for the day on which a block turns out to be wrong. */
export async function keepHeldAnswer(tx: Queryable, id: CaseId): Promise<void> {
  await tx.query({
    name: 'keep-held-answer',
    text: `update cases c set held_answer = g.answer from generations g
           where c.id = $1 and g.id = c.generation_id and g.state = 'held' and c.held_answer is null`,
    values: [id],
  });
}

/** A block turned out to be wrong: the generation is held again, as it was, so that it can leave as anything released does. */
export async function putBackHeldAnswer(
  db: Database,
  { id, generationId }: GenerationCase,
  journal: Pick<Journal, 'recordIn'>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query({ text: 'select held_answer from cases where id = $1 and held_answer is not null', values: [id] });
    if (rows[0] === undefined) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `nobody kept how ${generationId} was held` });
    const answer = rows[0]['held_answer'];
    await journal.recordIn(
      tx,
      { generationUpdate: { id: generationId, from: ['refused'], state: 'held', answer, intent_released: false } },
      [{ kind: 'case.reopened', case: id, generation: generationId }],
    );
  });
}
