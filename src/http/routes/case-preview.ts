import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { recordLook } from '../../review/looks.ts';
import { requireDecider } from '../../review/sight.ts';
import { previewDecision } from '../../settle/preview-decision.ts';
import { aboutCases } from '../about-cases.ts';
import type { Authenticate } from '../authenticate.ts';
import { decisionBody, wishOf } from '../case-body.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const answer = z.object({
  object: z.literal('case_preview'),
  waits_for: z.enum(['second_person', 'boards']).nullable().describe('Who else has to agree before anything of it is sent.'),
  receivers: z.array(
    z.object({
      to: z.enum(['user', 'caller', 'webhook', 'reporter', 'appellant', 'database']),
      title: z.string(),
      text: z.string(),
      data: z.unknown().describe('What a program gets. Ids, times and hashes that are made with the decision are placeholders.'),
    }),
  ),
});

/** What everybody will be sent, before somebody decides. */
export function casePreviewRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, review, voices, links, appeal, baseUrl } = parts;
  const { about, seen } = aboutCases(parts, authenticate);
  const sending = { ...review, appeal, pageOf: voices.appealLinks.pageOf, linkTo: links.linkTo, baseUrl };
  return async (app) => {
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/preview',
      summary: 'What each receiver would be sent by a decision, made by what will send it. Nothing is decided, and nothing sent',
      body: decisionBody,
      answer,
      handler: async ({ params: { id }, body }, request) => {
        const found = await seen(id, request);
        const staff = staffOf(request);
        await requireDecider(db, staff, { ...found, excluded: [] }, review.queues);
        await recordLook(db, { by: staff.id, what: 'preview', caseId: found.id, target: 'consequences', restricted: found.restricted });
        const { waitsFor, receivers } = await previewDecision(found, { ...wishOf(body), caseId: found.id, staff }, sending);
        return { object: 'case_preview' as const, waits_for: waitsFor, receivers: [...receivers] };
      },
    });
  };
}
