import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { openRequest } from '../../generations/open-submission.ts';
import { listActivations } from '../../policy/history/activations.ts';
import { type PastDecision, pastDecisions } from '../../policy/history/past-decisions.ts';
import { findVersion, listVersions, textOf } from '../../policy/history/policy-versions.ts';
import { replayPolicy } from '../../policy/history/replay-policy.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { policyParams as params, readyPolicy } from '../ready-policy.ts';
import { route } from '../route.ts';
import { policyAnswer, replayAnswer, showPolicies, textAnswer } from '../show-policy.ts';
import { exceptionsRoutes } from './exceptions.ts';
import { policyChangesRoutes } from './policy-changes.ts';

const tag = 'Policy';
const replayQuery = z.object({
  days: z.coerce.number().int().min(1).max(365).default(7),
  limit: z.coerce.number().int().min(1).max(5_000).default(1_000).describe('At most so many decisions, the newest first.'),
});

/** Policies: which is in force, who approved it, what another would change, and how another comes into force. */
export function policiesRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, policy, evidence } = parts;
  const userOf = async ({ generation_id: id, submission }: PastDecision) =>
    submission === null ? undefined : (await openRequest({ id, submission }, evidence)).caller.user;

  return async (app) => {
    await app.register(policyChangesRoutes(parts, authenticate));
    await app.register(exceptionsRoutes(parts, authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/policies',
      tag,
      summary: 'Policies that are in force, were, or are proposed: on whose word, and which boards have approved',
      onRequest: permitted(authenticate, 'policies.read'),
      answer: z.object({ object: z.literal('list'), data: z.array(policyAnswer), next: z.null() }),
      handler: async () => ({
        object: 'list' as const,
        data: await showPolicies(await listVersions(db), await listActivations(db), policy.ref.digest, db),
        next: null,
      }),
    });
    route(app, {
      method: 'GET',
      url: '/v1/policies/:digest',
      tag,
      summary: 'One policy as it was written, and the text of the one that it replaces',
      params,
      onRequest: permitted(authenticate, 'policies.read'),
      answer: textAnswer,
      handler: async ({ params: { digest } }) => {
        const version = await findVersion(db, digest);
        if (version === null) throw new ImprimaturError('NOT_FOUND');
        const activations = await listActivations(db, digest);
        const [shown] = await showPolicies([version], activations, policy.ref.digest, db);
        if (shown === undefined) throw new ImprimaturError('NOT_FOUND');
        const before = activations[0]?.replaces ?? (digest === policy.ref.digest ? null : policy.ref.digest);
        const [text, previous] = await Promise.all([textOf(db, digest), before === null ? null : textOf(db, before)]);
        return { ...shown, text: text ?? '', previous_digest: before, previous_text: previous };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/policies/:digest/replay',
      tag,
      summary: 'What a policy would have decided on what was found lately, without asking any model',
      params,
      query: replayQuery,
      onRequest: permitted(authenticate, 'policies.read'),
      answer: replayAnswer,
      handler: async ({ params: { digest }, query: { days, limit } }) => {
        const judging = await readyPolicy(digest, parts);
        const since = new Date(Date.now() - days * 86_400_000);
        const past = await pastDecisions(db, { since, limit });
        const seen = past.flatMap((one) => (one === null ? [] : [one.decided_at]));
        const replay = await replayPolicy(past, { policy: judging, userOf });
        const from = seen.at(-1) ?? since;
        return { object: 'policy_replay' as const, digest, from: from.toISOString(), to: (seen[0] ?? new Date()).toISOString(), ...replay };
      },
    });
  };
}
