import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import { createCircuitBreaker } from '../../outbound/circuit-breaker.ts';
import type { Outbound, OutboundFailed, OutboundResponse } from '../../outbound/outcome.ts';
import { retryAfter } from '../../outbound/retry-after.ts';
import type { ClaimAlgorithm, ClaimSigner } from './claim-signer.ts';
import { derToP1363 } from './ecdsa-signature.ts';
import { componentBytes } from './signature-scheme.ts';

export interface RemoteSignerOptions {
  readonly url: string;
  /** Which of its keys; sent as it is. */
  readonly keyId: string;
  readonly alg: ClaimAlgorithm;
  readonly chainDer: readonly Uint8Array[];
  readonly outbound: Outbound;
  /** For one signature with all its retries. */
  readonly timeoutMs: number;
  /** `bearer`: the token in `authorization`. `hmac`: the body and the time are authenticated, and the secret never travels. */
  readonly auth: { readonly kind: 'bearer' | 'hmac'; readonly secret: () => string } | null;
  readonly onFailure?: (cause: string) => void;
}

const MAX_ANSWER_BYTES = 16_384;
const MAX_TRIES = 3;
const FAILURES_TO_REST = 5;
const REST_MS = 10_000;
const FIRST_PAUSE_MS = 100;

const answerSchema = z.object({ signature: z.base64().max(4_096) });

/**
 * A key in another process: a KMS, an HSM, `imprimatur signer serve`. It gets `{ key_id, algorithm, message }`, where `message` is the
 * to-be-signed structure in base64 (a few KB, never the picture), and answers `{ signature }`: in DER or as r‖s for ECDSA.
 *
 * A request is repeated only when the server cannot have done anything: no connection came about, or it answered 429 or 503.
 */
export function createRemoteSigner(options: RemoteSignerOptions): ClaimSigner {
  const { alg, chainDer, timeoutMs, onFailure = () => undefined } = options;
  const breaker = createCircuitBreaker({ failures: FAILURES_TO_REST, coolDownMs: REST_MS, clock: () => performance.now() });
  return {
    alg,
    chainDer,
    async sign(toBeSigned) {
      if (!breaker.admits()) throw unusable('it failed too often lately and is left alone');
      const answer = await ask(options, toBeSigned, performance.now() + timeoutMs);
      const signature = typeof answer === 'string' ? null : readSignature(answer, alg);
      if (signature !== null) {
        breaker.succeeded();
        return signature;
      }
      breaker.failed();
      const cause = typeof answer === 'string' ? answer : describe(answer);
      onFailure(cause);
      throw unusable(cause);
    },
  };
}

/** The last answer, or in words why there is none. */
async function ask(options: RemoteSignerOptions, toBeSigned: Uint8Array, until: number): Promise<OutboundResponse | string> {
  const { url, keyId, alg, outbound, auth } = options;
  const body = JSON.stringify({ key_id: keyId, algorithm: alg, message: Buffer.from(toBeSigned).toString('base64') });
  let waitMs = FIRST_PAUSE_MS;
  for (let tries = 1; ; tries++) {
    const answer = await outbound.request({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...authHeaders(auth, body) },
      body,
      trust: 'configured',
      maxBytes: MAX_ANSWER_BYTES,
      deadlineMs: Math.max(1, until - performance.now()),
    });
    const delay = repeatAfter(answer, waitMs);
    if (delay === null || tries === MAX_TRIES || performance.now() + delay >= until) {
      return answer.kind === 'failed' ? `${answer.cause}: ${answer.detail}` : answer;
    }
    await pause(delay);
    waitMs *= 2;
  }
}

/** Milliseconds to wait before a repetition that cannot do harm, or null. */
function repeatAfter(answer: OutboundResponse | OutboundFailed, waitMs: number): number | null {
  if (answer.kind === 'failed') return answer.reachedServer || answer.cause === 'timed_out' ? null : waitMs;
  return answer.status === 429 || answer.status === 503 ? (retryAfter(answer.headers, Date.now()) ?? waitMs) : null;
}

/** `x-imprimatur-signature: v1=<hex>`: HMAC-SHA-256 over `<seconds>.<body>`; the server refuses times that are far from its own. */
function authHeaders(auth: RemoteSignerOptions['auth'], body: string): Readonly<Record<string, string>> {
  if (auth === null) return {};
  if (auth.kind === 'bearer') return { authorization: `Bearer ${auth.secret()}` };
  const at = String(Math.floor(Date.now() / 1000));
  return { 'x-imprimatur-time': at, 'x-imprimatur-signature': requestSignature(auth.secret(), at, body) };
}

/** What `x-imprimatur-signature` must be. @param at Unix seconds, as text */
export function requestSignature(secret: string, at: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`;
}

function readSignature({ status, body }: OutboundResponse, alg: ClaimAlgorithm): Uint8Array | null {
  if (status !== 200) return null;
  const parsed = answerSchema.safeParse(parseJson(body));
  return parsed.success ? toRaw(Buffer.from(parsed.data.signature, 'base64'), alg) : null;
}

/** Whoever asks verifies the signature against the leaf, so that a wrong guess of the encoding is found. */
function toRaw(signature: Uint8Array, alg: ClaimAlgorithm): Uint8Array {
  const component = componentBytes(alg);
  if (component === null) return signature;
  try {
    return derToP1363(signature, component);
  } catch {
    return signature;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

function describe({ status }: OutboundResponse): string {
  return status === 200 ? 'its answer is not {"signature": "<base64>"}' : `it answered ${status}`;
}

function unusable(why: string): ImprimaturError {
  return new ImprimaturError('PUBLISH_FAILED', { detail: `The remote signer gave no signature: ${why}.` });
}
