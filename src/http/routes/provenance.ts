import type { FastifyPluginAsync, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CredentialReport } from '../../provenance/read-credential.ts';
import { verifyFile } from '../../verify-file.ts';
import { type Authenticate, anyKey } from '../authenticate.ts';
import type { HttpParts } from '../parts.ts';
import { isOperator, publicReport } from '../public-report.ts';
import { createRateBound } from '../rate-bound.ts';
import { onlyFile, readForm } from '../read-form.ts';
import { fileField, route } from '../route.ts';
import type { Strangers } from '../strangers.ts';

const tag = 'Provenance';
const form = { body: z.object({ file: fileField }), types: ['multipart/form-data'] } as const;

/** More than this machine answers with two cores; what keeps strangers from its pictures are the turns that they take. */
const STRANGERS = { perSecond: 50, burst: 500 } as const;

/** Reading credentials: OpenAI's endpoint with a key, and our own for anyone. Nothing uploaded is kept. */
export function provenanceRoutes(parts: HttpParts, authenticate: Authenticate, { takeTurn, boundInFlight }: Strangers): FastifyPluginAsync {
  const { provenance, config } = parts;
  const readFile = async (request: FastifyRequest) => onlyFile(await readForm(request, config.values.maxUploadBytes, 1));
  return async (app) => {
    await app.register(async (open) => {
      open.addHook('onRequest', createRateBound(STRANGERS));
      open.addHook('onRequest', boundInFlight);
      route(open, {
        method: 'POST',
        url: '/v1/verify',
        tag,
        summary: 'Is this file ours, and is it intact? With an operator key, also the whole of our record',
        consumes: form,
        isPublic: true,
        handler: async (_input, request) => {
          const isTold = await isOperator(request, authenticate);
          const file = await readFile(request);
          const report = await takeTurn(() => verifyFile(file, parts));
          return isTold ? report : publicReport(report);
        },
      });
    });
    await app.register(async (keyed) => {
      keyed.addHook('onRequest', anyKey(authenticate, 'provenance'));
      route(keyed, {
        method: 'POST',
        url: '/v1/content_provenance_checks',
        tag,
        summary: "OpenAI's provenance check. not_detected does not mean that a person made the picture.",
        consumes: form,
        handler: async (_input, request) => ({
          object: 'content_provenance_check' as const,
          created_at: Math.floor(Date.now() / 1000),
          results: [c2paResult(await provenance.verify(await readFile(request)))],
        }),
      });
    });
  };
}

const STATE_WORD = { trusted: 'trusted', valid: 'valid', invalid: 'invalid', none: 'not_present', unreadable: 'not_present' } as const;

function c2paResult({ state, signer, claims, when }: CredentialReport) {
  return {
    type: 'c2pa',
    outcome: STATE_WORD[state] === 'not_present' ? 'not_detected' : 'detected',
    validation_state: STATE_WORD[state],
    issuer: signer?.organization ?? null,
    model: claims?.model ?? null,
    generated_at: rfc3339(when),
  };
}

/** What a stranger's credential says of its time may be anything. */
function rfc3339(when: string | null): string | null {
  const at = new Date(when ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
