import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import { openOrNull, openPrompt as openPromptOf } from '../../generations/open-prompt.ts';
import type { Queryable } from '../../storage/database.ts';
import { sealedTextSchema } from './label-store.ts';
import { labelsOf, type PromptLabels, promptLabelsSchema } from './prompt-labels.ts';

/** A prompt with what a person decided about it. In memory only: its text goes into no log, report, error or file. */
export interface LabeledExample {
  /** The case, the label or the generation that it comes from. */
  readonly id: string;
  readonly text: string;
  readonly labels: PromptLabels;
  /** Who wrote it, as far as we can tell people apart: the key, a slash, and the end user where the application names one. */
  readonly caller: string;
}

export interface ReadExamples {
  readonly examples: readonly LabeledExample[];
  /** Submissions that were deleted, or that no longer open. */
  readonly unreadable: number;
}

interface ExampleParts {
  readonly db: Queryable;
  readonly evidence: EvidenceStore;
}

/** Newest decisions that count; older ones were made by another policy about other fashions. */
const MOST_EXAMPLES = 20_000;

const DECIDED_CASES = `
select c.id, c.state, d.body->'categories' as categories, g.id as generation_id, g.key_id, g.submission,
  (select l.labels from prompt_labels l where l.case_id = c.id order by l.labeled_at desc, l.id desc limit 1) as labels
from cases c join decisions d on d.id = c.decision_id join generations g on g.id = c.generation_id
where c.stage = 'prompt' and c.replays is null and not c.restricted and ((c.state in ('released', 'blocked') and c.settles_at is null) or exists (select 1 from prompt_labels l where l.case_id = c.id))
order by c.closed_at desc nulls last, c.id desc limit $1`;

const caseRow = z.object({
  id: z.string(),
  state: z.enum(['open', 'released', 'blocked', 'escalated', 'closed']),
  categories: z.array(z.enum(CATEGORIES)),
  generation_id: z.string(),
  key_id: z.string(),
  submission: z.instanceof(Uint8Array).nullable(),
  labels: promptLabelsSchema.nullable(),
});

/**
 * Every prompt that a person judged: a held prompt that was released is harmless as to the categories that held it, a blocked
 * one is not; an operator's label of the case goes first. A case that was held without a category teaches nothing.
 */
export async function readExamples({ db, evidence }: ExampleParts): Promise<ReadExamples> {
  const cases = await db.query({ text: DECIDED_CASES, values: [MOST_EXAMPLES] });
  const examples: LabeledExample[] = [];
  let unreadable = 0;
  for (const row of cases.rows) {
    const { id, state, categories, labels, ...generation } = caseRow.parse(row);
    const taught = labels ?? labelsOf(categories, state === 'blocked');
    if (Object.keys(taught).length === 0) continue;
    const prompt = await openPrompt(generation, evidence);
    if (prompt === null) unreadable += 1;
    else examples.push({ id, labels: taught, ...prompt });
  }
  const texts = await db.query({
    text: 'select id, sealed, labels, labeled_by from prompt_labels where sealed is not null order by labeled_at desc, id desc limit $1',
    values: [MOST_EXAMPLES],
  });
  for (const row of texts.rows) {
    const { id, sealed, labels, labeled_by } = textRow.parse(row);
    const opened = await openOrNull(() => evidence.openValue({ id, kind: 'submission', sealed }));
    if (opened === null) unreadable += 1;
    else examples.push({ id, labels, caller: `operator:${labeled_by}`, text: sealedTextSchema.parse(jsonOf(opened)).text });
  }
  return { examples, unreadable };
}

const textRow = z.object({ id: z.string(), sealed: z.instanceof(Uint8Array), labels: promptLabelsSchema, labeled_by: z.string() });

/** Prompts of the newest published generations: what ordinary traffic looks like. Nobody labeled them. */
export async function readTraffic({ db, evidence }: ExampleParts, limit: number): Promise<readonly LabeledExample[]> {
  const { rows } = await db.query({
    text: `select g.id as generation_id, g.key_id, g.submission from generations g
           where g.state = 'published' and not exists (select 1 from cases c where c.generation_id = g.id)
           order by g.created_at desc limit $1`,
    values: [limit],
  });
  const traffic: LabeledExample[] = [];
  for (const row of rows) {
    const generation = generationRow.parse(row);
    const prompt = await openPrompt(generation, evidence);
    if (prompt !== null) traffic.push({ id: generation.generation_id, labels: {}, ...prompt });
  }
  return traffic;
}

const generationRow = caseRow.pick({ generation_id: true, key_id: true, submission: true });

async function openPrompt({ generation_id: id, key_id, submission }: z.output<typeof generationRow>, evidence: EvidenceStore) {
  const opened = await openPromptOf({ id, submission }, evidence);
  return opened === null ? null : { text: opened.text, caller: `${key_id}/${opened.endUser ?? ''}` };
}

function jsonOf(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}
