import { correlate } from './correlate.ts';
import type { Sketch } from './sketch.ts';

/** `unsure`: there is too little in one of them to tell. */
export type LikenessVerdict = 'same' | 'different' | 'unsure';

export interface Likeness {
  readonly verdict: LikenessVerdict;
  /** How far the best alignment stands above chance, in standard deviations of cells that agree or not. */
  readonly z: number;
  /** Cells on which both say something in that alignment, and by how much more of them agree than not, −1 to 1. */
  readonly cells: number;
  readonly agreement: number;
}

/**
 * Measured on 20 photographs (docs/watermark.md): what is ours, cut to an eighth or turned or inside a page, has z from 12.5 and agreement from 0.59; what is
 * not reaches z 16 where agreement is below 0.47, and agreement 0.8 where z is below 11.
 */
const Z_SAME = 12;
const LEAST_AGREEMENT = 0.5;
/** Of the cells of the poorer of the two: a true copy lies in the picture, or the picture in the copy. */
const LEAST_OVERLAP = 0.5;
/** With fewer cells a true copy could fail by chance. */
const ENOUGH_CELLS = 400;
/** Share of cells that say something from which a picture is not plain. */
const PLAIN_BELOW = 0.1;

/** Whether a picture, or a part of one, shows what another does: the best of all shifts of one against the other. */
export function likenessOf(record: Sketch, seen: Sketch, { inverted }: { readonly inverted: boolean }): Likeness {
  const [inRecord, inSeen] = [sayingCells(record), sayingCells(seen)];
  const best = bestShift(record, seen, { sign: inverted ? -1 : 1, leastCells: Math.max(1, LEAST_OVERLAP * Math.min(inRecord, inSeen)) });
  const isSame = best.z >= Z_SAME && best.agreement >= LEAST_AGREEMENT;
  if (isSame) return { verdict: 'same', ...best };
  const isPlain = inRecord < ENOUGH_CELLS ? inSeen < PLAIN_BELOW * seen.cells.length : inSeen < ENOUGH_CELLS;
  return { verdict: isPlain ? 'unsure' : 'different', ...best };
}

function bestShift(record: Sketch, seen: Sketch, { sign, leastCells }: { readonly sign: 1 | -1; readonly leastCells: number }) {
  const [signs, both] = correlate(pairOf(record), pairOf(seen));
  let best = { z: 0, cells: 0, agreement: 0 };
  for (const [i, sum] of signs.sums.entries()) {
    const cells = Math.round(both.sums[i] ?? 0);
    const z = (sign * sum) / Math.sqrt(cells);
    if (cells >= leastCells && z > best.z) best = { z, cells, agreement: (sign * sum) / cells };
  }
  return best;
}

function sayingCells({ cells }: Sketch): number {
  return cells.reduce((sum, cell) => sum + cell * cell, 0);
}

function pairOf({ width, height, cells }: Sketch) {
  return [
    { width, height, values: cells },
    { width, height, values: cells.map((cell) => cell * cell) },
  ] as const;
}
