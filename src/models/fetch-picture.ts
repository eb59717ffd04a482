import type { UpstreamFailure } from '../contracts/image-model.ts';
import type { Outbound } from '../outbound/outcome.ts';
import { failureOfCall, garbage } from './failures.ts';
import { decodeBase64 } from './image-bytes.ts';

export type FetchedPicture =
  | { readonly kind: 'picture'; readonly bytes: Buffer }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure };

/** Fetches a picture that an upstream answered with a URL. */
export type FetchPicture = (url: string) => Promise<FetchedPicture>;

/**
 * Fetches each URL once, without our key: the upstream wrote it, so it is untrusted unless it leads back to the very
 * origin that the operator configured (a model server on the same machine). What comes is the picture; the URL is never
 * handed on. A failure is not retryable, because the model has made (and charged for) the picture already.
 */
export function pictureFetcher({
  outbound,
  baseUrl,
  maxReplyBytes,
  deadlineAtMs,
  signal,
}: {
  readonly outbound: Outbound;
  /** Of the upstream, as configured. */
  readonly baseUrl: string;
  readonly maxReplyBytes: number;
  /** On the clock of `performance.now()`. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
}): FetchPicture {
  return async (url) => {
    if (url.startsWith('data:')) {
      const bytes = decodeBase64(url);
      return bytes === null ? failed(garbage('a data URL that is not base64')) : { kind: 'picture', bytes };
    }
    const deadlineMs = Math.max(1, Math.round(deadlineAtMs - performance.now()));
    const trust = URL.canParse(url) && new URL(url).origin === new URL(baseUrl).origin ? 'configured' : 'untrusted';
    const outcome = await outbound.request({ url, method: 'GET', trust, maxBytes: maxReplyBytes, deadlineMs, signal });
    if (outcome.kind === 'failed') {
      const failure = failureOfCall(outcome);
      // "Unreachable" would promise that the model saw nothing and that a retry costs nothing.
      const cause = failure.cause === 'unreachable' ? 'garbage' : failure.cause;
      return failed({ cause, retryable: false, reachedModel: true, detail: `picture URL: ${failure.detail}` });
    }
    if (outcome.status !== 200) return failed(garbage(`picture URL: status ${outcome.status}`));
    return { kind: 'picture', bytes: outcome.body };
  };
}

function failed(failure: UpstreamFailure): FetchedPicture {
  return { kind: 'failed', failure };
}
