import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { rolesAllow } from '../../access/permissions.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { type CaseId, isId } from '../../contracts/ids.ts';
import {
  answerCalibration,
  type Calibration,
  type CalibrationItem,
  calibrationAlpha,
  calibrationItems,
  findCalibration,
  listCalibrations,
  revealCalibration,
  startCalibration,
} from '../../review/quality/calibrations.ts';
import { CASE_DECISIONS } from '../../review/transitions.ts';
import { type Authenticate, type Hook, operatorOf, permitted } from '../authenticate.ts';
import { pageOf, timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Quality';
const byId = z.object({ id: z.string().max(64) });
const newRound = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    participants: z.array(z.string().min(1).max(64)).min(2).max(100),
    cases: z.array(z.string().max(64)).min(1).max(100),
  })
  .meta({ id: 'NewCalibration' });
const newAnswer = z.strictObject({
  position: z.int().min(1).max(100),
  decision: z.enum(CASE_DECISIONS),
  reason: z.string().max(2_000).nullable().default(null),
});
const shown = z
  .object({
    object: z.literal('calibration'),
    id: z.string(),
    title: z.string(),
    made_by: z.string(),
    made_at: timeAnswer,
    participants: z.array(z.string()),
    revealed_at: timeAnswer.nullable(),
    minutes: z.string().nullable(),
  })
  .meta({ id: 'Calibration' });
const round = shown.extend({
  alpha: z.number().nullable().describe('Krippendorff’s α; null before the answers are shown, and where it is not defined.'),
  items: z.array(
    z.object({
      position: z.number(),
      case_id: z.string(),
      answers: z
        .array(z.object({ by: z.string(), decision: z.string(), reason: z.string().nullable() }))
        .describe('One’s own; everybody’s once they are shown.'),
    }),
  ),
});
const LISTED = 100;

/** Rounds in which a group decides the same cases blindly, and then looks at the answers together. */
export function calibrationRoutes({ db, journal }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const leads = permitted(authenticate, 'quality.manage');
  const reviewers = permitted(authenticate, 'cases.read');

  /** Somebody who is not part of a round learns nothing of it. */
  async function roundFor(id: string, request: FastifyRequest): Promise<Calibration> {
    const found = await findCalibration(db, id);
    if (!isPartOf(found, request)) throw new ImprimaturError('NOT_FOUND');
    return found;
  }

  async function page(found: Calibration, request: FastifyRequest) {
    const items = await calibrationItems(db, found, operatorOf(request));
    return { ...show(found), alpha: found.revealedAt === null ? null : calibrationAlpha(items), items: items.map(showItem) };
  }

  return async (app) => {
    await app.register(roundsRoutes(db, reviewers));
    route(app, {
      method: 'POST',
      url: '/v1/quality/calibrations',
      tag,
      summary: 'Start a round: decided cases, shown again without their decisions',
      onRequest: leads,
      body: newRound,
      answer: round,
      status: 201,
      handler: async ({ body: { title, participants, cases } }, request, reply) => {
        const wish = { title, participants, caseIds: cases.map(caseIdOf), by: operatorOf(request) };
        return reply.code(201).send(await page(await startCalibration(wish, { db, journal }), request));
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/quality/calibrations/:id',
      tag,
      summary: 'A round: its cases, your answers, and everybody’s once it is revealed',
      onRequest: reviewers,
      params: byId,
      answer: round,
      handler: async ({ params: { id } }, request) => page(await roundFor(id, request), request),
    });
    route(app, {
      method: 'POST',
      url: '/v1/quality/calibrations/:id/answers',
      tag,
      summary: 'What you would decide',
      onRequest: reviewers,
      params: byId,
      body: newAnswer,
      answer: round,
      handler: async ({ params: { id }, body }, request) => {
        await roundFor(id, request);
        await answerCalibration(db, { id, by: operatorOf(request), answer: body });
        return page(await roundFor(id, request), request);
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/quality/calibrations/:id/reveal',
      tag,
      summary: 'Show everybody’s answers to all; nobody changes one any more',
      onRequest: leads,
      params: byId,
      body: z.strictObject({ minutes: z.string().max(20_000).nullable().default(null) }).nullish(),
      answer: round,
      handler: async ({ params: { id }, body }, request) =>
        page(await revealCalibration(id, { by: operatorOf(request), minutes: body?.minutes ?? null }, { db, journal }), request),
    });
  };
}

function roundsRoutes(db: HttpParts['db'], onRequest: Hook): FastifyPluginAsync {
  return async (app) => {
    route(app, {
      method: 'GET',
      url: '/v1/quality/calibrations',
      tag,
      summary: 'Calibration rounds that you lead or take part in',
      onRequest,
      answer: pageOf(shown),
      handler: async (_, request) => {
        const rounds = await listCalibrations(db, LISTED);
        return { object: 'list' as const, data: rounds.filter((one) => isPartOf(one, request)).map(show), next: null };
      },
    });
  };
}

function isPartOf({ participants }: Calibration, request: FastifyRequest): boolean {
  const { id, roles } = staffOf(request);
  return rolesAllow(roles, 'quality.manage') || participants.includes(id);
}

function caseIdOf(id: string): CaseId {
  if (isId('case', id)) return id;
  throw new ImprimaturError('REQUEST_INVALID', { param: 'cases', hint: 'Name cases by their ids.' });
}

function show({ id, title, madeBy, madeAt, participants, revealedAt, minutes }: Calibration) {
  return {
    object: 'calibration' as const,
    id,
    title,
    made_by: madeBy,
    made_at: madeAt.toISOString(),
    participants,
    revealed_at: revealedAt?.toISOString() ?? null,
    minutes,
  };
}

function showItem({ position, case_id, answers }: CalibrationItem) {
  return { position, case_id, answers };
}
