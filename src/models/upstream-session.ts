import { setTimeout as sleep } from 'node:timers/promises';
import type { RawImage, RenderEvent, UpstreamUsage } from '../contracts/image-model.ts';
import type { Headers, OutboundFailed, OutboundResponse } from '../outbound/outcome.ts';
import { failedEvent, failureOfCall, failureOfStatus, garbage } from './failures.ts';
import { type FetchPicture, pictureFetcher } from './fetch-picture.ts';
import { decodeBase64, sniffImage } from './image-bytes.ts';
import type { ModelParts, ModelSettings } from './model-settings.ts';
import { countProblem } from './openai/read-reply.ts';
import { type RefusalDialect, recognizeRefusal } from './refusals/dialects.ts';
import type { IsBlack } from './refusals/recognition.ts';
import { parseJson } from './upstream-reply.ts';

/** An answer of the upstream whose JSON was read. */
export interface JsonReply {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when the body is no JSON. */
  readonly body: unknown;
}

/** One rendering's talk with an upstream: every call of it under one deadline, with the same credentials, to the configured host. */
export interface UpstreamSession {
  /** POST with a JSON body, or GET without one. */
  call(url: string, body?: unknown): Promise<JsonReply | OutboundFailed>;
  send(request: { readonly url: string; readonly body: Uint8Array; readonly contentType: string }): Promise<JsonReply | OutboundFailed>;
  /** Waits between two polls; false when the time is over or nobody wants the picture any more. */
  pause(ms: number): Promise<boolean>;
  readonly fetchPicture: FetchPicture;
}

/** What proves to an upstream who asks: the same for every call, or made for each. */
export type Credentials = Headers | ((call: Call) => Headers);

interface Call {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly body: Uint8Array | string;
  /** What else is sent, and may be signed. */
  readonly headers: Headers;
}

export function upstreamSession(
  { baseUrl, outbound, deadlineMs, maxReplyBytes }: ModelSettings & ModelParts,
  credentials: Credentials,
  signal: AbortSignal,
): UpstreamSession {
  const deadlineAtMs = performance.now() + deadlineMs;
  const left = () => Math.max(1, Math.round(deadlineAtMs - performance.now()));
  const request = async (url: string, method: 'GET' | 'POST', more: { body?: Uint8Array | string; headers?: Headers }) => {
    const call = { url, method, body: more.body ?? '', headers: more.headers ?? {} };
    const proof = typeof credentials === 'function' ? credentials(call) : credentials;
    const headers = { accept: 'application/json', ...proof, ...more.headers };
    const outcome = await outbound.request({
      url,
      method,
      headers,
      ...(more.body === undefined ? {} : { body: more.body }),
      trust: 'configured',
      maxBytes: maxReplyBytes,
      deadlineMs: left(),
      signal,
    });
    return outcome.kind === 'failed' ? outcome : read(outcome);
  };
  return {
    call: (url, body) =>
      body === undefined
        ? request(url, 'GET', {})
        : request(url, 'POST', { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    send: ({ url, body, contentType }) => request(url, 'POST', { body, headers: { 'content-type': contentType } }),
    async pause(ms) {
      if (left() <= ms) return false;
      await sleep(ms, undefined, { signal }).catch(() => undefined);
      return !signal.aborted;
    },
    fetchPicture: pictureFetcher({ outbound, baseUrl, maxReplyBytes, deadlineAtMs, signal }),
  };
}

function read({ status, headers, body }: OutboundResponse): JsonReply {
  return { status, headers, body: parseJson(body) };
}

/** Where a job stands: what it ended with, or null while it goes on. */
export type ReadStep<End> = (reply: JsonReply) => Promise<End | null>;

const FIRST_POLL_MS = 300;
const SLOWEST_POLL_MS = 3_000;
/** Polls that may go wrong in a row; a job that was accepted is not lost because of one broken connection. */
const MOST_FAILURES = 3;

/** Polls a job that the upstream accepted, ever more slowly, until it ends or the time is over. A job is never submitted twice. */
export async function pollJob<End>(session: UpstreamSession, url: string, readStep: ReadStep<End>): Promise<End | RenderEvent> {
  let failures = 0;
  for (let wait = FIRST_POLL_MS; await session.pause(wait); wait = Math.min(SLOWEST_POLL_MS, wait * 1.5)) {
    const reply = await session.call(url);
    const isUnwell = 'kind' in reply || reply.status === 429 || reply.status >= 500;
    failures = isUnwell ? failures + 1 : 0;
    if (isUnwell && failures <= MOST_FAILURES) continue;
    if ('kind' in reply) return failedEvent({ ...failureOfCall(reply), retryable: false, reachedModel: true });
    const ended = await readStep(reply);
    if (ended !== null) return ended;
  }
  return failedEvent({ cause: 'timed_out', retryable: false, reachedModel: true, detail: 'the job did not end in time' });
}

interface Meaning {
  readonly dialects: readonly RefusalDialect[];
  readonly isBlack: IsBlack;
  /** The upstream's error code, for our logs. */
  readonly code?: (body: unknown) => string;
}

/** What is wrong with an answer: a refusal, a bad status, or no JSON. Null: nothing. */
export async function problemOf({ status, headers, body }: JsonReply, { dialects, isBlack, code }: Meaning): Promise<RenderEvent | null> {
  const refusal = await recognizeRefusal({ status, headers, body, images: [] }, { dialects, isBlack });
  if (refusal !== null) return refusal;
  if (status < 200 || status > 299) return failedEvent(failureOfStatus({ status, headers, code: code?.(body) ?? '' }));
  return body === undefined ? failedEvent(garbage(`status ${status} and not JSON`)) : null;
}

/** Pictures by address or as base64, as the last event of a rendering; any that cannot be had fails the whole. */
export async function picturesEvent(
  sources: readonly { readonly url: string }[] | readonly { readonly base64: string }[],
  {
    n,
    modelVersion,
    usage = null,
    fetchPicture,
  }: { n: number; modelVersion: string; usage?: UpstreamUsage | null; fetchPicture: FetchPicture },
): Promise<Extract<RenderEvent, { kind: 'final' | 'failed' }>> {
  const count = countProblem(sources.length, n);
  if (count !== null) return { kind: 'failed', failure: count };
  const images: RawImage[] = [];
  for (const source of sources) {
    const fetched = 'url' in source ? await fetchPicture(source.url) : decoded(source.base64);
    if (fetched.kind === 'failed') return { kind: 'failed', failure: fetched.failure };
    if (sniffImage(fetched.bytes) === null) return { kind: 'failed', failure: garbage('bytes that are no picture') };
    images.push({ bytes: fetched.bytes });
  }
  return { kind: 'final', images, usage, modelVersion };
}

function decoded(text: string) {
  const bytes = decodeBase64(text);
  return bytes === null ? ({ kind: 'failed', failure: garbage('base64 that is none') } as const) : ({ kind: 'picture', bytes } as const);
}
