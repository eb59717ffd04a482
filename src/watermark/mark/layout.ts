import { CODE_BITS } from '../code/polar-code.ts';
import type { MarkKey } from '../mark-key.ts';
import { KeyStream } from './key-stream.ts';

/** Period of the mark in canonical pixels, both ways. */
export const TILE = 128;
/** Harmonics of the tile that are used, as cycles per tile: 0.047 to 0.22 cycles a pixel. Below is seen, above is lost in JPEG and shrinking. */
export const LEAST_RADIUS = 6;
export const GREATEST_RADIUS = 28;
/** Share of the power that goes to the harmonics by which the mark is found. */
export const SYNC_POWER = 0.3;

/** One wave of the tile, `u` cycles across and `v` ≥ 0 down, and its phase under this key. */
export interface Harmonic {
  readonly u: number;
  readonly v: number;
  readonly radius: number;
  readonly cos: number;
  readonly sin: number;
}

/** Where a key puts what. */
export interface Layout {
  /**
   * 20 orbits of four waves, (u, v), (−u, v), (v, u), (−v, u) in this order, u > v > 0. They are closed under quarter turns and mirrors, so a
   * search over 90 degrees finds all eight orientations, and the phases tell which it was.
   */
  readonly sync: readonly Harmonic[];
  /** Each carries two numbers (in phase and in quadrature). */
  readonly payload: readonly Harmonic[];
  /** For each of the 2 × payload numbers: which code bit it repeats. */
  readonly bitOf: Uint16Array;
  /** One a code bit: added to it, so that no payload has a tile of its own that shows through. */
  readonly scramble: Uint8Array;
  /** Start of the CRC: a codeword of another key does not pass. */
  readonly crcStart: number;
}

/** 18 rings of equal width between 7 and 24 for search, and 2 above that tell how much of the highest waves is left. */
const SYNC_RINGS: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 18 }, (_, i): readonly [number, number] => [7 + (17 * i) / 18, 7 + (17 * (i + 1)) / 18]),
  [24, 26],
  [26, 28],
];

/** Deterministic in the key; about 2 ms. */
export function layoutOf(key: MarkKey): Layout {
  const stream = new KeyStream(key, 'imprimatur watermark tile 1 layout');
  const bases = SYNC_RINGS.map(([from, to]) => {
    const ring = basesBetween(from, to);
    return ring[stream.below(ring.length)] ?? [7, 1];
  });
  const taken = new Set<string>();
  const sync = bases.flatMap(([k, l]) => {
    const orbit = [harmonic(k, l, stream), harmonic(-k, l, stream), harmonic(l, k, stream), harmonic(-l, k, stream)];
    for (const { u, v } of orbit) taken.add(`${u},${v}`);
    return orbit;
  });
  const payload: Harmonic[] = [];
  for (let v = 0; v <= GREATEST_RADIUS; v++) {
    for (let u = v === 0 ? 1 : -GREATEST_RADIUS; u <= GREATEST_RADIUS; u++) {
      const radius = Math.hypot(u, v);
      const isUsed = radius >= LEAST_RADIUS && radius <= GREATEST_RADIUS && !taken.has(`${u},${v}`);
      if (isUsed) payload.push(harmonic(u, v, stream));
    }
  }
  const order = stream.permutation(2 * payload.length);
  return {
    sync,
    payload,
    bitOf: order.map((place) => place % CODE_BITS),
    scramble: Uint8Array.from({ length: CODE_BITS }, () => stream.below(2)),
    crcStart: stream.word(),
  };
}

/** All (u, v) with u > v > 0 in a ring; never empty for rings of this width above 7. */
function basesBetween(from: number, to: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let u = 2; u <= to; u++) {
    for (let v = 1; v < u; v++) {
      const radius = Math.hypot(u, v);
      if (radius >= from && radius < to) found.push([u, v]);
    }
  }
  return found;
}

function harmonic(u: number, v: number, stream: KeyStream): Harmonic {
  const phase = stream.angle();
  return { u, v, radius: Math.hypot(u, v), cos: Math.cos(phase), sin: Math.sin(phase) };
}
