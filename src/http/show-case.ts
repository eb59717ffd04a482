import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { CASE_STATES, type ReviewCase } from '../review/case-store.ts';
import type { Lease } from '../review/leases.ts';
import { CASE_KINDS } from '../review/queues.ts';
import type { Staff } from '../review/sight.ts';
import { timeAnswer } from './lists.ts';

export const caseAnswer = z
  .object({
    object: z.literal('case'),
    id: z.string(),
    kind: z.enum(CASE_KINDS),
    stage: z.string().nullable().describe('Of a generation: `prompt` or `output`.'),
    status: z.enum(CASE_STATES),
    generation_id: z.string().nullable(),
    upload_id: z.string().nullable(),
    decision_id: z.string().nullable(),
    subject: z.record(z.string(), z.unknown()).nullable().describe('Ids that the case is about, by kind.'),
    queue: z.string(),
    restricted: z.boolean().describe('Suspected child abuse material: for cleared staff alone.'),
    categories: z.array(z.enum(CATEGORIES)),
    region: z.string().nullable(),
    language: z.string().nullable(),
    opened_at: timeAnswer,
    first_due_at: timeAnswer.nullable(),
    closed_at: timeAnswer.nullable(),
    closed_by: z.string().nullable(),
    undo_until: timeAnswer.nullable(),
    lease: z
      .object({
        mine: z.boolean(),
        holder_is_other: z.boolean(),
        until: timeAnswer,
        id: z.string().optional().describe('One’s own.'),
        fence: z.number().optional(),
      })
      .nullable(),
  })
  .meta({ id: 'Case' });

export const leaseAnswer = z
  .object({ object: z.literal('lease'), id: z.string(), fence: z.number().describe('Grows with each claim.'), until: timeAnswer })
  .meta({ id: 'Lease' });

/** A case as lists and answers tell it. */
export function showCase(found: ReviewCase, staff: Staff) {
  return {
    object: 'case' as const,
    id: found.id,
    kind: found.kind,
    stage: found.stage,
    status: found.state,
    generation_id: found.kind === 'upload' ? null : found.generationId,
    upload_id: found.kind === 'upload' ? found.uploadId : null,
    decision_id: found.kind === 'generation' ? found.decisionId : null,
    subject: 'subject' in found ? found.subject : null,
    queue: found.queue,
    restricted: found.restricted,
    categories: found.categories,
    region: found.region,
    language: found.language,
    opened_at: found.openedAt.toISOString(),
    first_due_at: found.firstDueAt?.toISOString() ?? null,
    closed_at: found.closedAt?.toISOString() ?? null,
    closed_by: found.closedBy,
    undo_until: found.settlesAt?.toISOString() ?? null,
    lease: showHolder(found, staff),
  };
}

/** Whether somebody works on it; who, only that person is told. */
function showHolder({ lease, fence }: ReviewCase, { id }: Staff) {
  if (lease === null) return null;
  const isMine = lease.holder === id;
  return { mine: isMine, holder_is_other: !isMine, until: lease.until.toISOString(), ...(isMine ? { id: lease.id, fence } : {}) };
}

/** As every answer tells a lease. */
export function showLease({ id, fence, until }: Lease) {
  return { object: 'lease' as const, id, fence, until: until.toISOString() };
}
