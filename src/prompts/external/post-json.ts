import type { z } from 'zod';
import type { Headers, Outbound, OutboundFailed, OutboundResponse } from '../../outbound/outcome.ts';
import { retryAfter } from '../../outbound/retry-after.ts';
import type { Classification, ClassifyFailure, JsonAnswer, JsonCall } from './classification.ts';

type Failed = Extract<Classification, { kind: 'failed' }>;

interface PostOptions {
  readonly outbound: Outbound;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sixteen times the largest answer that any of the services gives. */
const MAX_ANSWER_BYTES = 262_144;

/** One POST of JSON to a host that the operator configured; no redirects. Anything but 200 with JSON is a failure. */
export async function postJson(call: JsonCall, { outbound, deadlineMs, signal }: PostOptions): Promise<JsonAnswer> {
  const answer = await outbound.request({
    url: call.url,
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...call.headers },
    body: JSON.stringify(call.body),
    trust: 'configured',
    maxBytes: MAX_ANSWER_BYTES,
    deadlineMs,
    ...(signal === undefined ? {} : { signal }),
  });
  return answer.kind === 'failed' ? failedCall(answer) : readAnswer(answer);
}

/** What the wire gave, as the schema wants it; a failure when it does not fit. Issues name paths, never values. */
export function readShape<T>(answer: JsonAnswer, schema: z.ZodType<T>): { readonly kind: 'read'; readonly value: T } | Failed {
  if (answer.kind === 'failed') return answer;
  const parsed = schema.safeParse(answer.body);
  if (parsed.success) return { kind: 'read', value: parsed.data };
  const issues = parsed.error.issues.slice(0, 3).map(({ path, code }) => `${path.map(String).join('.') || '(root)'}:${code}`);
  return failed('UNUSABLE_ANSWER', issues.join(' '));
}

function readAnswer({ status, headers, body }: OutboundResponse): JsonAnswer {
  if (status !== 200) return failedStatus(status, headers);
  // A sign-in page or an error page of a proxy is no answer, whatever stands in it.
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) return failed('UNUSABLE_ANSWER', 'not JSON');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const parsed: unknown = JSON.parse(text);
    return { kind: 'json', body: parsed };
  } catch {
    return failed('UNUSABLE_ANSWER', 'JSON that does not parse');
  }
}

function failedStatus(status: number, headers: Headers): Failed {
  const detail = `status ${status}`;
  if (status !== 429 && status < 500) return failed(status < 400 ? 'UNUSABLE_ANSWER' : 'REJECTED', detail);
  const retryAfterMs = retryAfter(headers, Date.now());
  const cause = status === 429 ? 'RATE_LIMITED' : 'UNREACHABLE';
  return { ...failed(cause, detail), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

const CAUSES: Readonly<Record<OutboundFailed['cause'], ClassifyFailure>> = {
  unreachable: 'UNREACHABLE',
  reset: 'UNREACHABLE',
  refused_address: 'UNREACHABLE',
  timed_out: 'TIMED_OUT',
  aborted: 'TIMED_OUT',
  too_large: 'UNUSABLE_ANSWER',
};

function failedCall({ cause, detail }: OutboundFailed): Failed {
  return failed(CAUSES[cause], `${cause}: ${detail}`);
}

function failed(cause: ClassifyFailure, detail: string): Failed {
  return { kind: 'failed', cause, detail };
}
