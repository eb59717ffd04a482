import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../access/loopback.ts';
import { ImprimaturError } from '../contracts/errors.ts';

/** What unsafe requests of a session must say in `x-csrf-token`. Bound to the session, which scripts cannot read. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('imprimatur csrf').digest('base64url');
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A cookie proves who the browser is, not who wrote the request. Unsafe methods need the session's token and a browser's word that our own
 * page asks (`Sec-Fetch-Site`, or `Origin`); reading must at least not come from another site.
 * @throws ImprimaturError REQUEST_FORGED
 */
export function requireSamePage(request: FastifyRequest, { sessionToken, baseUrl }: { sessionToken: string; baseUrl: string }): void {
  const isSafe = SAFE.has(request.method);
  if (!comesFromUs(request, baseUrl, isSafe)) throw new ImprimaturError('REQUEST_FORGED');
  if (!isSafe && !isSame(headerOf(request, 'x-csrf-token'), csrfTokenOf(sessionToken))) {
    throw new ImprimaturError('REQUEST_FORGED', { hint: 'Send "x-csrf-token" from GET /v1/me.' });
  }
}

/** What the browser says of where a request comes from: of ours, or nothing where `mayBeSilent`. */
export function comesFromUs(request: FastifyRequest, baseUrl: string, mayBeSilent: boolean): boolean {
  const site = headerOf(request, 'sec-fetch-site');
  const origin = headerOf(request, 'origin');
  if (site === undefined && origin === undefined) return mayBeSilent;
  const isTyped = mayBeSilent && site === 'none';
  if (site !== undefined && site !== 'same-origin' && !isTyped) return false;
  return origin === undefined || isOurs(origin, baseUrl, site);
}

/** On this machine the development server of the console has another port, and `localhost` is `127.0.0.1`; the browser vouches that they are one. */
function isOurs(origin: string, baseUrl: string, site: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const [theirs, ours] = [new URL(origin), new URL(baseUrl)];
  if (theirs.origin === ours.origin) return true;
  return site === 'same-origin' && isLoopback(theirs.hostname) && isLoopback(ours.hostname);
}

function isSame(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
