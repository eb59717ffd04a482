import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type CryptoKey, compactVerify, decodeProtectedHeader } from 'jose';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { ClaimRules } from './application-store.ts';
import { type Claim, type ClaimAlgorithm, claimSchema, MAX_CLAIM_CHARS } from './claim.ts';

/** A key, ready to verify with. */
export interface VerifyingKey {
  readonly kid: string;
  readonly algorithm: ClaimAlgorithm;
  readonly key: CryptoKey | Uint8Array;
}

export interface ClaimContext {
  readonly application: string;
  readonly rules: ClaimRules;
  readonly keys: readonly VerifyingKey[];
  readonly now: Date;
}

/** Clocks of platforms differ by so much at most. */
const SKEW_S = 60;

/**
 * What a platform says of an end user, if it is signed by a key of the application that the API key belongs to, for us, and now. The algorithm is the
 * key's, never the claim's: a public key is not taken for a secret (RFC 8725, 3.1). @throws ImprimaturError USER_CLAIM_INVALID that says what is wrong
 */
export async function verifyClaim(text: string, context: ClaimContext): Promise<Claim> {
  if (text.length > MAX_CLAIM_CHARS) throw bad(`It has more than ${MAX_CLAIM_CHARS} characters.`);
  const payload = text.startsWith('v1.') ? readPlain(text, context) : await readJwt(text, context);
  const parsed = claimSchema.safeParse(payload);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw bad(`${issue?.path.join('.') || 'It'}: ${issue?.message ?? 'not valid'}.`);
  }
  checkClaim(parsed.data, context);
  return parsed.data;
}

/** A name for a claim that says nothing of it: for the memory of those that were used. */
export function claimHash({ jti = '', sub, iat }: Claim): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([jti, sub, iat]))
    .digest();
}

/**
 * A claim for one request that is used again makes that request a retry, which is answered by what came of the first for a quarter of an hour
 * (`generation-store.ts`). It is believed no longer than that, skews of both clocks taken off, or it would make a second picture.
 */
const MOST_AGE_OF_ONCE_S = 15 * 60 - 2 * SKEW_S;

const believedFor = ({ use, maxAgeSeconds }: ClaimRules) => (use === 'once' ? Math.min(maxAgeSeconds, MOST_AGE_OF_ONCE_S) : maxAgeSeconds);

/** After it nobody believes the claim any more, so nobody need remember it. */
export function claimEnd({ exp, iat }: Claim, rules: ClaimRules): Date {
  return new Date((Math.min(exp, iat + believedFor(rules)) + 2 * SKEW_S) * 1000);
}

function checkClaim({ iss, aud, jti, iat, exp, nbf }: Claim, { application, rules, now }: ClaimContext): void {
  const at = now.getTime() / 1000;
  if (iss !== (rules.issuer ?? application)) throw bad(`"iss" must be "${rules.issuer ?? application}".`);
  if (![aud].flat().includes(rules.audience)) throw bad(`"aud" must be "${rules.audience}".`);
  if (exp <= at - SKEW_S) throw bad('It has expired.');
  if (iat > at + SKEW_S || (nbf ?? 0) > at + SKEW_S) throw bad('It is not valid yet; compare the clocks.');
  const seconds = believedFor(rules);
  if (iat <= at - seconds - SKEW_S) throw bad(`It is older than ${seconds} seconds.`);
  if (rules.use === 'once' && jti === undefined) throw bad('"jti" is missing: each claim is for one request.');
}

async function readJwt(text: string, { keys }: ClaimContext): Promise<unknown> {
  const header = headerOf(text);
  const key = keyNamed(header.kid, keys);
  if (key.algorithm === 'HMAC' || header.alg !== key.algorithm) throw bad(`The key "${key.kid}" signs with ${key.algorithm}.`);
  try {
    const { payload } = await compactVerify(text, key.key, { algorithms: [key.algorithm] });
    return JSON.parse(Buffer.from(payload).toString());
  } catch (cause) {
    throw bad('The signature is not that of the key.', cause);
  }
}

function headerOf(text: string) {
  try {
    return decodeProtectedHeader(text);
  } catch (cause) {
    throw bad('It is no signed JWT.', cause);
  }
}

/** `v1.<kid>.<base64url of the JSON>.<base64url of HMAC-SHA256 over everything before the last dot>`. */
function readPlain(text: string, { keys }: ClaimContext): unknown {
  const [, head, kid, body, signature] = /^(v1\.([\w-]{1,64})\.([\w-]+))\.([\w-]{43})$/.exec(text) ?? [];
  if (head === undefined || body === undefined || signature === undefined) throw bad('It is not of the form v1.kid.payload.signature.');
  const key = keyNamed(kid, keys);
  if (key.algorithm !== 'HMAC' || !(key.key instanceof Uint8Array)) throw bad(`The key "${key.kid}" signs with ${key.algorithm}.`);
  const expected = createHmac('sha256', key.key).update(head).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw bad('The signature is not that of the key.');
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString());
  } catch (cause) {
    throw bad('Its payload is no JSON.', cause);
  }
}

function keyNamed(kid: string | undefined, keys: readonly VerifyingKey[]): VerifyingKey {
  if (keys.length === 0) throw bad('The application of this API key has no key for claims.');
  if (kid === undefined) throw bad('It does not name its key ("kid").');
  const found = keys.find((one) => one.kid === kid);
  if (found === undefined) throw bad('Its key ("kid") is unknown, expired or revoked.');
  return found;
}

function bad(hint: string, cause?: unknown): ImprimaturError {
  return new ImprimaturError('USER_CLAIM_INVALID', { hint, param: 'Imprimatur-User', cause });
}
