import type { CustomFetch } from 'openid-client';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Outbound } from '../../outbound/outcome.ts';

const LIMITS = { maxBytes: 1_000_000, deadlineMs: 10_000 } as const;

/** The library's requests through our own way out, with its limits. The operator wrote the issuer, and the issuer names the rest. */
export function fetchThrough(outbound: Outbound): CustomFetch {
  return async (url, { method, headers, body, signal }) => {
    const outcome = await outbound.request({
      url,
      method: method === 'POST' ? 'POST' : 'GET',
      headers,
      ...textOf(body),
      trust: 'configured',
      ...LIMITS,
      ...(signal === undefined ? {} : { signal }),
    });
    if (outcome.kind === 'failed') throw new ImprimaturError('SIGN_IN_UNAVAILABLE', { detail: outcome.detail });
    if (outcome.status >= 500)
      throw new ImprimaturError('SIGN_IN_UNAVAILABLE', { detail: `${new URL(url).host}: status ${outcome.status}` });
    const hasNoBody = outcome.status === 204 || outcome.status === 304;
    return new Response(hasNoBody ? null : new Uint8Array(outcome.body), { status: outcome.status, headers: outcome.headers });
  };
}

function textOf(body: Parameters<CustomFetch>[1]['body']): { readonly body?: string } {
  if (body === undefined || body === null) return {};
  if (typeof body === 'string') return { body };
  if (body instanceof URLSearchParams) return { body: body.toString() };
  throw new ImprimaturError('INTERNAL', { detail: 'a request to the identity provider has a body of a kind that is not used' });
}

const UNAVAILABLE: ReadonlySet<unknown> = new Set(['SIGN_IN_UNAVAILABLE', 'OAUTH_TIMEOUT', 'OAUTH_ABORT']);

/** True when the provider could not be reached: the library wraps what was thrown. */
export function isUnavailable(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ('code' in at && UNAVAILABLE.has(at.code)) return true;
  }
  return false;
}
