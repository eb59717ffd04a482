import { z } from 'zod';
import { AGE_METHODS, type EndUser, TIERS } from '../../contracts/end-user.ts';
import { placeNamed } from '../../contracts/region.ts';

/** Longer headers are not looked at: what is said of a user fits in 600 characters, and a signature in 700 more. */
export const MAX_CLAIM_CHARS = 4_096;

/** How a claim may be signed. `HMAC` is our plain form, for platforms without a JWT library. */
export const CLAIM_ALGORITHMS = ['HS256', 'RS256', 'ES256', 'EdDSA', 'HMAC'] as const;
export type ClaimAlgorithm = (typeof CLAIM_ALGORITHMS)[number];

/** Somewhere it is tomorrow already. */
const DAY_MS = 86_400_000;

/** What a claim may say; whatever else stands in it is not looked at. Times are seconds since 1970 (RFC 7519). */
export const claimSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string().regex(/^[\x21-\x7e]{1,256}$/, 'a pseudonym of 1 to 256 visible ASCII characters'),
  jti: z.string().min(8).max(256).exactOptional(),
  iat: z.number(),
  exp: z.number(),
  nbf: z.number().exactOptional(),
  tier: z.enum(TIERS).default('anonymous'),
  verified: z.boolean().default(false),
  age: z
    .object({
      over: z.int().min(0).max(120),
      method: z.enum(AGE_METHODS),
      on: z.iso
        .date('a day such as 2026-11-22')
        .pipe(z.coerce.date())
        .refine((day) => day.getTime() <= Date.now() + DAY_MS, 'a day that has come'),
    })
    .nullable()
    .default(null),
  region: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a region such as DE or US-CA')
    .nullable()
    .default(null),
  locale: z
    .string()
    .regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8}){0,4}$/, 'a language tag such as de or pt-BR')
    .nullable()
    .default(null),
  device: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/, 'a pseudonym of 1 to 256 visible ASCII characters')
    .nullable()
    .default(null),
});
export type Claim = z.output<typeof claimSchema>;

/** A region that is no place says nothing of where they are, and a rule for `GB` is one for who is said to be in `UK`. */
export function endUserOf({ sub, tier, verified, age, region, locale, device }: Claim): EndUser {
  return {
    id: sub,
    tier,
    verified,
    age,
    region: region === null ? null : placeNamed(region),
    locale,
    ...(device === null ? {} : { device }),
  };
}
