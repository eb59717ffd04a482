import { z } from 'zod';
import { plainStatement } from '../reply/statement-of-reasons.ts';
import { APPEAL_STATES, appealOfDecision } from '../review/appeals/appeal-store.ts';
import { appealableUntil } from '../review/appeals/appeal-window.ts';
import { euForm } from '../review/statements/eu-form.ts';
import { type ReasonsRecord, reasonsRecord } from '../review/statements/reasons-record.ts';
import { keepStatement, type NegativeDecision } from '../review/statements/statement-store.ts';
import { timeAnswer } from './lists.ts';
import type { HttpParts } from './parts.ts';

export const statementSchema = z
  .object({
    object: z.literal('statement_of_reasons'),
    id: z.string(),
    restriction: reasonsRecord.shape.restriction,
    content: reasonsRecord.shape.content,
    categories: reasonsRecord.shape.categories,
    detection: reasonsRecord.shape.detection,
    decision: reasonsRecord.shape.decision,
    source: reasonsRecord.shape.source,
    decided_by: reasonsRecord.shape.by,
    policy: z.string(),
    law: reasonsRecord.shape.law,
    plain: z.object({ language: z.string(), title: z.string(), sentences: z.array(z.string()), text: z.string() }),
    eu: z.looseObject({}).describe('The form of the EU’s transparency database; see docs/statements.md.'),
    generation_id: z.string(),
    decision_id: z.string().nullable(),
    decided_at: z.string(),
    appeal: z
      .object({ until: timeAnswer, status: z.enum(APPEAL_STATES).nullable(), url: z.string().nullable(), contact: z.string().nullable() })
      .nullable(),
  })
  .meta({ id: 'Statement' });

type Parts = Pick<HttpParts, 'db' | 'appeal'>;

/** A statement of reasons as the API gives it: in codes, in plain words, in the EU's form, and how to appeal. */
export async function statementAnswer(decision: NegativeDecision, acceptLanguage: string | undefined, { db, appeal }: Parts) {
  const record = await keepStatement(db, decision.generationId, decision.reasons);
  const isOpen = record.restriction !== 'awaits_person';
  const until = appealableUntil(decision.decidedAt);
  const filed = await appealOfDecision(db, decision.id);
  return {
    ...show(record, isOpen ? until : null, acceptLanguage),
    generation_id: decision.generationId,
    decision_id: decision.id,
    decided_at: decision.decidedAt.toISOString(),
    appeal: isOpen
      ? {
          until: until.toISOString(),
          status: filed?.state ?? null,
          url: appeal.url ?? appeal.pageOf?.(decision.id) ?? null,
          contact: appeal.contact ?? null,
        }
      : null,
  };
}

/** Of a refusal of the model's provider, which stands under no decision of ours. */
export function modelStatement(record: ReasonsRecord, generationId: string, acceptLanguage: string | undefined) {
  return {
    ...show(record, null, acceptLanguage),
    generation_id: generationId,
    decision_id: null,
    decided_at: record.decidedOn,
    appeal: null,
  };
}

function show(record: ReasonsRecord, until: Date | null, acceptLanguage: string | undefined) {
  const { puid: id, restriction, content, categories, detection, decision, source, by, policy, law } = record;
  const { language, title, sentences } = plainStatement(record, until, acceptLanguage);
  return {
    object: 'statement_of_reasons' as const,
    id,
    restriction,
    content,
    categories,
    detection,
    decision,
    source,
    decided_by: by,
    policy,
    law,
    plain: { language, title, sentences, text: sentences.join(' ') },
    eu: euForm(record),
  };
}
