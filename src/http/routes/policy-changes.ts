import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { listActivations } from '../../policy/history/activations.ts';
import { findVersion, keepVersion } from '../../policy/history/policy-versions.ts';
import { testReport } from '../../policy/history/test-report.ts';
import { askActivation } from '../../settle/ask-approval.ts';
import { type Authenticate, operatorOf, permitted, requireFresh } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { policyParams as params, readyPolicy, refusePolicy } from '../ready-policy.ts';
import { route } from '../route.ts';
import { policyAnswer, showPolicies } from '../show-policy.ts';

const tag = 'Policy';
const MOST_TEXT = 262_144;
const casesText = z.strictObject({ name: z.string().regex(/^[\w.-]{1,100}$/), text: z.string().max(MOST_TEXT) });
const proposal = z
  .strictObject({
    text: z.string().min(1).max(MOST_TEXT).describe('A policy file.'),
    note: z.string().trim().min(1).max(2000).nullish().describe('What it changes, and why; for the boards.'),
    cases: z
      .array(casesText)
      .max(50)
      .optional()
      .describe(
        'Files of cases that it has to keep, as in the folder `cases` of a pack. Left out: those beside the policy of the configuration.',
      ),
  })
  .meta({ id: 'NewPolicy' });

const testsAnswer = z
  .object({
    total: z.number(),
    failed: z.array(z.object({ file: z.string(), line: z.number(), name: z.string(), differences: z.array(z.string()) })),
  })
  .nullable()
  .describe('How its cases went; null where there are none.');

/** How a policy is proposed, and comes into force. */
export function policyChangesRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, journal, desk, policy, policies } = parts;
  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/policies',
      tag,
      summary: 'Propose a policy: it is checked, its cases are run, and it is kept by its digest. Nothing changes',
      body: proposal,
      onRequest: permitted(authenticate, 'policies.propose'),
      answer: policyAnswer.extend({ tests: testsAnswer }),
      status: 201,
      handler: async ({ body: { text, note, cases } }, request, reply) => {
        const { policy: proposed } = await policies.inForce.prepare(text).catch(refusePolicy);
        const files = cases?.map(({ name: path, text: content }) => ({ path, text: content })) ?? (await policies.configuredCases());
        const tests = testReport(proposed, files);
        const { ref } = proposed;
        const by = operatorOf(request);
        await db.transaction(async (tx) => {
          const isKept = await keepVersion(tx, { ref, text, origin: 'proposal', by, note: note ?? null, tests });
          if (!isKept) return;
          await journal.recordIn(tx, {}, [
            { kind: 'policy.proposed', digest: ref.digest, name: ref.name, version: ref.version, by: `operator:${by}` },
          ]);
        });
        const kept = await findVersion(db, ref.digest);
        const [shown] = await showPolicies(kept === null ? [] : [kept], await listActivations(db, ref.digest), policy.ref.digest, db);
        if (shown === undefined) throw new ImprimaturError('NOT_FOUND');
        return reply.code(201).send({ ...shown, tests });
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/policies/:digest/activate',
      tag,
      summary:
        'Ask the boards legal, privacy and product to put a policy into force. It is in force, everywhere, when all three have approved',
      params,
      body: z.object({}).nullish(),
      onRequest: permitted(authenticate, 'policies.activate'),
      answer: z.object({ object: z.literal('approval'), what: z.literal('policy_activation'), digest: z.string(), case_id: z.string() }),
      status: 202,
      handler: async ({ params: { digest } }, request, reply) => {
        requireFresh(request, 15);
        if (!policies.isByBoards)
          throw new ImprimaturError('REQUEST_INVALID', { hint: 'Here the configuration decides alone: `policyBy` is "file".' });
        await readyPolicy(digest, parts);
        const caseId = await askActivation(digest, operatorOf(request), { db, journal, queues: desk.queues, policy });
        return reply.code(202).send({ object: 'approval' as const, what: 'policy_activation', digest, case_id: caseId });
      },
    });
  };
}
