import { randomBytes } from 'node:crypto';
import { type CryptoKey, importJWK } from 'jose';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import type { NewClaimKey } from './application-store.ts';
import type { ClaimAlgorithm } from './claim.ts';
import { secretName } from './claim-reader.ts';

export interface ClaimKeyWish {
  readonly application: string;
  readonly kid: string;
  readonly algorithm: ClaimAlgorithm;
  /** Base64url, of a shared secret that the platform has already; absent: a fresh one. */
  readonly secret?: string;
  /** Of a key pair, the public half. */
  readonly publicJwk?: Readonly<Record<string, unknown>>;
  readonly expiresAt: Date | null;
  readonly by: string;
}

/** RFC 7518, 3.2: at least as long as the hash. */
const MIN_SECRET_BYTES = 32;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** A key as it is stored, and its secret, if it was made here: it is shown once. @throws ImprimaturError REQUEST_INVALID */
export async function prepareClaimKey(
  wish: ClaimKeyWish,
  evidence: Pick<EvidenceStore, 'sealValue'>,
): Promise<{ readonly row: NewClaimKey; readonly secret: string | null }> {
  const { application, kid, algorithm, expiresAt, by } = wish;
  const common = { application, kid, algorithm, expiresAt, madeBy: by };
  if (algorithm !== 'HS256' && algorithm !== 'HMAC') {
    return { row: { ...common, sealedSecret: null, publicJwk: await publicHalf(wish) }, secret: null };
  }
  if (wish.publicJwk !== undefined) throw invalid('public_jwk', `${algorithm} has a shared secret and no public key.`);
  const bytes = wish.secret === undefined ? randomBytes(MIN_SECRET_BYTES) : Buffer.from(wish.secret, 'base64url');
  if (bytes.length < MIN_SECRET_BYTES) throw invalid('secret', `It must have at least ${MIN_SECRET_BYTES} bytes, in base64url.`);
  const sealedSecret = await evidence.sealValue({ ...secretName({ application, kid }), bytes });
  return { row: { ...common, sealedSecret, publicJwk: null }, secret: wish.secret === undefined ? bytes.toString('base64url') : null };
}

async function publicHalf({ algorithm, secret, publicJwk }: ClaimKeyWish): Promise<Readonly<Record<string, unknown>>> {
  if (secret !== undefined) throw invalid('secret', `${algorithm} has a key pair; send the public half as public_jwk.`);
  if (publicJwk === undefined) throw invalid('public_jwk', `${algorithm} needs the public half of the key pair, as a JWK.`);
  if (PRIVATE_MEMBERS.some((name) => name in publicJwk))
    throw invalid('public_jwk', 'This is a private key. Replace it: it has travelled.');
  try {
    const key = await importJWK({ ...publicJwk }, algorithm);
    if (key instanceof Uint8Array || key.type !== 'public') throw new TypeError('no public key');
    requireStrong(key);
  } catch (cause) {
    throw invalid('public_jwk', `This is no public key for ${algorithm}${algorithm === 'RS256' ? ' of at least 2048 bits' : ''}.`, cause);
  }
  return publicJwk;
}

function requireStrong({ algorithm }: CryptoKey): void {
  if ('modulusLength' in algorithm && typeof algorithm.modulusLength === 'number' && algorithm.modulusLength < 2048) {
    throw new RangeError('too short');
  }
}

function invalid(param: string, hint: string, cause?: unknown): ImprimaturError {
  return new ImprimaturError('REQUEST_INVALID', { hint, param, cause });
}
