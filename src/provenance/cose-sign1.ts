import { X509Certificate } from 'node:crypto';
import { encode } from 'cborg';
import { ImprimaturError } from '../contracts/errors.ts';
import type { ClaimAlgorithm, ClaimSigner } from './claim-signer.ts';
import { signatureBytes, verifyWith } from './signature-scheme.ts';

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

/** Turns claim bytes into the finished COSE_Sign1 that c2pa-rs puts into the file. */
export interface CoseSigner {
  readonly alg: ClaimAlgorithm;
  /** Length of every COSE_Sign1 it makes. Exact, since padding is space that no signature covers. */
  readonly reserveSize: number;
  /** @throws ImprimaturError PUBLISH_FAILED when the signature does not belong to the leaf certificate. */
  sign(claim: Uint8Array): Promise<Uint8Array>;
}

/**
 * COSE_Sign1 with detached payload, RFC 9052 §4.2 and C2PA 2.4 §13.2. Each signature is verified against the leaf before it goes
 * on (0.1 ms for P-256): a KMS key that was rotated behind our back, or a DER signature, is found before anything is published.
 *
 * @param reserveSize bytes of the result; by default as few as it takes, larger ones are filled with `pad`.
 */
export function createCoseSigner(signer: ClaimSigner, reserveSize?: number): CoseSigner {
  const protectedHeader = encodeProtectedHeader(signer);
  const [leaf] = signer.chainDer;
  if (leaf === undefined) throw new ImprimaturError('CONFIG_INVALID', { detail: 'The claim signer has an empty certificate chain.' });
  const publicKey = new X509Certificate(leaf).publicKey;
  const bare = assemble(protectedHeader, new Uint8Array(signatureBytes(signer.alg, publicKey)), []).length;
  const size = reserveSize ?? bare;
  const pads = padLengths(size - bare);
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
      return assemble(protectedHeader, signature, pads);
    },
  };
}

function encodeProtectedHeader({ alg, chainDer }: ClaimSigner): Uint8Array {
  const [only] = chainDer;
  return encode(
    new Map<number, unknown>([
      [HEADER_ALG, COSE_ALGORITHM[alg]],
      [HEADER_X5CHAIN, chainDer.length === 1 ? only : chainDer],
    ]),
  );
}

function assemble(protectedHeader: Uint8Array, signature: Uint8Array, pads: readonly number[]): Uint8Array {
  const unprotected = new Map(pads.map((length, index) => [index === 0 ? 'pad' : 'pad2', new Uint8Array(length)]));
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
  if (missing === 0) return [];
  const one = byteStringContent(missing - PAD_KEY_BYTES);
  if (one !== null) return [one];
  const two = byteStringContent(missing - PAD_KEY_BYTES - EMPTY_PAD2_BYTES);
  if (two !== null) return [two, 0];
  throw new ImprimaturError('CONFIG_INVALID', { detail: `A COSE signature cannot be padded by ${missing} bytes.` });
}

/** Content length of the CBOR byte string that takes exactly `total` bytes, or null when there is none. */
function byteStringContent(total: number): number | null {
  if (total >= 1 && total <= 24) return total - 1;
  if (total >= 26 && total <= 257) return total - 2;
  if (total >= 259 && total <= 65_538) return total - 3;
  return total >= 65_541 ? total - 5 : null;
}
