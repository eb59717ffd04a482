import { timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isClaimOf } from '../provenance/signing/cose-sign1.ts';
import { p1363ToDer } from '../provenance/signing/ecdsa-signature.ts';
import { requestSignature } from '../provenance/signing/remote-signer.ts';
import { componentBytes } from '../provenance/signing/signature-scheme.ts';
import { currentOf, type WindowedSigner } from '../provenance/signing/signer-ring.ts';

interface SignerServerParts {
  /** Their names are the key ids. Each signs in its own time only, which is looked at anew for every signature. */
  readonly signers: readonly WindowedSigner[];
  readonly secret: () => string;
  readonly onSigned?: (keyId: string) => void;
  /** A key that could not sign, and why; for the log, never for the caller. */
  readonly onFailed?: (cause: unknown) => void;
  readonly clock?: () => Date;
}

const requestSchema = z.strictObject({ key_id: z.string(), algorithm: z.string(), message: z.base64() });
/** A claim with its chain has a few KB. */
const MAX_BODY_BYTES = 131_072;
const MAX_CLOCK_SKEW_S = 60;

/**
 * `POST /sign` for gateways whose keys are here and not there. It signs claims of its own certificates and nothing else, and answers as
 * a KMS does: ECDSA in DER. 401 for a stranger, 404 for an unknown key, 403 for one whose time it is not, 422 for anything that is not such
 * a claim. Every answer is in our own words: those of OpenSSL could tell of the key.
 */
export function createSignerServer(parts: SignerServerParts): FastifyInstance {
  const { signers, secret, onSigned = () => undefined, onFailed = () => undefined, clock = () => new Date() } = parts;
  const app = fastify({ bodyLimit: MAX_BODY_BYTES, logger: false, requestTimeout: 10_000 });
  // As text, because the HMAC is over the bytes that were sent.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    if (status === 500) onFailed(error);
    return reply.code(status).send({ error: status === 500 ? 'the key could not sign' : 'not a signing request' });
  });
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'not found' }));
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.post('/sign', async (request, reply) => {
    const body = typeof request.body === 'string' ? request.body : '';
    if (!isAllowed(request, body, secret())) return reply.code(401).send({ error: 'not allowed' });
    const parsed = requestSchema.safeParse(parseJson(body));
    if (!parsed.success) return reply.code(400).send({ error: 'not a signing request' });
    const { key_id: keyId, algorithm, message } = parsed.data;
    const found = signers.find(({ name }) => name === keyId);
    if (found === undefined || found.signer.alg !== algorithm) return reply.code(404).send({ error: 'no such key' });
    if (currentOf([found], clock()) === null) return reply.code(403).send({ error: 'this key may not sign now' });
    const { signer } = found;
    const toBeSigned = Buffer.from(message, 'base64');
    if (!isClaimOf(signer, toBeSigned)) return reply.code(422).send({ error: 'not a claim of this certificate' });
    const signature = await signer.sign(toBeSigned);
    onSigned(keyId);
    const answer = componentBytes(signer.alg) === null ? signature : p1363ToDer(signature);
    return { signature: Buffer.from(answer).toString('base64') };
  });
  return app;
}

/** What Fastify refuses for its size or type is the caller's fault; all else is ours. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

function isAllowed({ headers }: FastifyRequest, body: string, secret: string): boolean {
  const { authorization, 'x-imprimatur-time': at, 'x-imprimatur-signature': signature } = headers;
  if (typeof at === 'string' && typeof signature === 'string') {
    const isRecent = Math.abs(Date.now() / 1000 - Number(at)) <= MAX_CLOCK_SKEW_S;
    return isRecent && sameText(signature, requestSignature(secret, at, body));
  }
  return sameText(authorization ?? '', `Bearer ${secret}`);
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
