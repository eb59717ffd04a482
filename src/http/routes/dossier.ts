import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { decisionsOfCase } from '../../review/decision-store.ts';
import { readableDecisions } from '../../review/dossier/decide-facts.ts';
import { dossierOf } from '../../review/dossier/dossier.ts';
import { historyOf, withProof } from '../../review/dossier/history-of.ts';
import { recordLook } from '../../review/looks.ts';
import { caseFor, mayDecide } from '../../review/sight.ts';
import { viewCase } from '../../review/viewers.ts';
import { type StoredUpload, uploadOfCase } from '../../uploads/upload-store.ts';
import { type Authenticate, permitted } from '../authenticate.ts';
import { caseParams } from '../case-body.ts';
import { pageOf } from '../lists.ts';
import type { HttpParts } from '../parts.ts';
import { route } from '../route.ts';
import { showApproval } from '../show-approval.ts';
import { showCase } from '../show-case.ts';
import { dossierAnswer, eventAnswer } from '../show-dossier.ts';
import { staffOf } from '../staff-of.ts';

/** One case with everything that somebody needs to decide it. Each look is on record. */
export function dossierRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { db, journal, ledger, desk, people, policy, review } = parts;
  const about = { tag: 'Cases', params: caseParams, onRequest: permitted(authenticate, 'cases.read') } as const;

  async function tell(id: string, request: FastifyRequest, withSignals: boolean) {
    const staff = staffOf(request);
    const found = await caseFor(db, id, staff, desk.queues);
    const upload = found.kind === 'upload' ? await uploadOfCase(db, found.id) : null;
    await recordLook(db, { by: staff.id, what: withSignals ? 'signals' : 'dossier', caseId: found.id, restricted: found.restricted });
    const dossier = await dossierOf(found, staff, { ...desk, ...rulesOf(review), people, policy }, { withSignals });
    const viewers = await viewCase(db, found.id, staff.id);
    return {
      ...showCase(found, staff),
      may_decide: await mayDecide(db, staff, found, desk.queues),
      ...dossier,
      ...(found.kind === 'approval' ? { approval: await showApproval(found, db) } : {}),
      viewers: viewers.map(({ who, since }) => ({ who, since: since.toISOString() })),
      ...(upload === null ? {} : { upload: showUpload(upload), provenance: showUpload(upload) }),
    };
  }

  return async (app) => {
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/cases/:id',
      summary: 'One case: what is held and why, what was asked, who is shown, what was decided before',
      answer: dossierAnswer,
      handler: ({ params: { id } }, request) => tell(id, request, false),
    });
    route(app, {
      ...about,
      method: 'POST',
      url: '/v1/cases/:id/signals',
      summary: 'The same with what the checks said, before one has decided. It stands in the ledger that somebody asked',
      body: z.object({}).nullish(),
      answer: dossierAnswer,
      handler: async ({ params: { id } }, request) => {
        const staff = staffOf(request);
        const found = await caseFor(db, id, staff, desk.queues);
        await journal.record({}, [{ kind: 'case.signals_shown', case: found.id, by: `operator:${staff.id}` }]);
        return tell(id, request, true);
      },
    });
    route(app, {
      ...about,
      method: 'GET',
      url: '/v1/cases/:id/timeline',
      summary: 'Everything that happened to a case, with the proofs of what stands in the ledger',
      answer: pageOf(eventAnswer),
      handler: async ({ params: { id } }, request) => {
        const staff = staffOf(request);
        const found = await caseFor(db, id, staff, desk.queues);
        const decisions = readableDecisions(found, await decisionsOfCase(db, found.id), staff);
        const events = await historyOf(db, found, decisions);
        return { object: 'list' as const, data: await Promise.all(events.map((event) => withProof(event, ledger))), next: null };
      },
    });
  };
}

const rulesOf = ({ secondReview }: HttpParts['review']) => (secondReview === undefined ? {} : { secondReview });

/** What a person needs to know of a held file. `is_kept`: `GET /v1/cases/{id}/file` gives it. */
function showUpload({ sha256, declaration, contributor, label, situations, policy, blob, checked_at }: StoredUpload) {
  const checkedAt = checked_at.toISOString();
  return { sha256, declaration, contributor, label, situations, policy, is_kept: blob !== null, checked_at: checkedAt };
}
