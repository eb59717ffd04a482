import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { preferredLanguage } from '../../reply/sentences/public-sentence.ts';
import { appealOfDecision } from '../../review/appeals/appeal-store.ts';
import { fileAppeal } from '../../review/appeals/file-appeal.ts';
import { negativeDecision, negativeDecisions } from '../../review/statements/statement-store.ts';
import { type Authenticate, callerOf } from '../authenticate.ts';
import { isStranger } from '../is-stranger.ts';
import type { HttpParts } from '../parts.ts';
import { createRateBound } from '../rate-bound.ts';
import { route } from '../route.ts';
import { showAppeal } from '../show-appeal.ts';
import { statementAnswer } from '../statement-answer.ts';

const tag = 'Appeals';
const params = z.object({ id: z.string().max(64) });
const token = z.string().max(64);
const body = z
  .strictObject({
    decision_id: z.string().max(64).optional().describe('The decision; or name the generation, whose last negative decision is meant.'),
    generation_id: z.string().max(64).optional(),
    token: token.optional().describe('Of the link that came with the decision. Without it the key of the caller is needed.'),
    statement: z.string().trim().min(1).max(5000).describe('What you want a person to know.'),
    email: z.email().max(254).optional().describe('Where the answer may be sent too.'),
    language: z
      .string()
      .regex(/^[a-z]{2,3}$/)
      .optional(),
  })
  .meta({ id: 'NewAppeal' });
/** Everything that goes on this long must be read by a person. */
const BOUND = { perSecond: 0.1, burst: 20 } as const;
/** A platform sends what its users wrote, all from one address. */
const BOUND_OF_PLATFORMS = { perSecond: 10, burst: 200 } as const;

/** Somebody says that a decision was wrong (DSA, article 20). Whoever has the link of a decision needs no key. */
export function appealsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db } = parts;
  const { appealLinks } = parts.voices;
  const [ofStrangers, ofPlatforms] = [createRateBound(BOUND), createRateBound(BOUND_OF_PLATFORMS)];

  return async (app) => {
    route(app, {
      method: 'POST',
      url: '/v1/appeals',
      tag,
      summary: 'Appeal a decision: by the key whose generation it was, or by the link that came with it',
      body,
      isPublic: true,
      onRequest: async (request: FastifyRequest) =>
        (await isStranger(request, authenticate)) ? ofStrangers(request) : ofPlatforms(request),
      handler: async ({ body: wish }, request, reply) => {
        const keyId = request.headers.authorization === undefined ? null : callerOf(request).keyId;
        const decisionId = await decisionOf(wish, keyId, parts);
        const language = wish.language ?? preferredLanguage(request.headers['accept-language']);
        const filed = await fileAppeal(
          { decisionId, statement: wish.statement, email: wish.email ?? null, language, by: keyId ?? 'link' },
          parts.voices.appeals,
        );
        return reply.code(201).send(showAppeal(filed));
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/appeals/decisions/:id',
      tag,
      summary: 'The reasons of a decision and how its appeal stands, for whoever has the link',
      params,
      query: z.object({ token }),
      isPublic: true,
      onRequest: createRateBound({ perSecond: 2, burst: 60 }),
      handler: async ({ params: { id }, query: { token: given } }, request) => {
        const decision = appealLinks.isGood(id, given) ? await negativeDecision(db, id) : null;
        if (decision === null) throw new ImprimaturError('NOT_FOUND');
        const filed = await appealOfDecision(db, id);
        return {
          statement: await statementAnswer(decision, request.headers['accept-language'], parts),
          appeal: filed === null ? null : showAppeal(filed),
        };
      },
    });
  };
}

interface Named {
  readonly decision_id?: string | undefined;
  readonly generation_id?: string | undefined;
  readonly token?: string | undefined;
}

/** @throws ImprimaturError NOT_FOUND for what is not the asker's, REQUEST_INVALID when nothing is named */
async function decisionOf({ decision_id, generation_id, token: given }: Named, keyId: string | null, parts: HttpParts): Promise<string> {
  const last =
    generation_id !== undefined && isId('gen', generation_id) ? (await negativeDecisions(parts.db, generation_id)).at(-1) : undefined;
  const id = decision_id ?? last?.id;
  if (id === undefined && generation_id === undefined)
    throw new ImprimaturError('REQUEST_INVALID', { param: 'decision_id', hint: 'Name the decision or the generation.' });
  if (id === undefined) throw new ImprimaturError('NOT_FOUND');
  if (given !== undefined && parts.voices.appealLinks.isGood(id, given)) return id;
  if (keyId === null) throw new ImprimaturError(given === undefined ? 'AUTH_MISSING' : 'NOT_FOUND');
  const decision = await negativeDecision(parts.db, id);
  const generation = decision === null ? null : await parts.store.find(decision.generationId);
  if (generation?.keyId !== keyId) throw new ImprimaturError('NOT_FOUND');
  return id;
}
