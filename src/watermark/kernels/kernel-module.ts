import { assemble } from '../../assembler/assemble.ts';
import { addToColors, lumaRow } from './routines/color-rows.ts';
import { contrastRow, detailRow } from './routines/flatten-rows.ts';
import { foldPixels } from './routines/fold-pixels.ts';
import { addWrapped, differ, halve, lerpRows, minRows, residualRow, sharpenRow, spreadRow } from './routines/mask-rows.ts';
import { interleave, power, scatterLanes, separate } from './routines/real-rows.ts';
import { addMapped, powerUnder, sumListed } from './routines/spectrum-places.ts';
import { transformPasses } from './routines/transform-passes.ts';
import { maxAlong, maxRows, whitenRow } from './routines/whiten-rows.ts';
import { meanRow, sumRows } from './routines/window-rows.ts';

const ROUTINES = () => [
  ...[sumRows(), meanRow(1)],
  ...[detailRow(3), contrastRow(2)],
  ...transformPasses(),
  ...[interleave(), separate(), power(), scatterLanes()],
  ...[whitenRow(8), maxRows(), maxAlong()],
  foldPixels(),
  ...[lumaRow(), addToColors()],
  ...[halve(), differ(), spreadRow(), minRows(), lerpRows(), residualRow(), sharpenRow(), addWrapped()],
  ...[addMapped(), powerUnder(), sumListed()],
];

/** What a routine is to its caller: addresses and counts in, at most a number out. */
export type Kernel = (...values: readonly number[]) => number;

let compiled: WebAssembly.Module | undefined | 'missing';

/** Our routines, assembled and compiled once a process; undefined where the machine cannot do SIMD, which is the case for plain TypeScript. */
export function kernelModule(): WebAssembly.Module | undefined {
  if (compiled === undefined) {
    const bytes = assemble(ROUTINES());
    compiled = typeof WebAssembly === 'object' && WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : 'missing';
  }
  return compiled === 'missing' ? undefined : compiled;
}
