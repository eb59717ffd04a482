import { constants, type KeyObject, sign, verify } from 'node:crypto';
import type { ClaimAlgorithm } from './claim-signer.ts';

/** What OpenSSL needs for each algorithm. `hash` is null where the scheme hashes by itself. */
interface Scheme {
  readonly hash: string | null;
  readonly options: { readonly dsaEncoding?: 'ieee-p1363'; readonly padding?: number; readonly saltLength?: number };
}

function ecdsa(hash: string): Scheme {
  return { hash, options: { dsaEncoding: 'ieee-p1363' } };
}

/** RFC 8230 §2: the salt is as long as the hash. */
function pss(hash: string, saltLength: number): Scheme {
  return { hash, options: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength } };
}

const SCHEMES: Readonly<Record<ClaimAlgorithm, Scheme>> = {
  es256: ecdsa('sha256'),
  es384: ecdsa('sha384'),
  es512: ecdsa('sha512'),
  ps256: pss('sha256', 32),
  ps384: pss('sha384', 48),
  ps512: pss('sha512', 64),
  ed25519: { hash: null, options: {} },
};

const COMPONENT_BYTES: Partial<Readonly<Record<ClaimAlgorithm, number>>> = { es256: 32, es384: 48, es512: 66 };
const CURVES: Readonly<Record<string, ClaimAlgorithm>> = { prime256v1: 'es256', secp384r1: 'es384', secp521r1: 'es512' };

/** The C2PA algorithm that a key (private or public) signs with, or null when C2PA has none for it. RSA signs as PS256. */
export function algorithmOf(key: KeyObject): ClaimAlgorithm | null {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'ec') return CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''] ?? null;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return key.asymmetricKeyType?.startsWith('rsa') === true && bits >= 2048 ? 'ps256' : null;
}

/** True when this key can sign with this algorithm: the curve is fixed by it, and RSA from 2048 bits can do any PS. */
export function keyFits(key: KeyObject, alg: ClaimAlgorithm): boolean {
  const natural = algorithmOf(key);
  return natural === alg || (natural === 'ps256' && alg.startsWith('ps'));
}

/** Bytes of r and of s in an ECDSA signature, or null for other algorithms. */
export function componentBytes(alg: ClaimAlgorithm): number | null {
  return COMPONENT_BYTES[alg] ?? null;
}

/** Signs off the event loop, on the crypto thread pool. Rejects with OpenSSL's error. */
export function signWith(key: KeyObject, alg: ClaimAlgorithm, data: Uint8Array): Promise<Uint8Array> {
  const { hash, options } = SCHEMES[alg];
  return new Promise((resolve, reject) => {
    sign(hash, data, { key, ...options }, (error, signature) => (error === null ? resolve(signature) : reject(error)));
  });
}

/** False for a wrong signature and also for one in the wrong encoding (DER where P1363 is due). */
export function verifyWith(key: KeyObject, alg: ClaimAlgorithm, data: Uint8Array, signature: Uint8Array): boolean {
  const { hash, options } = SCHEMES[alg];
  return verify(hash, data, { key, ...options }, signature);
}

/** How many bytes every signature of this algorithm by this key has. */
export function signatureBytes(alg: ClaimAlgorithm, key: KeyObject): number {
  if (alg === 'ed25519') return 64;
  const component = componentBytes(alg);
  if (component !== null) return 2 * component;
  return Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
}
