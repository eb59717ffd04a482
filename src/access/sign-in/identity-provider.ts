import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import { z } from 'zod';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { StaffRole } from '../../contracts/staff-role.ts';
import type { Outbound } from '../../outbound/outcome.ts';
import type { SignedInPerson } from '../user-store.ts';
import type { Attempt } from './attempts.ts';
import { type LogoutWord, readLogoutToken } from './logout-token.ts';
import { fetchThrough, isUnavailable } from './provider-fetch.ts';
import { hasRoleClaim, type RoleMapping, rolesFromClaims } from './role-mapping.ts';

export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scopes: readonly string[];
  readonly roles: RoleMapping;
}

/** What the provider says of whoever came back from it. */
export interface Identity extends SignedInPerson {
  readonly roles: readonly StaffRole[];
  /** When they last proved who they are; null: the provider did not say. */
  readonly signedInAt: Date | null;
  readonly providerSession?: string;
}

export type SignInFailure = 'provider_unavailable' | 'denied' | 'failed';

/** An OpenID Connect provider: authorization code with PKCE, state and nonce; the ID token's signature is always verified. */
export interface IdentityProvider {
  /** Where the browser goes to sign in. @throws ImprimaturError SIGN_IN_UNAVAILABLE */
  addressToSignIn(attempt: Omit<Attempt, 'returnTo'> & { readonly state: string; readonly redirectUri: string }): Promise<string>;
  /** Who came back to `address`, the whole address of the call-back. */
  identify(
    address: URL,
    attempt: Pick<Attempt, 'nonce' | 'verifier' | 'maxAgeS'> & { readonly state: string },
  ): Promise<Identity | SignInFailure>;
  /** Where the browser goes to sign out at the provider, too; null where that is not offered or nobody can tell now. */
  addressToSignOut(returnTo: string): Promise<string | null>;
  /** What the provider says when somebody signs out there. Null: it is not its word, or it cannot be asked for its keys. */
  readLogout(token: string): Promise<LogoutWord | null>;
}

/** The provider's own words: keys and endpoints may change. */
const REMEMBER_MS = 3_600_000;

const claimsSchema = z.looseObject({
  iss: z.string(),
  sub: z.string().min(1).max(255),
  name: z.string().optional(),
  preferred_username: z.string().optional(),
  locale: z.string().optional(),
  auth_time: z.number().optional(),
  sid: z.string().max(255).optional(),
});

interface ProviderParts {
  readonly outbound: Outbound;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

export function createIdentityProvider(settings: ProviderSettings, { outbound, onError, now = Date.now }: ProviderParts): IdentityProvider {
  let known: { readonly configuration: Promise<Configuration>; readonly until: number } | null = null;

  async function configuration(): Promise<Configuration> {
    known = known !== null && known.until > now() ? known : { configuration: discover(settings, outbound), until: now() + REMEMBER_MS };
    const current = known;
    try {
      return await current.configuration;
    } catch (cause) {
      // What failed is not remembered: the provider may be back at the next click.
      if (known === current) known = null;
      throw new ImprimaturError('SIGN_IN_UNAVAILABLE', { cause });
    }
  }

  return {
    async addressToSignIn({ state, nonce, verifier, maxAgeS, redirectUri }) {
      const address = buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope: settings.scopes.join(' '),
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(maxAgeS === null ? {} : { max_age: String(maxAgeS), prompt: 'login' }),
      });
      return address.href;
    },

    async identify(address, { state, nonce, verifier, maxAgeS }) {
      try {
        const client = await configuration();
        const tokens = await authorizationCodeGrant(client, address, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
          idTokenExpected: true,
          ...(maxAgeS === null ? {} : { maxAge: maxAgeS }),
        });
        const claims = claimsSchema.parse(tokens.claims());
        const about =
          hasRoleClaim(claims, settings.roles) || client.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await fetchUserInfo(client, tokens.access_token, claims.sub);
        return identityFrom(claims, { ...about }, settings.roles);
      } catch (error) {
        if (error instanceof AuthorizationResponseError && error.error === 'access_denied') return 'denied';
        onError(error);
        return isUnavailable(error) ? 'provider_unavailable' : 'failed';
      }
    },

    async readLogout(token) {
      const metadata = (await configuration().catch(() => null))?.serverMetadata();
      if (metadata?.jwks_uri === undefined) return null;
      return readLogoutToken(token, { issuer: metadata.issuer, clientId: settings.clientId, jwksUri: metadata.jwks_uri, outbound });
    },

    async addressToSignOut(returnTo) {
      const client = await configuration().catch(() => null);
      if (client?.serverMetadata().end_session_endpoint === undefined) return null;
      return buildEndSessionUrl(client, { post_logout_redirect_uri: returnTo, client_id: settings.clientId }).href;
    },
  };
}

async function discover({ issuer, clientId, clientSecret }: ProviderSettings, outbound: Outbound): Promise<Configuration> {
  const address = new URL(issuer);
  const isPlain = address.protocol === 'http:';
  return discovery(address, clientId, clientSecret ?? {}, undefined, {
    [customFetch]: fetchThrough(outbound),
    // The settings allow an issuer without TLS on this very machine only.
    execute: isPlain ? [enableNonRepudiationChecks, allowInsecureRequests] : [enableNonRepudiationChecks],
    timeout: 15,
  });
}

function identityFrom(claims: z.output<typeof claimsSchema>, about: Readonly<Record<string, unknown>>, mapping: RoleMapping): Identity {
  const said = { ...about, ...claims };
  const named = z
    .looseObject({ name: z.string().optional(), preferred_username: z.string().optional(), locale: z.string().optional() })
    .safeParse(said);
  const { name, preferred_username, locale } = named.success ? named.data : {};
  const language = /^[a-z]{2,3}\b/i.exec(locale ?? '')?.[0].toLowerCase();
  return {
    issuer: claims.iss,
    subject: claims.sub,
    name: (name ?? preferred_username ?? '').trim().slice(0, 200) || claims.sub.slice(0, 200),
    roles: rolesFromClaims(said, mapping),
    signedInAt: claims.auth_time === undefined ? null : new Date(claims.auth_time * 1000),
    ...(language === undefined ? {} : { language }),
    ...(claims.sid === undefined ? {} : { providerSession: claims.sid }),
  };
}
