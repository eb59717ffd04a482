import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { newId } from '../../contracts/ids.ts';
import { CASE_STATES } from '../../review/case-store.ts';
import { listCases } from '../../review/list-cases.ts';
import { recordLook } from '../../review/looks.ts';
import { CASE_KINDS } from '../../review/queues.ts';
import { caseFor, visibleQueues } from '../../review/sight.ts';
import { recordExposure } from '../../review/welfare/welfare-store.ts';
import { uploadOfCase } from '../../uploads/upload-store.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { caseParams as params } from '../case-body.ts';
import { disguiseReplays } from '../disguise-replays.ts';
import { pageOf } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { requireFreshIfRestricted } from '../restricted-sight.ts';
import { route, sentBytes } from '../route.ts';
import { caseAnswer, showCase } from '../show-case.ts';
import { staffOf } from '../staff-of.ts';
import { approvalsRoutes } from './approvals.ts';
import { auditRoutes } from './audit.ts';
import { caseDecisionsRoutes } from './case-decisions.ts';
import { caseDraftsRoutes } from './case-drafts.ts';
import { caseLeasesRoutes } from './case-leases.ts';
import { caseMediaRoutes } from './case-media.ts';
import { casePreviewRoutes } from './case-preview.ts';
import { dossierRoutes } from './dossier.ts';
import { queuesRoutes } from './queues.ts';
import { searchRoutes } from './search.ts';

const tag = 'Cases';
const query = z.object({
  status: z.enum(CASE_STATES).default('open'),
  queue: z.string().max(64).optional(),
  kind: z.enum(CASE_KINDS).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().max(64).optional(),
});

/** Everything that people decide: held generations and files, appeals, notices, approvals. */
export function casesRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, review, evidence, journal } = parts;
  const onRequest = permitted(authenticate, 'cases.read');

  const disguise = disguiseReplays(db);
  return async (app) => {
    app.addHook('preValidation', disguise.preValidation);
    app.addHook('preSerialization', disguise.preSerialization);
    for (const routes of [
      queuesRoutes,
      dossierRoutes,
      caseMediaRoutes,
      caseLeasesRoutes,
      caseDecisionsRoutes,
      casePreviewRoutes,
      caseDraftsRoutes,
      searchRoutes,
      approvalsRoutes,
      auditRoutes,
    ])
      await app.register(routes(parts, authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/cases',
      tag,
      summary: 'What is held for a person, oldest first',
      query,
      onRequest,
      answer: pageOf(caseAnswer),
      handler: async ({ query: { status, queue, limit, ...filter } }, request) => {
        const staff = staffOf(request);
        const queues = visibleQueues(staff, review.queues).flatMap(({ id }) => (queue === undefined || queue === id ? [id] : []));
        const found = await listCases(db, { ...filter, state: status, queues, limit });
        return {
          object: 'list' as const,
          data: found.map((one) => showCase(one, staff)),
          next: found.length < limit ? null : (found.at(-1)?.id ?? null),
        };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/cases/:id/file',
      tag,
      summary: 'The file of a held upload, where policy lets it be kept. Each look stands in the ledger',
      params,
      onRequest,
      answer: sentBytes,
      produces: ['application/octet-stream'],
      handler: async ({ params: { id } }, request, reply) => {
        const staff = staffOf(request);
        const found = await caseFor(db, id, staff, review.queues);
        const upload = found.kind === 'upload' ? await uploadOfCase(db, found.id) : null;
        if (upload === null || upload.blob === null) throw new ImprimaturError('NOT_FOUND');
        requireFreshIfRestricted(request, found);
        const bytes = await evidence.open({ blob: upload.blob, id: upload.id, kind: 'upload', sha256: upload.sha256 });
        await db.transaction(async (tx) => {
          await recordExposure(tx, { view: newId('view'), staff: staff.id, caseId: found.id, categories: found.categories });
          await recordLook(tx, { by: staff.id, what: 'file', caseId: found.id, target: upload.id, restricted: found.restricted });
          await journal.recordIn(tx, {}, [{ kind: 'upload.shown', upload: upload.id, case: found.id, by: `operator:${staff.id}` }]);
        });
        // Never a type that a browser would open: nobody knows yet what it is.
        reply.headers({
          'content-type': 'application/octet-stream',
          'content-disposition': 'attachment',
          'x-content-type-options': 'nosniff',
        });
        return reply.send(Buffer.from(bytes));
      },
    });
  };
}
