import { createHash } from 'node:crypto';
import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { pdqFromBytes } from '../../registries/pdq/pdq-bits.ts';
import type { Found } from '../../review/found.ts';
import { recordLook } from '../../review/looks.ts';
import { type PictureMatch, searchById, searchByPicture } from '../../review/search.ts';
import { type FoundUser, searchByUser } from '../../review/search-users.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { timeAnswer } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { onlyFile, readForm } from '../read-form.ts';
import { fileField, route } from '../route.ts';
import { staffOf } from '../staff-of.ts';

const tag = 'Search';
const PSEUDONYM = /^[0-9a-f]{12,63}$/;
const form = z.object({ image: fileField });

const found = z
  .object({
    generations: z.array(z.object({ id: z.string(), surface: z.string(), model: z.string(), status: z.string(), created_at: timeAnswer })),
    artifacts: z.array(z.object({ id: z.string(), generation_id: z.string(), created_at: timeAnswer, taken_down: z.boolean() })),
    users: z.array(z.object({ pseudonym: z.string(), held: z.number(), refused: z.number(), strikes: z.number() })),
    cases: z.array(z.object({ id: z.string(), kind: z.string(), status: z.string(), queue: z.string(), opened_at: timeAnswer })),
    matches: z
      .array(z.object({ artifact_id: z.string(), by: z.enum(['watermark', 'hash']), distance: z.number().nullable() }))
      .optional()
      .describe('Of a picture: what it is, or looks like.'),
  })
  .meta({ id: 'Found' });

/** Generations, pictures and cases by an id or by a picture. Each search is on record. */
export function searchRoutes({ db, config, desk, recognizeMark }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const about = { tag, onRequest: permitted(authenticate, 'search.read') } as const;
  const partsFor = (request: FastifyRequest) => ({ db, staff: staffOf(request), queues: desk.queues });

  return async (app) => {
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/search',
      summary:
        'By the id of a generation, request, picture, decision, case or upload, the SHA-256 of a file, or a user as a case shows them',
      query: z.object({ q: z.string().trim().min(1).max(200) }),
      answer: found,
      handler: async ({ query: { q } }, request) => {
        const isId = /^[a-z]+_[0-9a-z]{26}$|^[0-9a-f]{64}$/.test(q);
        // Words are not looked for, and not kept: they may be of a prompt.
        await recordLook(db, { by: staffOf(request).id, what: 'search', target: isId || PSEUDONYM.test(q) ? q : null });
        if (isId) return show(await searchById(q, partsFor(request)), {});
        if (!PSEUDONYM.test(q)) return show({ generations: [], artifacts: [], cases: [] }, {});
        const { users, ...rest } = await searchByUser(q, partsFor(request));
        return show(rest, { users });
      },
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/search',
      summary: 'By a picture: its invisible mark, its bytes, and what it looks like. Nothing is kept of it',
      consumes: { body: form, types: ['multipart/form-data'] },
      answer: found,
      handler: async (_, request) => {
        const bytes = onlyFile(await readForm(request, config.values.maxUploadBytes, 1));
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        await recordLook(db, { by: staffOf(request).id, what: 'search', target: sha256 });
        const [mark, hash] = await Promise.all([recognizeMark(bytes), desk.fingerprint(bytes)]);
        const marked = mark.kind === 'found' ? mark.artifactId : null;
        const { matches, ...rest } = await searchByPicture(
          { marked, sha256, pdq: hash === null ? null : pdqFromBytes(hash.value) },
          partsFor(request),
        );
        return show(rest, { matches });
      },
    });
  };
}

interface Besides {
  readonly users?: readonly FoundUser[];
  readonly matches?: readonly PictureMatch[];
}

function show({ generations, artifacts, cases }: Found, { users = [], matches }: Besides) {
  return {
    generations: generations.map(({ state: status, created_at, ...one }) => ({ ...one, status, created_at: created_at.toISOString() })),
    artifacts: artifacts.map(({ created_at, ...one }) => ({ ...one, created_at: created_at.toISOString() })),
    users: [...users],
    cases: cases.map(({ state: status, opened_at, ...one }) => ({ ...one, status, opened_at: opened_at.toISOString() })),
    ...(matches === undefined ? {} : { matches: [...matches] }),
  };
}
