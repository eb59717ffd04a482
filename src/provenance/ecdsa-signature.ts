const SEQUENCE = 0x30;
const INTEGER = 0x02;

/**
 * An ECDSA signature from DER (RFC 3279 §2.2.3, what a KMS gives) to r‖s (IEEE P1363, what COSE wants, RFC 9053 §2.1).
 * `componentBytes` is the length of r and of s: 32 for P-256, 48 for P-384, 66 for P-521.
 *
 * @throws RangeError when `der` is not exactly one canonical DER signature of that size.
 */
export function derToP1363(der: Uint8Array, componentBytes: number): Uint8Array {
  const sequence = element(der, 0, SEQUENCE);
  const r = element(der, sequence.start, INTEGER);
  const s = element(der, r.end, INTEGER);
  if (sequence.end !== der.length || s.end !== der.length) throw new RangeError('DER signature has trailing bytes');
  const out = new Uint8Array(2 * componentBytes);
  placeInteger(der.subarray(r.start, r.end), out.subarray(0, componentBytes));
  placeInteger(der.subarray(s.start, s.end), out.subarray(componentBytes));
  return out;
}

/** Where the content of the element at `at` starts and ends. Lengths here are below 256: a P-521 signature has 139 bytes. */
function element(der: Uint8Array, at: number, tag: number): { readonly start: number; readonly end: number } {
  const first = der[at + 1] ?? 0;
  const long = first === 0x81;
  const length = long ? (der[at + 2] ?? 0) : first;
  const start = at + (long ? 3 : 2);
  const canonical = long ? length > 0x7f : first < 0x80;
  if (der[at] !== tag || !canonical || length === 0 || start + length > der.length) {
    throw new RangeError('not a DER-encoded ECDSA signature');
  }
  return { start, end: start + length };
}

function placeInteger(integer: Uint8Array, into: Uint8Array): void {
  const [head = 0, next = 0] = integer;
  if (head > 0x7f || (head === 0 && integer.length > 1 && next < 0x80)) throw new RangeError('DER integer is negative or padded');
  const magnitude = head === 0 ? integer.subarray(1) : integer;
  if (magnitude.length > into.length) throw new RangeError(`DER integer is longer than ${into.length} bytes`);
  into.set(magnitude, into.length - magnitude.length);
}
