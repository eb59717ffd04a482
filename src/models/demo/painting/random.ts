/** A number that says which picture: FNV-1a over the text, 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return mixBits(hash);
}

/** A value in [0, 1) for a point of a grid; the same everywhere and at any resolution of the walk. */
export function hashAt(x: number, y: number, seed: number): number {
  return mixBits(Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ seed) / 2 ** 32;
}

function mixBits(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Reproducible chance. Forks are independent, so that one layer's use of chance does not move another's. */
export interface Chance {
  readonly seed: number;
  /** A value in [from, to), by default in [0, 1). */
  between(from?: number, to?: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  fork(name: string): Chance;
}

/** Mulberry32. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    seed,
    between: (from = 0, to = 1) => from + (to - from) * next(),
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
    fork: (name) => chance(hashText(`${seed}/${name}`)),
  };
}
