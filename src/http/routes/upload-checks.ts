import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type CheckedUpload, checkUpload } from '../../check-upload.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { DECLARATIONS } from '../../contracts/upload.ts';
import { formatPolicyRef } from '../../policy/policy-ref.ts';
import { fetchUpload } from '../../uploads/fetch-upload.ts';
import { REASON_TEXTS } from '../../uploads/reason-texts.ts';
import { actionNow, findUpload, type StoredUpload } from '../../uploads/upload-store.ts';
import { type Authenticate, callerOf, callersOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { publicReport } from '../public-report.ts';
import { onlyFile, readForm } from '../read-form.ts';
import { fileField, route } from '../route.ts';
import { validated } from '../validated.ts';

const tag = 'Uploads';
const about = {
  declaration: z.enum(DECLARATIONS).default('unknown').describe('What its contributor says it is.'),
  contributor: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe("The platform's own name for the contributor. The ledger gets a commitment to it."),
};
const aboutForm = z.object(about);
const jsonBody = z.strictObject({
  url: z.url().max(2048).describe('Fetched by the gateway: public http and https addresses only.'),
  ...about,
});
const consumes = {
  body: z.object({ file: fileField.optional(), url: z.string().optional(), ...about }),
  types: ['multipart/form-data', 'application/json'],
} as const;

/** "May this be posted?", for publishing platforms. Of the file its hash is kept, and no more unless policy lets held ones be sealed. */
export function uploadChecksRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const { maxUploadBytes: maxBytes, uploadPorts: ports } = parts.config.values;

  async function uploadOf(request: FastifyRequest) {
    if (!request.isMultipart()) {
      const { url, ...rest } = validated(jsonBody, request.body ?? {});
      return { bytes: await fetchUpload(url, { outbound: parts.outbound, maxBytes, ports }), ...rest };
    }
    const form = await readForm(request, maxBytes, 1);
    return { bytes: onlyFile(form), ...validated(aboutForm, form.fields) };
  }

  return async (app) => {
    app.addHook('onRequest', callersOnly(authenticate, 'uploads'));
    route(app, {
      method: 'POST',
      url: '/v1/upload-checks',
      tag,
      summary: 'May this file be posted? post, label, hold or refuse, with reasons',
      consumes,
      handler: async (_input, request) => {
        const { contributor, ...upload } = await uploadOf(request);
        return show(await checkUpload({ ...upload, contributor: contributor ?? null, caller: callerOf(request) }, parts));
      },
    });
    route(app, {
      method: 'GET',
      url: '/v1/upload-checks/:id',
      tag,
      summary: 'An earlier answer, and what a person decided since',
      params: z.object({ id: z.string().max(64) }),
      handler: async ({ params: { id } }, request) => {
        const found = await findUpload(parts.db, id, callerOf(request).keyId);
        if (found === null) throw new ImprimaturError('NOT_FOUND');
        return showStored(found);
      },
    });
  };
}

function show({ record, report, knownBad }: CheckedUpload) {
  const { verdict } = record;
  return {
    object: 'upload_check' as const,
    id: record.id,
    action: verdict.action,
    /** What a label would have to say; null when nothing says that a model took part. */
    label: record.label,
    case_id: record.held?.caseId ?? null,
    reasons: verdict.reasons.map(({ situation, action, floor }) => ({ code: situation, action, floor, text: REASON_TEXTS[situation] })),
    /** `not-checked`: the policy relies on no check that compares with lists, so nobody looked. */
    known_bad: knownBad,
    declaration: record.declaration,
    policy: formatPolicyRef(verdict.policy),
    checked_at: record.at.toISOString(),
    report: publicReport(report),
  };
}

/** `action` is what the platform may do now; `review` tells of the person who looked, without a name. */
function showStored(found: StoredUpload) {
  const { id, sha256, declaration, contributor, situations, policy, label, case_id, case_state, closed_at, checked_at } = found;
  return {
    object: 'upload_check' as const,
    id,
    sha256,
    declaration,
    contributor,
    action: actionNow(found),
    label,
    case_id,
    review: case_state === null ? null : { status: case_state, decided_at: closed_at?.toISOString() ?? null },
    situations,
    policy,
    checked_at: checked_at.toISOString(),
  };
}
