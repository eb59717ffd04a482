/** FNV-1a over UTF-16 code units; the shape of every hash in a model file, so it never changes within a format version. */
export const HASH_SEED = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** One more code unit. */
export function hashStep(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, FNV_PRIME);
}

/** Spreads a running hash over all 32 bits (finalizer of MurmurHash3); unsigned. */
export function hashFinish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Hash of a word or of a part of it; unsigned, 32 bits. */
export function hashText(text: string, from = 0, to = text.length): number {
  let hash = HASH_SEED;
  for (let at = from; at < to; at++) hash = hashStep(hash, text.charCodeAt(at));
  return hashFinish(hash);
}

/** Hash of a phrase: the hash so far and that of its next word. */
export function hashJoin(phrase: number, word: number): number {
  return hashFinish(Math.imul(phrase, 0x9e3779b1) ^ word);
}
