import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Outbound } from '../../outbound/outcome.ts';

/** Whose sessions the provider says are over: one session of its own, or all of a person. */
export type LogoutWord = { readonly providerSession: string } | { readonly issuer: string; readonly subject: string };

export interface LogoutContext {
  readonly issuer: string;
  readonly clientId: string;
  readonly jwksUri: string;
  readonly outbound: Outbound;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const MAX_AGE_S = 120;

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });
const logoutClaims = z.looseObject({
  jti: z.string().min(1),
  sid: z.string().min(1).max(255).optional(),
  sub: z.string().min(1).max(255).optional(),
  events: z.looseObject({ [EVENT]: z.looseObject({}) }),
  nonce: z.undefined().optional(),
});

/** OpenID Connect Back-Channel Logout 1.0, 2.6. Null: not the provider's word, or it cannot be verified now. */
export async function readLogoutToken(token: string, { issuer, clientId, jwksUri, outbound }: LogoutContext): Promise<LogoutWord | null> {
  const keys = await keysAt(jwksUri, outbound);
  if (keys === null) return null;
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer,
      audience: clientId,
      algorithms: ALGORITHMS,
      maxTokenAge: MAX_AGE_S,
      clockTolerance: 60,
    });
    const { sid, sub } = logoutClaims.parse(payload);
    if (sid !== undefined) return { providerSession: sid };
    return sub === undefined ? null : { issuer, subject: sub };
  } catch {
    return null;
  }
}

async function keysAt(url: string, outbound: Outbound): Promise<JSONWebKeySet | null> {
  const outcome = await outbound.request({ url, method: 'GET', trust: 'configured', maxBytes: 1_000_000, deadlineMs: 10_000 });
  if (outcome.kind === 'failed' || outcome.status !== 200) return null;
  try {
    return keySet.parse(JSON.parse(outcome.body.toString()));
  } catch {
    return null;
  }
}
