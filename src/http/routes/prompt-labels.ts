import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { addLabel, countLabels, type LabelSubject, listLabels, type StoredLabel } from '../../prompts/learning/label-store.ts';
import { readExamples, readTraffic } from '../../prompts/learning/labeled-examples.ts';
import { learnedRules } from '../../prompts/learning/learned-rules.ts';
import type { Learning } from '../../prompts/learning/learning.ts';
import { promptLabelsSchema } from '../../prompts/learning/prompt-labels.ts';
import { decideProposal, listProposals, storeProposals } from '../../prompts/learning/proposal-store.ts';
import { suggestTerms } from '../../prompts/learning/suggest-terms.ts';
import { operatorOf } from '../authenticate.ts';
import { listOf, timeAnswer } from '../lists.ts';
import { route } from '../route.ts';

const tag = 'Learning';
/** Published prompts that stand for ordinary traffic. */
const TRAFFIC_PROMPTS = 5_000;
const LABELS_SHOWN = 500;

const byId = z.object({ id: z.string() });
const newLabel = z
  .strictObject({ text: z.string().min(1).max(32_000).optional(), case: z.string().optional(), labels: promptLabelsSchema })
  .refine(({ text, case: caseId }) => (text === undefined) !== (caseId === undefined), { error: 'give a text or a case' })
  .meta({ id: 'NewPromptLabel' });
const proposalDecision = z.strictObject({ decision: z.enum(['accept', 'reject']) });
const proposalQuery = z.object({ state: z.enum(['proposed', 'accepted', 'rejected']).optional() });

const label = z
  .object({
    object: z.literal('prompt_label'),
    id: z.string(),
    case: z.string().nullable(),
    labels: promptLabelsSchema,
    labeled_by: z.string(),
    labeled_at: timeAnswer,
  })
  .meta({ id: 'PromptLabel' });
const example = z.object({ id: z.string(), text: z.string(), labels: promptLabelsSchema });
const proposal = z
  .object({
    id: z.string(),
    state: z.enum(['proposed', 'accepted', 'rejected']),
    decidedBy: z.string().nullable(),
    category: z.enum(CATEGORIES),
    term: z.string(),
    confirmed: z.number(),
    callers: z.number(),
    benign: z.number(),
    z: z.number().describe('Standard deviations.'),
    examples: z.array(z.string()),
  })
  .meta({ id: 'PromptProposal' });
const sought = z.object({
  object: z.literal('proposals'),
  examples: z.number(),
  unreadable: z.number(),
  traffic: z.number(),
  added: z.number(),
});

/** What people say about prompts. Register it behind a hook that lets operators in only. */
export function labelRoutes(learning: Learning): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/prompt-labels',
      tag,
      summary: 'Labels of prompts, newest first, without the texts',
      answer: listOf(label).extend({ counts: z.array(z.object({ category: z.string(), positive: z.number(), negative: z.number() })) }),
      handler: async () => ({
        object: 'list' as const,
        counts: await countLabels(learning.db),
        data: (await listLabels(learning.db, LABELS_SHOWN)).map(showLabel),
      }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/prompt-labels',
      tag,
      summary: 'Label a text, or correct what a case teaches',
      body: newLabel,
      answer: label,
      status: 201,
      handler: async ({ body: { text = '', case: caseId, labels } }, request, reply) => {
        const subject: LabelSubject = caseId === undefined ? { text } : { caseId: requireCaseId(caseId) };
        return reply.code(201).send(showLabel(await addLabel(subject, labels, operatorOf(request), learning)));
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/prompt-examples',
      tag,
      summary: 'Labeled prompts with their texts, for training; through the control socket only',
      answer: listOf(example).extend({ unreadable: z.number() }),
      handler: async (_input, request) => {
        requireLocal(request);
        const { examples, unreadable } = await readExamples(learning);
        await learning.journal.record({}, [{ kind: 'examples.read', count: examples.length, by: 'local' }]);
        return { object: 'list' as const, unreadable, data: examples.map(({ id, text, labels }) => ({ id, text, labels })) };
      },
    });
  };
}

function requireCaseId(id: string) {
  if (isId('case', id)) return id;
  throw new ImprimaturError('NOT_FOUND');
}

/** Whoever opens the control socket can read database and keys as well; a key that travels must not fetch users' prompts. */
function requireLocal(request: FastifyRequest): void {
  if (operatorOf(request) !== 'local') throw new ImprimaturError('AUTH_FORBIDDEN', { hint: 'Only on the machine of the gateway.' });
}

/** Words that stand out among confirmed cases. Register it behind a hook that lets operators in only. */
export function proposalRoutes(learning: Learning): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/prompt-proposals',
      tag,
      summary: 'Words that confirmed cases share, with what speaks for them',
      query: proposalQuery,
      answer: listOf(proposal),
      handler: async ({ query: { state } }) => ({
        object: 'list' as const,
        data: await listProposals(learning.db, learning.evidence, state),
      }),
    });
    route(app, {
      method: 'POST',
      url: '/v1/prompt-proposals',
      tag,
      summary: 'Look for such words among all decided cases',
      answer: sought,
      handler: async (_input, request) => {
        const { examples, unreadable } = await readExamples(learning);
        const traffic = await readTraffic(learning, TRAFFIC_PROMPTS);
        const suggested = await suggestTerms({ examples, traffic, isKnown: learning.isKnownTerm });
        const added = await storeProposals(suggested, operatorOf(request), learning);
        return { object: 'proposals' as const, examples: examples.length, unreadable, traffic: traffic.length, added };
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/prompt-proposals/:id/decisions',
      tag,
      summary: 'Accept or reject a proposed word',
      params: byId,
      body: proposalDecision,
      answer: proposal,
      handler: ({ params: { id }, body: { decision } }, request) =>
        decideProposal(id, decision === 'accept' ? 'accepted' : 'rejected', operatorOf(request), learning),
    });
    route(app, {
      method: 'GET',
      url: '/v1/prompt-proposals/rules',
      tag,
      summary: 'Accepted words as a rules file for the setting promptRules',
      answer: z.string(),
      produces: ['application/yaml'],
      handler: async (_input, _request, reply) => {
        const accepted = await listProposals(learning.db, learning.evidence, 'accepted');
        if (accepted.length === 0) throw new ImprimaturError('REQUEST_INVALID', { hint: 'No word was accepted yet.' });
        return reply.type('application/yaml').send(learnedRules(accepted));
      },
    });
  };
}

function showLabel({ id, caseId, labels, labeledBy, labeledAt }: StoredLabel) {
  return { object: 'prompt_label' as const, id, case: caseId, labels, labeled_by: labeledBy, labeled_at: labeledAt.toISOString() };
}
