import type { RenderEvent, UpstreamFailure, UpstreamFailureCause } from '../contracts/image-model.ts';
import type { Headers, OutboundFailed } from '../outbound/outcome.ts';
import { retryAfter } from '../outbound/retry-after.ts';

/** What became of a call that got no answer. Retryable only when the model certainly never saw it. */
export function failureOfCall(call: OutboundFailed): UpstreamFailure {
  const reachedModel = call.reachedServer;
  const detail = `${call.cause}: ${call.detail}`;
  const retryable = !reachedModel && call.cause === 'unreachable';
  return { cause: causeOf(call), retryable, reachedModel, detail };
}

function causeOf({ cause }: OutboundFailed): UpstreamFailureCause {
  switch (cause) {
    case 'too_large':
      return 'garbage';
    case 'refused_address':
      return 'unreachable';
    // The caller gave up: nobody waits for this event, it only closes the sequence.
    case 'aborted':
      return 'reset';
    default:
      return cause;
  }
}

/**
 * What a status without a refusal in it means. Only 429 and 503 are retryable: they say that nothing was generated;
 * after another 5xx the model may have done, and charged for, the work.
 */
export function failureOfStatus({
  status,
  headers,
  code = '',
}: {
  readonly status: number;
  readonly headers: Headers;
  /** The upstream's error code, when the dialect has one; kept only when it looks like one. */
  readonly code?: string;
}): UpstreamFailure {
  const cause = causeOfStatus(status);
  const retryAfterMs = retryAfter(headers, Date.now());
  return {
    cause,
    retryable: cause === 'rate_limited' || status === 503,
    reachedModel: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    detail: /^[\w.-]{1,64}$/.test(code) ? `status ${status}, ${code}` : `status ${status}`,
  };
}

function causeOfStatus(status: number): UpstreamFailureCause {
  if (status === 429) return 'rate_limited';
  // 402: the account has no money. Like a wrong key, that is the operator's to mend.
  if (status === 401 || status === 402 || status === 403) return 'unauthorized';
  if (status === 408 || status === 504) return 'timed_out';
  if (status >= 500) return 'server_error';
  // A redirect of an API is a wrong base URL; following it would hand the key and the prompt to another host.
  return status >= 400 ? 'rejected_request' : 'garbage';
}

/** The answer came and cannot be used. `detail` names its shape, never its content. */
export function garbage(detail: string): UpstreamFailure {
  return { cause: 'garbage', retryable: false, reachedModel: true, detail };
}

/** The last event of a rendering that failed. */
export function failedEvent(failure: UpstreamFailure): RenderEvent {
  return { kind: 'failed', failure };
}
