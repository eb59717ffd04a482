/** A 256-bit PDQ hash as eight 32-bit words, the most significant first, as the 64 hex digits print it. */
export type PdqBits = Uint32Array;

export const PDQ_WORDS = 8;

/** Parses 64 hex digits of either case; `undefined` for anything else. */
export function parsePdq(hex: string): PdqBits | undefined {
  if (!/^[0-9a-f]{64}$/i.test(hex)) return undefined;
  return Uint32Array.from({ length: PDQ_WORDS }, (_, word) => Number.parseInt(hex.slice(word * 8, word * 8 + 8), 16));
}

/** The 64 lower-case hex digits of a hash. */
export function formatPdq(bits: PdqBits): string {
  return Array.from(bits, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** Number of differing bits, 0–256. */
export function pdqDistance(a: PdqBits, b: PdqBits): number {
  let distance = 0;
  for (let word = 0; word < PDQ_WORDS; word++) distance += popcount((a[word] ?? 0) ^ (b[word] ?? 0));
  return distance;
}

/** Set bits of a 32-bit integer (Warren, Hacker's Delight, 5-1). */
export function popcount(value: number): number {
  const pairs = value - ((value >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The 32 bytes of a hash, the most significant first. */
export function pdqToBytes(bits: PdqBits): Uint8Array {
  return new Uint8Array(Buffer.from(formatPdq(bits), 'hex'));
}

/** Null unless there are 32 bytes. */
export function pdqFromBytes(bytes: Uint8Array): PdqBits | null {
  return parsePdq(Buffer.from(bytes).toString('hex')) ?? null;
}
