import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type CheckedUpload, checkUpload } from '../../check-upload.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import { DECLARATIONS } from '../../contracts/upload.ts';
import { formatPolicyRef } from '../../policy/policy-ref.ts';
import { fetchUpload } from '../../uploads/fetch-upload.ts';
import { REASON_TEXTS } from '../../uploads/reason-texts.ts';
import { findUpload } from '../../uploads/upload-store.ts';
import { type Authenticate, callerOf, callersOnly } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
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

/** "May this be posted?", for publishing platforms. Of the file nothing is kept but its hash. */
export function uploadChecksRoutes(parts: HttpParts, authenticate: Authenticate): FastifyPluginAsync {
  const maxBytes = parts.config.values.maxUploadBytes;

  async function uploadOf(request: FastifyRequest) {
    if (!request.isMultipart()) {
      const { url, ...rest } = validated(jsonBody, request.body ?? {});
      return { bytes: await fetchUpload(url, { outbound: parts.outbound, maxBytes }), ...rest };
    }
    const form = await readForm(request, maxBytes, 1);
    return { bytes: onlyFile(form), ...validated(aboutForm, form.fields) };
  }

  return async (app) => {
    app.addHook('onRequest', callersOnly(authenticate));
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
      summary: 'An earlier answer',
      params: z.object({ id: z.string().max(64) }),
      handler: async ({ params: { id } }, request) => {
        const found = await findUpload(parts.db, id, callerOf(request).keyId);
        if (found === null) throw new ImprimaturError('NOT_FOUND');
        const { checked_at, ...rest } = found;
        return { object: 'upload_check', ...rest, checked_at: checked_at.toISOString() };
      },
    });
  };
}

function show({ record, report }: CheckedUpload) {
  const { verdict } = record;
  return {
    object: 'upload_check',
    id: record.id,
    action: verdict.action,
    /** What a label would have to say; null when nothing says that a model took part. */
    label: report.origin.made === 'generated' || report.origin.made === 'edited' ? report.origin.made : labelDeclared(record.declaration),
    reasons: verdict.reasons.map(({ situation, action, floor }) => ({ code: situation, action, floor, text: REASON_TEXTS[situation] })),
    declaration: record.declaration,
    policy: formatPolicyRef(verdict.policy),
    checked_at: record.at.toISOString(),
    report,
  };
}

const labelDeclared = (declaration: CheckedUpload['record']['declaration']) =>
  declaration === 'generated' || declaration === 'edited' ? declaration : null;
