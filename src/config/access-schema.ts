import { z } from 'zod';
import { STAFF_ROLES } from '../contracts/staff-role.ts';
import { plainName, secret } from './fields.ts';

// Who gets in: the identity provider of the staff, keys, and the applications whose users platforms vouch for.

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** TLS, except on this very machine. */
function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

const roles = z.array(z.enum(STAFF_ROLES)).min(1);

const oidc = z.strictObject({
  issuer: z.string().refine(isSafe, 'an https address'),
  clientId: z.string().min(1).max(500),
  clientSecret: secret.exactOptional(),
  name: z.string().min(1).max(100).default('your organization'),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)).default(['openid', 'profile']),
  roles: z.strictObject({ claim: z.string().min(1).max(200).default('groups'), map: z.record(z.string(), roles) }),
});

const sessions = z.strictObject({
  idleMinutes: z.int().min(1).max(1440).default(30),
  hours: z.number().min(0.1).max(168).default(12),
});

const accessKey = z.strictObject({
  name: z.string().min(1).max(100),
  token: secret,
  roles: roles.exactOptional(),
  surface: plainName.exactOptional(),
  application: plainName.default('default'),
  scopes: z.array(z.string()).min(1).exactOptional(),
  expiresAt: z.coerce.date().exactOptional(),
});

const claimKey = z.strictObject({
  kid: z.string().regex(/^[\w-]{1,64}$/, 'letters, digits, "_" and "-"'),
  algorithm: z.enum(['HS256', 'RS256', 'ES256', 'EdDSA', 'HMAC']),
  secret: secret.exactOptional(),
  publicJwk: z.record(z.string(), z.unknown()).exactOptional(),
  expiresAt: z.coerce.date().exactOptional(),
});

const application = z.strictObject({
  id: plainName,
  name: z.string().min(1).max(200),
  surfaces: z.array(plainName).min(1).exactOptional(),
  claims: z.looseObject({}).default({}),
  keys: z.array(claimKey).default([]),
});

const standing = z.strictObject({
  limited: z
    .strictObject({ requests: z.int().min(1).max(100_000).default(10), perMinutes: z.int().min(1).max(10_080).default(60) })
    .prefault({}),
});

const usageSettings = z.strictObject({
  chargeReviews: z.boolean().default(false),
  closeAfterMinutes: z.int().min(0).max(720).default(60),
});

/** Part of the configuration's schema. */
export const accessSettings = {
  keys: z
    .array(accessKey)
    .default([])
    .describe(
      'Keys by configuration: `name`, `token`, and `surface` with `application` and `scopes`, or staff `roles`; `expiresAt`. One that is taken out of the file is revoked at the next start. See docs/access.md.',
    ),
  applications: z
    .array(application)
    .default([])
    .describe(
      'Applications by configuration: `id`, `name`, `surfaces`, `claims` (how what they say of end users must be) and `keys` (`kid`, `algorithm`, `secret` or `publicJwk`). See docs/end-users.md.',
    ),
  standing: standing
    .prefault({})
    .describe(
      'What is left to end users who were limited: `limited` (`requests` within `perMinutes`), whatever other limits say. See docs/end-users.md.',
    ),
  usage: usageSettings
    .prefault({})
    .describe(
      'What is told to billing: `chargeReviews` (whether the work of reviewers is charged) and `closeAfterMinutes` (how long after midnight, UTC, a day is closed). See docs/usage.md.',
    ),
  oidc: oidc
    .optional()
    .describe(
      'The identity provider by which staff sign in to the console: `issuer`, `clientId`, `clientSecret`, `name`, `scopes`, and `roles` (`claim`, and `map` from its values to roles). See docs/access.md.',
    ),
  sessions: sessions.prefault({}).describe('How long a person stays signed in: `idleMinutes` without a request, and `hours` in all.'),
  developmentSignIn: z
    .stringbool()
    .or(z.boolean())
    .optional()
    .describe(
      'Whether a staff key opens the console in a browser. Absent: on a loopback address where no `oidc` is configured. Elsewhere it counts as a development part.',
    ),
};
