import { z } from 'zod';
import { regionSchema, USER_ACTIONS } from '../review/decision-store.ts';
import type { DecisionWish } from '../review/decision-wish.ts';
import type { LeaseClaim } from '../review/sight.ts';
import { CASE_DECISIONS, TRANSITIONS } from '../review/transitions.ts';

export const caseParams = z.object({ id: z.string().max(64) });

/** Within so many seconds a decision from a form can be taken back. */
const UNDO_SECONDS = 10;

const code = z.string().regex(/^[\w .:/-]{1,100}$/, 'a code of letters, digits, spaces and . : / _ -');

export const leaseBody = z.object({ lease: z.string().max(64), fence: z.int().nonnegative() });

export const decisionBody = z
  .object({
    decision: z
      .enum(CASE_DECISIONS)
      .describe(TRANSITIONS.map(({ name, about, kinds }) => `${name} (${kinds.join(', ')}): ${about}`).join(' ')),
    policy: z
      .string()
      .min(1)
      .max(200)
      .nullish()
      .describe('The policy, or the part of it, that was applied. Under a lease `block`, `label` and `edit` need it.'),
    reasons: z.array(code).max(20).default([]).describe('Reason codes.'),
    note: z.string().max(4000).nullish(),
    regions: z.array(regionSchema).max(50).default([]),
    user_action: z.enum(USER_ACTIONS).nullish().describe('With a block, what is done about the person who asked. See docs/end-users.md.'),
    user_action_days: z.int().min(1).max(365).nullish().describe('How long `limit` and `suspend` last; left out, 7 days.'),
    escalate_to: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/)
      .nullish()
      .describe('A queue that takes escalations: senior, legal, law_enforcement, incident, or one of the configuration.'),
    lease: z
      .string()
      .max(64)
      .optional()
      .describe('Left out by a script: it claims and decides in one step, and the decision takes effect at once.'),
    fence: z.int().nonnegative().optional(),
    undo: z.number().min(0).max(UNDO_SECONDS).optional().describe('Seconds in which it can be taken back. With a lease 10, without one 0.'),
    apply_to_cluster: z.boolean().default(false).describe('Decide open look-alikes of the same queue in the same way.'),
  })
  .meta({ id: 'CaseDecision' });

/** What a body asks for, without who asks. */
export function wishOf(body: z.output<typeof decisionBody>): Omit<DecisionWish, 'caseId' | 'staff'> {
  const lease: LeaseClaim | null = body.lease === undefined ? null : { lease: body.lease, fence: body.fence ?? -1 };
  const note = body.note?.trim() ?? '';
  return {
    decision: body.decision,
    policy: body.policy ?? null,
    reasons: body.reasons,
    note: note === '' ? null : note,
    regions: body.regions,
    userAction: body.user_action ?? null,
    userActionDays: body.user_action_days ?? null,
    escalateTo: body.escalate_to ?? null,
    lease,
    batch: null,
    undoSeconds: body.undo ?? (lease === null ? 0 : UNDO_SECONDS),
  };
}
