import { X509Certificate } from 'node:crypto';
import { decode, encode } from 'cborg';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { ClaimAlgorithm, ClaimSigner } from './claim-signer.ts';
import { signatureBytes, verifyWith } from './signature-scheme.ts';
import type { Stamped, Timestamper } from './timestamps/timestamper.ts';

/** Numbers of the IANA COSE registry (RFC 9053 §2, RFC 8230 §2). */
const COSE_ALGORITHM: Readonly<Record<ClaimAlgorithm, number>> = {
  es256: -7,
  es384: -35,
  es512: -36,
  ps256: -37,
  ps384: -38,
  ps512: -39,
  ed25519: -8,
};
const HEADER_ALG = 1;
/** `x5chain`, RFC 9360 §2. */
const HEADER_X5CHAIN = 33;
const TAG_COSE_SIGN1 = 0xd2;
const EMPTY = new Uint8Array(0);

/** `off`: none was wanted. `missing`: none could be had, and the operator allows that. */
export type TimestampOutcome =
  | { readonly kind: 'off' }
  | Omit<Extract<Stamped, { kind: 'stamped' }>, 'token'>
  | Extract<Stamped, { kind: 'missing' }>;

/** Turns claim bytes into the finished COSE_Sign1 that c2pa-rs puts into the file. */
export interface CoseSigner {
  readonly alg: ClaimAlgorithm;
  /** Length of what `sign` gives, known before. Exact, since padding is space that no signature covers. */
  readonly reserveSize: number;
  /**
   * @throws ImprimaturError PUBLISH_FAILED when the signature does not belong to the leaf certificate, or when a timestamp is required
   * and no authority gave a good one; whatever the claim signer rejects with.
   */
  sign(claim: Uint8Array): Promise<{ readonly cose: Uint8Array; readonly timestamp: TimestampOutcome }>;
}

export interface CoseOptions {
  /** Bytes of the result; by default as few as it takes. Larger ones are filled with `pad`. */
  readonly reserveSize?: number;
  /** Has each signature time-stamped (`sigTst2`, C2PA 2.4 §10.3.2.5). */
  readonly stamping?: { readonly timestamper: Timestamper; readonly isRequired: boolean };
}

/**
 * COSE_Sign1 with detached payload, RFC 9052 §4.2 and C2PA 2.4 §13.2. Each signature is verified against the leaf before it goes
 * on (0.1 ms for P-256): a KMS key that was rotated behind our back, or a DER signature, is found before anything is published.
 */
export function createCoseSigner(signer: ClaimSigner, { reserveSize, stamping }: CoseOptions = {}): CoseSigner {
  const protectedHeader = encodeProtectedHeader(signer);
  const [leaf] = signer.chainDer;
  if (leaf === undefined) throw new ImprimaturError('CONFIG_INVALID', { detail: 'The claim signer has an empty certificate chain.' });
  const publicKey = new X509Certificate(leaf).publicKey;
  const blank = new Uint8Array(signatureBytes(signer.alg, publicKey));
  const tokenBytes = stamping?.timestamper.tokenBytes() ?? 0;
  const size = reserveSize ?? assemble(protectedHeader, blank, { token: tokenBytes === 0 ? null : new Uint8Array(tokenBytes) }).length;
  // A size that cannot be filled is refused before anything is laid out.
  padLengths(size - assemble(protectedHeader, blank, { token: null }).length);

  async function stamp(signature: Uint8Array): Promise<Stamped | { readonly kind: 'off' }> {
    if (stamping === undefined) return { kind: 'off' };
    const stamped = await stamping.timestamper.stamp(encode(['CounterSignature', protectedHeader, EMPTY, encode(signature)]));
    if (stamped.kind === 'missing' || fits(size - assemble(protectedHeader, signature, { token: stamped.token }).length)) return stamped;
    const { authority } = stamped;
    return { kind: 'missing', faults: [{ authority, fault: 'does-not-fit', detail: 'the token is larger than any before' }] };
  }

  return {
    alg: signer.alg,
    reserveSize: size,
    async sign(claim) {
      const toBeSigned = encode(['Signature1', protectedHeader, EMPTY, claim]);
      const signature = await signer.sign(toBeSigned);
      if (!verifyWith(publicKey, signer.alg, toBeSigned, signature)) {
        throw new ImprimaturError('PUBLISH_FAILED', {
          detail: 'The claim signer gave a signature that its own leaf certificate does not verify.',
        });
      }
      const stamped = await stamp(signature);
      if (stamped.kind === 'missing' && stamping?.isRequired === true) throw withoutTimestamp(stamped);
      const token = stamped.kind === 'stamped' ? stamped.token : null;
      const bare = assemble(protectedHeader, signature, { token });
      const cose = assemble(protectedHeader, signature, { token, pads: padLengths(size - bare.length) });
      return { cose, timestamp: stamped.kind === 'stamped' ? { kind: 'stamped', authority: stamped.authority, at: stamped.at } : stamped };
    },
  };
}

function withoutTimestamp({ faults }: Extract<Stamped, { kind: 'missing' }>): ImprimaturError {
  const named = faults.map(({ authority, detail }) => `${authority}: ${detail}`).join('; ');
  return new ImprimaturError('PUBLISH_FAILED', { detail: `A timestamp is required, and no authority gave a good one (${named}).` });
}

/**
 * True when `message` is what is signed for a credential of exactly this signer: a Sig_structure (RFC 9052 §4.4) with its algorithm and
 * its chain. A signing server that asks this cannot be made to sign anything else: no certificate, no token, no timestamp.
 */
export function isClaimOf(signer: Pick<ClaimSigner, 'alg' | 'chainDer'>, message: Uint8Array): boolean {
  const withEmptyClaim = encode(['Signature1', encodeProtectedHeader(signer), EMPTY, EMPTY]);
  const prefix = withEmptyClaim.subarray(0, -1);
  if (Buffer.compare(message.subarray(0, prefix.length), prefix) !== 0) return false;
  try {
    const claim: unknown = decode(message.subarray(prefix.length));
    return claim instanceof Uint8Array && claim.length > 0;
  } catch {
    return false;
  }
}

function encodeProtectedHeader({ alg, chainDer }: Pick<ClaimSigner, 'alg' | 'chainDer'>): Uint8Array {
  const [only] = chainDer;
  return encode(
    new Map<number, unknown>([
      [HEADER_ALG, COSE_ALGORITHM[alg]],
      [HEADER_X5CHAIN, chainDer.length === 1 ? only : chainDer],
    ]),
  );
}

function assemble(
  protectedHeader: Uint8Array,
  signature: Uint8Array,
  { token, pads = [] }: { readonly token: Uint8Array | null; readonly pads?: readonly number[] },
): Uint8Array {
  const unprotected = new Map<string, unknown>(token === null ? [] : [['sigTst2', { tstTokens: [{ val: token }] }]]);
  for (const [index, length] of pads.entries()) unprotected.set(index === 0 ? 'pad' : 'pad2', new Uint8Array(length));
  return Buffer.concat([Buffer.of(TAG_COSE_SIGN1), encode([protectedHeader, unprotected, null, signature])]);
}

/** A `pad` entry costs its key (4 bytes) and a byte string; `pad2` costs 5 and at least one. */
const PAD_KEY_BYTES = 4;
const EMPTY_PAD2_BYTES = 6;

/**
 * Lengths of `pad` and, where needed, `pad2` (C2PA 2.4 §13.2.3) that add exactly `missing` bytes. One string cannot add every
 * number: from 23 to 24 bytes it grows by two, because its length prefix grows too.
 *
 * @throws ImprimaturError CONFIG_INVALID when no padding fits, that is below 0 and from 1 to 4.
 */
export function padLengths(missing: number): readonly number[] {
  if (!fits(missing)) throw unfillable(missing);
  if (missing === 0) return [];
  const one = byteStringContent(missing - PAD_KEY_BYTES);
  if (one !== null) return [one];
  const two = byteStringContent(missing - PAD_KEY_BYTES - EMPTY_PAD2_BYTES);
  if (two !== null) return [two, 0];
  throw unfillable(missing);
}

function fits(missing: number): boolean {
  return missing === 0 || missing > PAD_KEY_BYTES;
}

function unfillable(missing: number): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `A COSE signature cannot be padded by ${missing} bytes.` });
}

/** Content length of the CBOR byte string that takes exactly `total` bytes, or null when there is none. */
function byteStringContent(total: number): number | null {
  if (total >= 1 && total <= 24) return total - 1;
  if (total >= 26 && total <= 257) return total - 2;
  if (total >= 259 && total <= 65_538) return total - 3;
  return total >= 65_541 ? total - 5 : null;
}
