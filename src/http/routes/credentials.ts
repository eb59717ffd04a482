import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { LostJob } from '../../detectors/lost-job.ts';
import { createCredentialReader } from '../../provenance/recovery/describe-credential.ts';
import { recover } from '../../provenance/recovery/recover.ts';
import { openToBrowsers } from '../open-to-browsers.ts';
import type { HttpParts } from '../parts.ts';
import { pictureBody, pictureOf, takePictures } from '../picture-body.ts';
import { createRateBound } from '../rate-bound.ts';
import { route } from '../route.ts';
import type { Strangers } from '../strangers.ts';

const tag = 'Provenance';

const credentialAnswer = z
  .object({
    object: z.literal('credential'),
    how: z
      .enum(['intact', 'reattached', 'watermark', 'perceptual-hash'])
      .describe(
        'intact: this very file. reattached: the same without its credential. Else a likeness: that it is this picture is not proved.',
      ),
    similarity: z.int().min(0).max(100),
    signature: z.enum(['trusted', 'untrusted', 'broken']),
    signer: z.string().nullable(),
    made: z.enum(['generated', 'edited']),
    model: z.string().nullable(),
    at: z.string().nullable().describe('ISO 8601.'),
    manifest_url: z.string(),
    verify_url: z.string(),
  })
  .meta({ id: 'Credential' });

/**
 * What the badge on a page shows. Asking by hash tells us nothing about pictures that are not ours, and tells nobody about ours who does
 * not have them.
 */
export function credentialsRoutes({ recovery, baseUrl, config }: HttpParts, { takeTurn, boundInFlight }: Strangers): FastifyPluginAsync {
  const { repository, provenance } = recovery;
  const describe = createCredentialReader(provenance);
  const answer = async (found: Awaited<ReturnType<typeof recover>>) => {
    if (found.kind === 'unknown' || (found.credential.isTakenDown && !recovery.answersTakenDown())) throw new ImprimaturError('NOT_FOUND');
    const { credential } = found;
    return {
      object: 'credential' as const,
      ...(found.kind === 'matched'
        ? { how: found.match.by, similarity: found.match.likeness ?? found.match.similarity }
        : { how: found.kind, similarity: 100 }),
      ...(await describe(credential)),
      manifest_url: `${baseUrl()}/v1/c2pa/manifests/${credential.manifestId}`,
      verify_url: `${baseUrl()}/verify`,
    };
  };
  const byDigest = async (sha256: string) => {
    const intact = await repository.bySignedDigest(sha256);
    if (intact !== null) return answer({ kind: 'intact', credential: intact });
    const stripped = await repository.byStrippedDigest(sha256);
    return answer(stripped === null ? { kind: 'unknown' } : { kind: 'reattached', credential: stripped, bytes: new Uint8Array() });
  };
  return async (app) => {
    openToBrowsers(app, ['/v1/credentials', '/v1/credentials/*']);
    takePictures(app, config.values.maxUploadBytes);
    app.addHook('onRequest', createRateBound({ perSecond: 20, burst: 200 }));
    app.addHook('onRequest', boundInFlight);
    route(app, {
      method: 'GET',
      url: '/v1/credentials/:sha256',
      tag,
      summary: 'The credential of a picture, by the SHA-256 of its file',
      isPublic: true,
      params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
      answer: credentialAnswer,
      handler: async ({ params: { sha256 } }, _request, reply) => {
        const body = await byDigest(sha256);
        // Only what was found may be kept: a picture that is unknown now may be published in a second.
        reply.header('cache-control', 'public, max-age=60');
        return body;
      },
    });
    route(app, {
      method: 'POST',
      url: '/v1/credentials',
      tag,
      summary: 'The credential of a picture that may have lost it. Nothing of the picture is kept',
      isPublic: true,
      consumes: pictureBody,
      answer: credentialAnswer,
      handler: async (_input, request) =>
        answer(
          await takeTurn(() => recover(pictureOf(request), recovery)).catch((cause: unknown) => {
            throw cause instanceof LostJob ? new ImprimaturError('CHECK_FAILED', { cause }) : cause;
          }),
        ),
    });
  };
}
