import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type CaseId, newId, type StaffId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import { commitment } from '../../ledger/entry.ts';
import type { Journal } from '../../ledger/journal.ts';
import { findCase } from '../../review/case-store.ts';
import type { Database, Queryable } from '../../storage/database.ts';
import { type PromptLabels, promptLabelsSchema } from './prompt-labels.ts';

export interface LearningParts {
  readonly db: Database;
  readonly evidence: EvidenceStore;
  readonly journal: Journal;
}

export type Operator = StaffId;

/** A text of its own, or the prompt of a case, which stays where it is. */
export type LabelSubject = { readonly text: string } | { readonly caseId: CaseId };

export interface StoredLabel {
  readonly id: string;
  readonly caseId: string | null;
  readonly labels: PromptLabels;
  readonly labeledBy: string;
  readonly labeledAt: Date;
}

/** Texts are sealed with the salt of their commitment; see `seal-submission.ts` for why. */
export const sealedTextSchema = z.object({ v: z.literal(1), salt: z.string(), text: z.string() });

/**
 * Writes down what an operator says about a prompt. The ledger gets the labels and a commitment, never the text.
 * @throws ImprimaturError NOT_FOUND for a case that does not exist; REQUEST_INVALID for one whose prompt was not what was
 *   held, and for a text that is labeled as sexual content with minors: such a text is not to be stored once more
 */
export async function addLabel(subject: LabelSubject, labels: PromptLabels, by: Operator, parts: LearningParts): Promise<StoredLabel> {
  const { db, journal } = parts;
  const id = newId('label');
  if ('caseId' in subject) await requirePromptCase(db, subject.caseId);
  if ('text' in subject && labels.sexual_minors === true)
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'Label the case of such a prompt; its text is not stored again.', param: 'text' });
  const { column, fact } = 'caseId' in subject ? { column: null, fact: { case: subject.caseId } } : await sealText(id, subject.text, parts);
  return db.transaction(async (tx) => {
    const { rows } = await tx.query({
      text: `insert into prompt_labels (id, case_id, sealed, labels, labeled_by) values ($1, $2, $3, $4::jsonb, $5) returning ${COLUMNS}`,
      values: [id, 'caseId' in subject ? subject.caseId : null, column, JSON.stringify(labels), by],
    });
    await journal.recordIn(tx, {}, [{ kind: 'prompt.labeled', label: id, labels: { ...labels }, ...fact, by }]);
    return toLabel(rows[0]);
  });
}

async function sealText(id: string, text: string, { evidence }: LearningParts) {
  const salt = randomBytes(32);
  const bytes = Buffer.from(JSON.stringify({ v: 1, salt: salt.toString('base64'), text }));
  return { column: await evidence.sealValue({ id, kind: 'submission', bytes }), fact: { text: commitment(salt, text) } };
}

async function requirePromptCase(db: Database, caseId: CaseId): Promise<void> {
  const found = await findCase(db, caseId);
  // Suspected child abuse material teaches nobody here, and is not told of.
  if (found === null || found.restricted) throw new ImprimaturError('NOT_FOUND');
  if (found.stage !== 'prompt')
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'This case is about a picture, not about its prompt.', param: 'case' });
}

/** Newest first. Holds no text: those who label see it in the case, those who train never do. */
export async function listLabels(db: Queryable, limit: number): Promise<readonly StoredLabel[]> {
  const { rows } = await db.query({
    text: `select ${COLUMNS} from prompt_labels order by labeled_at desc, id desc limit $1`,
    values: [limit],
  });
  return rows.map(toLabel);
}

/** How many labels say yes and how many say no, by category. */
export async function countLabels(db: Queryable): Promise<readonly { category: string; positive: number; negative: number }[]> {
  const { rows } = await db.query({
    text: `select key as category, count(*) filter (where value = 'true')::int as positive, count(*) filter (where value = 'false')::int as negative
           from prompt_labels, jsonb_each_text(labels) group by key order by key`,
  });
  return z.array(z.object({ category: z.string(), positive: z.int(), negative: z.int() })).parse(rows);
}

const COLUMNS = 'id, case_id, labels, labeled_by, labeled_at';
const labelRow = z.object({
  id: z.string(),
  case_id: z.string().nullable(),
  labels: promptLabelsSchema,
  labeled_by: z.string(),
  labeled_at: z.date(),
});

function toLabel(row: unknown): StoredLabel {
  const { id, case_id, labels, labeled_by, labeled_at } = labelRow.parse(row);
  return { id, caseId: case_id, labels, labeledBy: labeled_by, labeledAt: labeled_at };
}
