import { DerCursor, der as encodeDer, readDer, TAG } from './der.ts';

/**
 * An ECDSA signature from DER (RFC 3279 §2.2.3, what a KMS gives) to r‖s (IEEE P1363, what COSE wants, RFC 9053 §2.1).
 * `componentBytes` is the length of r and of s: 32 for P-256, 48 for P-384, 66 for P-521.
 *
 * @throws RangeError when `der` is not exactly one canonical DER signature of that size.
 */
export function derToP1363(der: Uint8Array, componentBytes: number): Uint8Array {
  const numbers = new DerCursor(readDer(der, TAG.sequence));
  const out = new Uint8Array(2 * componentBytes);
  placeInteger(numbers.take(TAG.integer).content, out.subarray(0, componentBytes));
  placeInteger(numbers.take(TAG.integer).content, out.subarray(componentBytes));
  if (!numbers.isAtEnd) throw new RangeError('DER signature has more than two numbers');
  return out;
}

/** The other way: r‖s to DER, as a KMS answers. */
export function p1363ToDer(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  return encodeDer(TAG.sequence, integerOf(signature.subarray(0, half)), integerOf(signature.subarray(half)));
}

function integerOf(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0);
  const magnitude = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return (magnitude[0] ?? 0) > 0x7f ? encodeDer(TAG.integer, Uint8Array.of(0), magnitude) : encodeDer(TAG.integer, magnitude);
}

function placeInteger(integer: Uint8Array, into: Uint8Array): void {
  const [head, next = 0] = integer;
  if (head === undefined) throw new RangeError('DER integer is empty');
  if (head > 0x7f || (head === 0 && integer.length > 1 && next < 0x80)) throw new RangeError('DER integer is negative or padded');
  const magnitude = head === 0 ? integer.subarray(1) : integer;
  if (magnitude.length > into.length) throw new RangeError(`DER integer is longer than ${into.length} bytes`);
  into.set(magnitude, into.length - magnitude.length);
}
