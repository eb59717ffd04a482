import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../access/loopback.ts';
import type { Session } from '../access/session-store.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { SessionId } from '../contracts/ids.ts';

/** How this gateway names and guards its cookies; null where a session would travel in clear text. */
interface CookieRules {
  readonly session: string;
  /** Ties a sign-in under way to the browser that began it. */
  readonly browser: string;
  readonly options: CookieSerializeOptions;
}

const OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

/**
 * Over TLS the `__Host-` prefix: the browser takes the cookie only with Secure, for this very host, and no other host can set it
 * (RFC 6265bis 4.1.3.2). Without TLS only on this machine; cookies know no ports, so the name has it.
 */
export function cookieRules(baseUrl: string): CookieRules | null {
  const { protocol, hostname, port } = new URL(baseUrl);
  if (protocol === 'https:') {
    return { session: '__Host-imprimatur', browser: '__Host-imprimatur-sign-in', options: { ...OPTIONS, secure: true } };
  }
  if (!isLoopback(hostname)) return null;
  return { session: `imprimatur_${port}`, browser: `imprimatur_${port}_sign_in`, options: OPTIONS };
}

const TOKEN = /^[\w-]{43}$/;

function cookieOf(request: FastifyRequest, name: string): string | null {
  const value = request.cookies?.[name];
  return value !== undefined && TOKEN.test(value) ? value : null;
}

/** The token of the session, if the browser sent one that could be ours. */
export function sessionTokenOf(request: FastifyRequest, baseUrl: string): string | null {
  const rules = cookieRules(baseUrl);
  return rules === null ? null : cookieOf(request, rules.session);
}

export function browserTokenOf(request: FastifyRequest, rules: CookieRules): string | null {
  return cookieOf(request, rules.browser);
}

export function setSessionCookie(
  reply: FastifyReply,
  rules: CookieRules,
  session: { readonly token: string; readonly endsAt: Date },
): void {
  reply.setCookie(rules.session, session.token, { ...rules.options, expires: session.endsAt });
  reply.clearCookie(rules.browser, rules.options);
}

export function clearSessionCookie(reply: FastifyReply, rules: CookieRules): void {
  reply.clearCookie(rules.session, rules.options);
}

/** @throws ImprimaturError SIGN_IN_UNAVAILABLE where a session's cookie would travel in clear text */
export function rulesOrThrow(baseUrl: string): CookieRules {
  const rules = cookieRules(baseUrl);
  if (rules !== null) return rules;
  const { host } = new URL(baseUrl);
  throw new ImprimaturError('SIGN_IN_UNAVAILABLE', { detail: `${host} has no TLS; set publicUrl to the https address of the gateway` });
}

interface SessionFinder {
  readonly access: { readonly findSession: (token: string) => Promise<Session | null> };
  readonly baseUrl: () => string;
}

/** The session that this browser has until it signs in anew. */
export async function sessionBefore(request: FastifyRequest, { access, baseUrl }: SessionFinder): Promise<{ readonly before?: SessionId }> {
  const token = sessionTokenOf(request, baseUrl());
  const session = token === null ? null : await access.findSession(token);
  return session === null ? {} : { before: session.id };
}
