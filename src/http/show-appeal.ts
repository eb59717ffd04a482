import { z } from 'zod';
import { APPEAL_STATES, type Appeal } from '../review/appeals/appeal-store.ts';
import { timeAnswer } from './lists.ts';

export const appealAnswer = z
  .object({
    object: z.literal('appeal'),
    id: z.string(),
    decision_id: z.string(),
    generation_id: z.string(),
    status: z.enum(APPEAL_STATES),
    language: z.string(),
    filed_at: timeAnswer,
    decided_at: timeAnswer.nullable(),
  })
  .meta({ id: 'Appeal' });

/** An appeal as its appellant sees it. */
export function showAppeal({ id, decision_id, generation_id, state, language, filed_at, decided_at }: Appeal) {
  return {
    object: 'appeal' as const,
    id,
    decision_id,
    generation_id,
    status: state,
    language,
    filed_at: filed_at.toISOString(),
    decided_at: decided_at?.toISOString() ?? null,
  };
}
