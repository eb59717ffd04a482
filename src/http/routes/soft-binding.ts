import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { LostJob } from '../../detectors/lost-job.ts';
import { manifestStoreIn } from '../../provenance/recovery/credential-segment.ts';
import type { Match } from '../../provenance/recovery/manifest-repository.ts';
import { type Binding, withoutIngredients } from '../../provenance/recovery/manifest-store.ts';
import { matchesOf, reattach } from '../../provenance/recovery/recover.ts';
import { PDQ_ALGORITHM } from '../../registries/pdq/pdq-algorithm.ts';
import { WATERMARK_ALGORITHM } from '../../watermark/watermark.ts';
import { openToBrowsers } from '../open-to-browsers.ts';
import type { HttpParts } from '../parts.ts';
import { pictureBody, pictureOf, takePictures } from '../picture-body.ts';
import { createRateBound } from '../rate-bound.ts';
import { route } from '../route.ts';
import type { Strangers } from '../strangers.ts';
import type { TakeTurn } from '../turns.ts';

const tag = 'Soft Binding Resolution';
const SPECIFICATION = '2.4.0';
const MAX_VALUE_CHARS = 1368;

const maxResults = z.coerce.number().int().min(1).max(100).default(10);
const alg = z.string().min(1).max(128).describe('An algorithm of /v1/c2pa/services/supportedAlgorithms.');
const value = z.string().min(1).describe('The binding, in base64.');
const matches = z.object({
  matches: z.array(z.object({ manifestId: z.string(), similarityScore: z.int().min(0).max(100) })).describe('The most similar first.'),
});

/** C2PA Soft Binding Resolution API 2.4, open to any client: finds the manifest of a picture that was stripped of it. */
export function softBindingRoutes(parts: HttpParts, { takeTurn, boundInFlight }: Strangers): FastifyPluginAsync {
  return async (app) => {
    openToBrowsers(app, ['/v1/c2pa/*', '/.well-known/c2pa-soft-binding-resolution']);
    takePictures(app, parts.config.values.maxUploadBytes);
    app.addHook('onRequest', createRateBound({ perSecond: 20, burst: 100 }));
    app.addHook('onRequest', boundInFlight);
    discovery(app, parts);
    bindings(app, parts);
    content(app, parts, takeTurn);
    manifests(app, parts);
  };
}

function discovery(app: FastifyInstance, { baseUrl, isReady }: HttpParts): void {
  const open = { tag, isPublic: true } as const;
  route(app, {
    method: 'GET',
    url: '/.well-known/c2pa-soft-binding-resolution',
    ...open,
    summary: 'Where the resolution API of this host is',
    handler: () => ({
      apiEndpoint: `${baseUrl()}/v1/c2pa`,
      c2paSpecificationVersion: SPECIFICATION,
      capabilitiesEndpoint: `${baseUrl()}/v1/c2pa/services/capabilities`,
      statusEndpoint: `${baseUrl()}/v1/c2pa/services/status`,
    }),
  });
  route(app, {
    method: 'GET',
    url: '/v1/c2pa/services/supportedAlgorithms',
    ...open,
    summary: 'The soft bindings that are resolved here',
    handler: () => ({ watermarks: [{ alg: WATERMARK_ALGORITHM }], fingerprints: [{ alg: PDQ_ALGORITHM }] }),
  });
  route(app, {
    method: 'GET',
    url: '/v1/c2pa/services/capabilities',
    ...open,
    summary: 'The optional parts of the API that are offered here',
    handler: () => ({ c2paSpecificationVersion: SPECIFICATION, supportedCapabilities: ['queryByContent'] }),
  });
  route(app, {
    method: 'GET',
    url: '/v1/c2pa/services/status',
    ...open,
    summary: 'Whether the API can answer',
    handler: async () => ({ status: (await isReady().catch(() => false)) ? 'ok' : 'down' }),
  });
}

function bindings(app: FastifyInstance, parts: HttpParts): void {
  const { repository, answersTakenDown } = parts.recovery;
  const search = async (binding: Binding, limit: number) =>
    answerOf(await repository.byBinding(binding, wide(limit)), limit, answersTakenDown());
  route(app, {
    method: 'GET',
    url: '/v1/c2pa/matches/byBinding',
    tag,
    isPublic: true,
    summary: 'The manifests that a soft binding leads to',
    query: z.object({ alg, value, maxResults }),
    answer: matches,
    handler: ({ query }) => {
      if (query.value.length > MAX_VALUE_CHARS) throw new ImprimaturError('ADDRESS_TOO_LONG', { hint: 'Use POST.' });
      return search(toBinding(query), query.maxResults);
    },
  });
  route(app, {
    method: 'POST',
    url: '/v1/c2pa/matches/byBinding',
    tag,
    isPublic: true,
    summary: 'The manifests that a soft binding leads to',
    query: z.object({ maxResults }),
    body: z.object({ alg, value }),
    answer: matches,
    handler: ({ body, query }) => search(toBinding(body), query.maxResults),
  });
  route(app, {
    method: 'POST',
    url: '/v1/c2pa/matches/byReference',
    tag,
    isPublic: true,
    summary: 'Not offered: this server fetches nothing at the wish of a stranger',
    handler: () => {
      throw new ImprimaturError('CAPABILITY_UNSUPPORTED');
    },
  });
}

function content(app: FastifyInstance, { recovery: { repository, readPixels, answersTakenDown } }: HttpParts, takeTurn: TakeTurn): void {
  const hint = z.object({ maxResults, alg: alg.optional(), hintAlg: alg.optional(), hintValue: value.max(MAX_VALUE_CHARS).optional() });
  route(app, {
    method: 'POST',
    url: '/v1/c2pa/matches/byContent',
    tag,
    isPublic: true,
    summary: 'The manifests that a picture leads to. Nothing of the picture is kept',
    query: hint,
    consumes: pictureBody,
    answer: matches,
    handler: async ({ query }, request) => {
      if (query.alg !== undefined) requireKnown(query.alg);
      const bytes = pictureOf(request);
      const whole = await reattach(bytes, repository);
      if (whole !== null) return answerOf([{ ...whole.credential, similarity: 100 }], 1, answersTakenDown());
      const pixels = await takeTurn(() => readPixels(bytes)).catch(couldNotTell);
      if (pixels === null) throw new ImprimaturError('MEDIA_TYPE_UNSUPPORTED', { hint: 'This is not a picture that can be opened.' });
      const hinted =
        query.hintAlg !== undefined && query.hintValue !== undefined ? [toBinding({ alg: query.hintAlg, value: query.hintValue })] : [];
      const found = await matchesOf({ ...pixels, watermarks: [...hinted, ...pixels.watermarks] }, wide(query.maxResults), repository);
      return answerOf(
        found.map((match) => ({ ...match, similarity: match.likeness ?? match.similarity })),
        query.maxResults,
        answersTakenDown(),
      );
    },
  });
}

function manifests(app: FastifyInstance, { recovery: { repository, answersTakenDown } }: HttpParts): void {
  route(app, {
    method: 'GET',
    url: '/v1/c2pa/manifests/:manifestId',
    tag,
    isPublic: true,
    summary: 'A manifest store, or its active manifest alone',
    params: z.object({ manifestId: z.string().max(200) }),
    query: z.object({ returnActiveManifest: z.enum(['true', 'false']).default('false') }),
    handler: async ({ params, query }, _request, reply) => {
      const found = await repository.find(params.manifestId);
      if (found === null || (found.isTakenDown && !answersTakenDown())) throw new ImprimaturError('NOT_FOUND');
      const store = manifestStoreIn(found.segment.segment, found.format);
      return reply
        .type('application/c2pa')
        .headers({ 'cache-control': 'public, max-age=60', 'x-content-type-options': 'nosniff' })
        .send(query.returnActiveManifest === 'true' ? withoutIngredients(store) : store);
    },
  });
}

/** Room for matches that are not answered because their pictures were taken down. */
function wide(limit: number): number {
  return Math.min(100, 2 * limit);
}

function answerOf(
  found: readonly Pick<Match, 'manifestId' | 'similarity' | 'isTakenDown'>[],
  limit: number,
  answersTakenDown: boolean,
): z.output<typeof matches> {
  const shown = found.filter(({ isTakenDown }) => answersTakenDown || !isTakenDown).toSorted((a, b) => b.similarity - a.similarity);
  return { matches: shown.slice(0, limit).map(({ manifestId, similarity }) => ({ manifestId, similarityScore: similarity })) };
}

function requireKnown(algorithm: string): void {
  if (algorithm === PDQ_ALGORITHM || algorithm === WATERMARK_ALGORITHM) return;
  throw new ImprimaturError('REQUEST_INVALID', { hint: 'This algorithm is not resolved here.', param: 'alg' });
}

/** A `+` that was not escaped in an address arrives as a space. */
function toBinding({ alg: algorithm, value: text }: { readonly alg: string; readonly value: string }): Binding {
  requireKnown(algorithm);
  const base64 = text.replaceAll(' ', '+');
  if (base64.length > MAX_VALUE_CHARS || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64))
    throw new ImprimaturError('REQUEST_INVALID', { hint: 'Not base64, or too long.', param: 'value' });
  return { alg: algorithm, value: new Uint8Array(Buffer.from(base64, 'base64')) };
}

function couldNotTell(cause: unknown): never {
  if (cause instanceof LostJob) throw new ImprimaturError('CHECK_FAILED', { cause });
  throw cause;
}
