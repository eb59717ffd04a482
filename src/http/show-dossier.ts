import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { draftSchema } from '../review/drafts.ts';
import { timeAnswer } from './lists.ts';
import { caseAnswer } from './show-case.ts';
import { approvalAnswer } from './show-policy.ts';

const category = z.enum(CATEGORIES);
const when = timeAnswer.nullable();

/** A clock of a case, with the law or target that set it. */
export const clockAnswer = z
  .object({
    id: z.string(),
    name: z.string(),
    law: z.string().nullable(),
    source: z.string().nullable(),
    trigger: z.string().nullable(),
    duration: z.string().describe('ISO 8601'),
    zone: z.string(),
    started_at: timeAnswer,
    due_at: timeAnswer,
    is_statutory: z.boolean(),
    state: z.string(),
    alarms: z.array(z.number()).describe('Percents of the time at which people were told.'),
  })
  .meta({ id: 'CaseClock' });

/** How an end user stands, in a word. */
export const standingAnswer = z.enum(['good', 'limited', 'step_up', 'suspended', 'banned']);

/** What was done about an end user. What is about a case that the asker may not know of is null. */
export const measureAnswer = z
  .object({
    object: z.literal('measure'),
    id: z.string(),
    action: z.enum(['warn', 'strike', 'limit', 'suspend', 'ban', 'step_up']),
    in_force: z.boolean(),
    until: when,
    reasons: z.array(z.string()),
    case_id: z.string().nullable(),
    generation_id: z.string().nullable(),
    decision_id: z.string().nullable(),
    by: z.string().nullable(),
    at: timeAnswer,
    lifted: z.object({ at: timeAnswer, by: z.string().nullable(), reason: z.string().nullable() }).nullable(),
  })
  .meta({ id: 'UserMeasure' });

/** One thing that happened to a case. */
export const eventAnswer = z
  .object({
    at: timeAnswer,
    by: z.string(),
    act: z.string(),
    text: z.string().nullable(),
    entry: z.object({ index: z.number(), proof_url: z.string() }).nullable().describe('Its place in the ledger.'),
  })
  .meta({ id: 'CaseEvent' });

const span = z.object({ start: z.number(), end: z.number(), category, rule: z.string() }).describe('UTF-16 units of the prompt.');
const request = z.object({
  operation: z.string(),
  model: z.string(),
  surface: z.string(),
  application: z.string(),
  prompt: z.string(),
  prompt_undone: z.string().nullable().describe('The words with tricks undone; null where there was nothing to undo.'),
  spans: z.array(span),
  parameters: z.record(z.string(), z.unknown()),
});
const medium = z.object({
  id: z.string(),
  role: z.enum(['input', 'output']),
  artifact_id: z.string().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  alt: z.null(),
  partner: z.string().nullable(),
});
const person = z.object({
  face: z.null(),
  person: z.string().nullable(),
  list: z.string(),
  consent: z.object({ covers: z.array(z.string()), expires_at: when }).nullable(),
  distance: z.null(),
});
const user = z.object({
  pseudonym: z.string(),
  first_seen: timeAnswer,
  generations: z.null(),
  held: z.number(),
  refused: z.number(),
  strikes: z.number(),
  standing: standingAnswer,
  measures: z.array(measureAnswer),
});
const signal = z.object({
  check: z.string(),
  signal: z.string(),
  category: category.nullable(),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  text: z.string().nullable(),
});
const decision = z.object({
  id: z.string(),
  seq: z.number(),
  decision: z.string(),
  policy: z.string().nullable(),
  reasons: z.array(z.string()),
  note: z.string().nullable().describe('Null also where its time is over; see docs/review.md.'),
  regions: z.array(z.looseObject({})),
  user_action: z.string().nullable(),
  user_action_days: z.number().nullable(),
  escalate_to: z.string().nullable(),
  by: z.string(),
  role: z.enum(['first', 'second', 'correction', 'timer']),
  decided_at: timeAnswer,
  effective_at: timeAnswer,
  undone_at: when,
  effect: z.enum(['none', 'pending', 'done', 'undone']),
});
const policy = z.object({
  ref: z.string(),
  excerpt: z.string(),
  decisions: z.array(
    z.object({
      name: z.string(),
      about: z.string(),
      needs_reason: z.boolean(),
      needs_note: z.boolean(),
      needs_policy: z.boolean(),
      is_final: z.boolean(),
      second_review: z.boolean(),
    }),
  ),
  corrections: z.array(z.string()).describe('What a correction may say; empty where nothing can be corrected.'),
  user_actions: z.object({ names: z.array(z.string()), unavailable: z.string().nullable() }),
  reasons: z.array(z.object({ code: z.string(), text: z.string(), side: z.enum(['for', 'against']) })),
});

/** Everything that somebody needs to decide a case. */
export const dossierAnswer = caseAnswer
  .extend({
    clocks: z.array(clockAnswer),
    why: z.array(
      z.object({ rule: z.string(), description: z.string().nullable(), check: z.string().optional(), reason: z.string().optional() }),
    ),
    request: request.nullable(),
    conversation: z.array(z.object({ at: timeAnswer, text: z.string(), action: z.string() })),
    media: z.array(medium),
    provenance: z.looseObject({}).nullable(),
    people: z.array(person),
    user: user.nullable(),
    similar: z.array(z.object({ case_id: z.string(), decision: z.string(), decided_at: timeAnswer, distance: z.number().nullable() })),
    takedowns: z.array(z.object({ artifact_id: z.string(), reason: z.string(), distance: z.number() })),
    cluster: z.object({ size: z.number(), case_ids: z.array(z.string()) }).nullable(),
    signals: z.array(signal).nullable().describe('Null until one has decided or asked for them.'),
    decisions: z.array(decision),
    second_review: z.object({ needed: z.boolean(), why: z.string(), waiting_for: z.string().describe('`first` or `second`') }).nullable(),
    policy,
    draft: draftSchema.nullable(),
    history: z.array(eventAnswer.omit({ entry: true })),
    approval: z.object({ what: z.string(), ids: z.record(z.string(), z.string()), boards: z.array(approvalAnswer) }).optional(),
    may_decide: z.boolean().describe('Whether whoever asks may decide it now.'),
    viewers: z.array(z.object({ who: z.string(), since: timeAnswer })),
    upload: z.looseObject({}).optional(),
  })
  .meta({ id: 'CaseDossier' });
