import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { beginAttempt, randomText, takeAttempt } from '../../access/sign-in/attempts.ts';
import type { IdentityProvider } from '../../access/sign-in/identity-provider.ts';
import { signIn } from '../../access/sign-in/sign-in.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { HttpParts } from '../parts.ts';
import { createRateBound, neighborhoodOf } from '../rate-bound.ts';
import { route } from '../route.ts';
import { browserTokenOf, rulesOrThrow, sessionBefore, setSessionCookie } from '../session-cookie.ts';
import { backChannelLogoutRoutes } from './back-channel-logout.ts';
import { developmentSignInRoutes } from './development-sign-in.ts';

const tag = 'Sign-in';
const CONSOLE = '/console';
/** A fresh sign-in is asked for by this age at the provider. */
const FRESH_S = 300;
const query = z.object({ return_to: z.string().max(2000).default(CONSOLE), fresh: z.stringbool().default(false) });

/** Why a sign-in came to nothing, for the console's own words. */
type SignInError = 'provider_unavailable' | 'denied' | 'no_role' | 'expired' | 'failed' | 'too_many';

/** How staff get a session in a browser: to the identity provider and back. */
export function signInRoutes(parts: HttpParts): FastifyPluginAsync {
  const { access, baseUrl } = parts;
  return async (app) => {
    app.addHook('onRequest', createRateBound({ perSecond: 2, burst: 60 }));
    app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));
    await app.register(developmentSignInRoutes(parts));
    await app.register(backChannelLogoutRoutes(parts));

    route(app, {
      method: 'GET',
      url: '/v1/sign-in/options',
      tag,
      summary: 'How one signs in to the console here',
      isPublic: true,
      answer: z.object({ oidc: z.boolean(), oidc_name: z.string().nullable(), development: z.boolean() }),
      handler: () => ({
        oidc: access.provider !== null,
        oidc_name: access.provider?.name ?? null,
        development: access.isDevelopmentSignIn,
      }),
    });

    route(app, {
      method: 'GET',
      url: '/v1/sign-in',
      tag,
      summary: 'To the identity provider, and back to a page of the console',
      isPublic: true,
      query,
      handler: async ({ query: { return_to, fresh } }, request, reply) => {
        const rules = rulesOrThrow(baseUrl());
        const returnTo = consolePath(return_to);
        // Where no provider is configured the console says how else.
        if (access.provider === null) return reply.redirect(returnTo, 303);
        const browser = browserTokenOf(request, rules) ?? randomText();
        const attempt = { state: randomText(), nonce: randomText(), verifier: randomText(), maxAgeS: fresh ? FRESH_S : null };
        const address = await addressToSignIn(access.provider.is, { ...attempt, redirectUri: callBack(baseUrl()) });
        if (address === null) return back(reply, returnTo, 'provider_unavailable');
        await beginAttempt(parts.db, { ...attempt, browser, returnTo });
        reply.setCookie(rules.browser, browser, { ...rules.options, maxAge: 600 });
        return reply.redirect(address, 303);
      },
    });

    app.get('/v1/sign-in/callback', { schema: { hide: true } }, (request, reply) => finish(request, reply, parts));
  };
}

/** Null: the provider cannot be asked. */
async function addressToSignIn(provider: IdentityProvider, attempt: Parameters<IdentityProvider['addressToSignIn']>[0]) {
  try {
    return await provider.addressToSignIn(attempt);
  } catch (error) {
    if (error instanceof ImprimaturError && error.code === 'SIGN_IN_UNAVAILABLE') return null;
    throw error;
  }
}

/** The browser is back. Whatever is not exactly what was begun here, in this browser, begins no session. */
async function finish(request: FastifyRequest, reply: FastifyReply, parts: HttpParts): Promise<FastifyReply> {
  const { access, baseUrl, db } = parts;
  const rules = rulesOrThrow(baseUrl());
  const from = neighborhoodOf(request.ip);
  const locked = await lockedOut(parts, from);
  if (locked !== null) return back(reply, CONSOLE, locked);
  const address = new URL(request.url, baseUrl());
  const [state, browser] = [address.searchParams.get('state') ?? '', browserTokenOf(request, rules)];
  const attempt = browser === null ? null : await db.transaction((tx) => takeAttempt(tx, { state, browser }));
  if (attempt === null || access.provider === null) {
    // Anybody's page can send its visitors here; a guess counts where a sign-in was begun in this browser.
    if (browser !== null) await access.lockOut.failed(from);
    return back(reply, CONSOLE, 'expired');
  }
  const identity = await access.provider.is.identify(withPath(address, baseUrl()), { ...attempt, state });
  if (typeof identity === 'string') {
    if (identity === 'failed') await access.lockOut.failed(from);
    return back(reply, attempt.returnTo, identity);
  }
  const { signedInAt, providerSession, ...person } = identity;
  const signed = await signIn(
    {
      person,
      how: 'oidc',
      signedInAt,
      ...(providerSession === undefined ? {} : { providerSession }),
      ...(await sessionBefore(request, parts)),
    },
    access.sessions,
  );
  if (signed.kind === 'no_role') return back(reply, attempt.returnTo, 'no_role');
  await access.lockOut.succeeded(from);
  setSessionCookie(reply, rules, signed);
  return reply.redirect(attempt.returnTo, 303);
}

/** Closed in doubt: where nobody can tell, nobody signs in. Null: the way is free. */
async function lockedOut({ access }: HttpParts, from: string): Promise<SignInError | null> {
  return access.lockOut.check(from).then(
    () => null,
    (error) => (error instanceof ImprimaturError && error.code === 'RATE_LIMITED' ? 'too_many' : 'failed'),
  );
}

const callBack = (baseUrl: string) => `${baseUrl}/v1/sign-in/callback`;

/** The address as the provider knows it; ours may stand behind a proxy that knows us by another. */
function withPath({ search }: URL, baseUrl: string): URL {
  return new URL(`${callBack(baseUrl)}${search}`);
}

function back(reply: FastifyReply, returnTo: string, error: SignInError): FastifyReply {
  const address = new URL(returnTo, 'http://console');
  address.searchParams.set('sign_in_error', error);
  return reply.redirect(`${address.pathname}${address.search}`, 303);
}

/** A page of the console and nothing else: an open redirect would lend our name to anybody. @throws ImprimaturError REQUEST_INVALID */
function consolePath(returnTo: string): string {
  const refuse = () => new ImprimaturError('REQUEST_INVALID', { hint: 'return_to must be a page below /console.', param: 'return_to' });
  if (!/^\/console(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/.test(returnTo)) throw refuse();
  const { origin, pathname, search } = new URL(returnTo, 'http://console');
  if (origin !== 'http://console' || !/^\/console(?:\/|$)/.test(pathname)) throw refuse();
  return `${pathname}${search}`;
}
