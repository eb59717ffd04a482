/** Of 32 bits each. */
export const SIGNATURE_WORDS = 4;
const BITS = SIGNATURE_WORDS * 32;

/** Which words a prompt has, roughly, in 128 bits (a Bloom filter of one hash): equal for equal prompts. */
export function signatureOf(words: Iterable<number>): Uint32Array {
  const signature = new Uint32Array(SIGNATURE_WORDS);
  for (const word of words) {
    const bit = word % BITS;
    signature[bit >>> 5] = (signature[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
  return signature;
}

/** How many of these words the prompt of a signature does not have, what falls together by chance taken off. */
export function newWords(signature: Uint32Array, words: ReadonlySet<number>): number {
  let density = 0;
  for (let bit = 0; bit < BITS; bit++) density += bitAt(signature, bit) / BITS;
  if (density >= 0.9) return 0;
  let hits = 0;
  for (const word of words) hits += bitAt(signature, word % BITS);
  return Math.min(words.size, (words.size - hits) / (1 - density));
}

function bitAt(signature: Uint32Array, bit: number): number {
  return ((signature[bit >>> 5] ?? 0) >>> (bit & 31)) & 1;
}
