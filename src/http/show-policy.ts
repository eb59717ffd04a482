import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { ACTIONS } from '../contracts/decision.ts';
import type { Activation } from '../policy/history/activations.ts';
import type { PolicyVersion } from '../policy/history/policy-versions.ts';
import { boardsVotes, votesOfCases } from '../review/approvals.ts';
import type { Queryable } from '../storage/database.ts';

const time = z.string().describe('RFC 3339');
export const approvalAnswer = z.object({
  by_role: z.string().describe('The board.'),
  approves: z.boolean().nullable().describe('Null: it has not spoken.'),
  by: z.string().nullable(),
  at: time.nullable(),
});

export const policyAnswer = z.object({
  object: z.literal('policy_version'),
  ref: z.string().describe('`name@version`'),
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  state: z.enum(['active', 'proposed', 'retired']),
  origin: z.enum(['configuration', 'proposal']),
  proposed_by: z.string(),
  proposed_at: time,
  note: z.string().nullable(),
  activated_at: time.nullable(),
  activated_by: z.string().nullable().describe('Who asked the boards; `configuration` where nobody had to be asked.'),
  asked: z
    .object({
      state: z.enum(['asked', 'active', 'rejected', 'overtaken', 'ended']),
      by: z.string(),
      at: time,
      case_id: z.string().nullable(),
    })
    .nullable()
    .describe('When it was last to be put into force. `overtaken`: another policy came into force before the boards had spoken.'),
  approvals: z.array(approvalAnswer),
  tests: z.object({ total: z.number(), failed: z.number() }).nullable(),
});

export const textAnswer = policyAnswer.extend({
  text: z.string(),
  previous_digest: z.string().nullable().describe('The policy that it replaced, or would replace.'),
  previous_text: z.string().nullable(),
});

export const replayAnswer = z.object({
  object: z.literal('policy_replay'),
  digest: z.string(),
  from: time,
  to: time,
  total: z.number(),
  same: z.number(),
  changed: z.array(
    z.object({
      stage: z.enum(['prompt', 'output']),
      from: z.enum(ACTIONS),
      to: z.enum(ACTIONS),
      count: z.number(),
      examples: z.array(z.string()),
      categories: z.array(z.object({ category: z.enum(CATEGORIES), count: z.number() })),
      regions: z.array(z.object({ region: z.string(), count: z.number() })),
    }),
  ),
  lacking: z.array(z.object({ check: z.string(), count: z.number() })).describe('Checks of this policy that nobody had asked then.'),
  untold: z.number().describe('Decisions of which nobody can tell.'),
});

/** Versions as answers tell them, with the votes of the boards. @param inForce the digest of the policy that decides in this process */
export async function showPolicies(
  versions: readonly PolicyVersion[],
  activations: readonly Activation[],
  inForce: string,
  db: Queryable,
): Promise<z.input<typeof policyAnswer>[]> {
  const latest = new Map([...activations].reverse().map((one) => [one.digest, one]));
  const cases = [...latest.values()].flatMap(({ case_id: id }) => id ?? []);
  const votes = cases.length === 0 ? [] : await votesOfCases(db, cases);
  return versions.map((version) => {
    const asked = latest.get(version.digest);
    const active = activations.find((one) => one.digest === version.digest && one.active_at !== null);
    const caseId = asked?.case_id ?? null;
    return {
      object: 'policy_version',
      ref: `${version.name}@${version.version}`,
      name: version.name,
      version: version.version,
      digest: version.digest,
      state: version.digest === inForce ? 'active' : active === undefined ? 'proposed' : 'retired',
      origin: version.origin,
      proposed_by: version.proposed_by,
      proposed_at: version.proposed_at.toISOString(),
      note: version.note,
      activated_at: active?.active_at?.toISOString() ?? null,
      activated_by: active?.asked_by ?? null,
      asked: asked === undefined ? null : { state: asked.state, by: asked.asked_by, at: asked.asked_at.toISOString(), case_id: caseId },
      approvals: caseId === null ? [] : boardsVotes(votes.filter((vote) => vote.case_id === caseId)).map(showVote),
      tests: version.tests === null ? null : { total: version.tests.total, failed: version.tests.failed.length },
    };
  });
}

/** One board on a case. */
export function showVote({ board, vote }: ReturnType<typeof boardsVotes>[number]): z.input<typeof approvalAnswer> {
  return { by_role: board, approves: vote?.approves ?? null, by: vote?.by ?? null, at: vote?.given_at.toISOString() ?? null };
}
