/** A word as 32 bits (FNV-1a with Murmur3's finish). The seed belongs to the installation, so nobody outside can look for two words that collide. */
export function hashWord(word: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) | 0;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** Murmur3's finalizer: every bit of the result depends on every bit of `value`. */
export function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Three words in a row as 32 bits. */
export function hashTriple(a: number, b: number, c: number): number {
  return mix(Math.imul(mix(Math.imul(a, 31) + b), 31) + c);
}
