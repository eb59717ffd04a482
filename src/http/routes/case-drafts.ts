import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { draftOf, draftSchema, type SavedDraft, saveDraft } from '../../review/drafts.ts';
import { aboutCases } from '../about-cases.ts';
import type { Authenticate } from '../authenticate.ts';
import { timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const answer = z.object({ draft: draftSchema.nullable(), saved_at: timeAnswer.nullable() }).meta({ id: 'CaseDraft' });

/** What somebody has filled in and not sent: kept on the server, so that nothing is lost with a network. */
export function caseDraftsRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db } = parts;
  const { about, seen } = aboutCases(parts, authenticate);

  return async (app) => {
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/cases/:id/draft',
      summary: 'What one has filled in and not sent',
      answer: answer,
      handler: async ({ params: { id } }, request) => showDraft(await draftOf(db, (await seen(id, request)).id, staffOf(request).id)),
    });
    route(app, {
      ...about,
      method: 'PUT',
      url: '/v1/cases/:id/draft',
      summary: 'Keep what one has filled in',
      body: draftSchema,
      answer: answer,
      handler: async ({ params: { id }, body }, request) =>
        showDraft(await saveDraft(db, (await seen(id, request)).id, staffOf(request).id, body)),
    });
  };
}

function showDraft(saved: SavedDraft | null) {
  return { draft: saved?.draft ?? null, saved_at: saved?.savedAt.toISOString() ?? null };
}
