import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { isId } from '../../contracts/ids.ts';
import { findCase, listCases, type ReviewCase } from '../../review/case-store.ts';
import { reviewCase } from '../../review-case.ts';
import { type StoredUpload, uploadOfCase } from '../../uploads/upload-store.ts';
import { type Authenticate, operatorOf, operatorsOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';

const tag = 'Cases';
const params = z.object({ id: z.string() });
const query = z.object({
  status: z.enum(['open', 'released', 'blocked']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
const decision = z.object({ decision: z.enum(['release', 'block']) }).meta({ id: 'CaseDecision' });

/** Held generations and held files of platforms, for operators, until the review console exists. */
export function casesRoutes({ db, review, evidence, journal }: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  async function caseById(id: string): Promise<ReviewCase> {
    const found = isId('case', id) ? await findCase(db, id) : null;
    if (found === null) throw new ImprimaturError('NOT_FOUND');
    return found;
  }

  return async (app) => {
    app.addHook('onRequest', operatorsOnly(authenticate));
    route(app, {
      method: 'GET',
      url: '/v1/cases',
      tag,
      summary: 'What is held for a person, oldest first',
      query,
      handler: async ({ query: { status, limit } }) => ({ object: 'list', data: (await listCases(db, status, limit)).map(show) }),
    });
    route(app, {
      method: 'GET',
      url: '/v1/cases/:id',
      tag,
      summary: 'One case',
      params,
      handler: async ({ params: { id } }) => {
        const found = await caseById(id);
        const upload = found.stage === 'upload' ? await uploadOfCase(db, found.id) : null;
        return { ...show(found), ...(upload === null ? {} : { upload: showUpload(upload) }) };
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/cases/:id/file',
      tag,
      summary: 'The file of a held upload, where policy lets it be kept. Each look stands in the ledger',
      params,
      handler: async ({ params: { id } }, request, reply) => {
        const found = await caseById(id);
        const upload = found.stage === 'upload' ? await uploadOfCase(db, found.id) : null;
        if (upload === null || upload.blob === null) throw new ImprimaturError('NOT_FOUND');
        const bytes = await evidence.open({ blob: upload.blob, id: upload.id, kind: 'upload', sha256: upload.sha256 });
        await journal.record({}, [{ kind: 'upload.shown', upload: upload.id, case: found.id, by: `operator:${operatorOf(request)}` }]);
        // Never a type that a browser would open: nobody knows yet what it is.
        reply.headers({
          'content-type': 'application/octet-stream',
          'content-disposition': 'attachment',
          'x-content-type-options': 'nosniff',
        });
        return reply.send(Buffer.from(bytes));
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/cases/:id/decisions',
      tag,
      summary: 'Release or block what is held',
      params,
      body: decision,
      handler: async ({ params: { id }, body }, request) => {
        const found = await caseById(id);
        await reviewCase({ caseId: found.id, action: body.decision, operator: operatorOf(request) }, review);
        return show(await caseById(id));
      },
    });
  };
}

function show(found: ReviewCase) {
  const { id, stage, state, openedAt, closedAt, closedBy } = found;
  return {
    object: 'case',
    id,
    generation_id: found.stage === 'upload' ? null : found.generationId,
    upload_id: found.stage === 'upload' ? found.uploadId : null,
    stage,
    decision_id: found.stage === 'upload' ? null : found.decisionId,
    status: state,
    opened_at: openedAt.toISOString(),
    closed_at: closedAt?.toISOString() ?? null,
    closed_by: closedBy,
  };
}

/** What a person needs to know of a held file. `is_kept`: `GET /v1/cases/{id}/file` gives it. */
function showUpload({ sha256, declaration, contributor, label, situations, policy, blob, checked_at }: StoredUpload) {
  const checkedAt = checked_at.toISOString();
  return { sha256, declaration, contributor, label, situations, policy, is_kept: blob !== null, checked_at: checkedAt };
}
