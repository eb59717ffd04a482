import type { Raster } from '../looking/pyramid.ts';

const BLOCK_PX = 16;
/** Strokes cross a row this often in a block at least, and a block needs this many such rows. */
const CROSSINGS = 2;
const ROWS = 3;
/** Steps of luminance that count as an edge of a stroke: text fainter than this is hard to read for people, too. */
const EDGE = 14;
const BLOCKS_IN_A_ROW = 2;

/** Whether text may stand in a picture: strokes, as dark and light by turns along a row, in neighboring blocks. Cheap, and says "maybe" of much that is none. */
export function mayHoldText(raster: Raster): boolean {
  return hasStrokes(raster, false) || hasStrokes(raster, true);
}

function hasStrokes({ width, height, rgb }: Raster, isTurned: boolean): boolean {
  const [long, short] = isTurned ? [height, width] : [width, height];
  const [stepAlong, stepAcross] = isTurned ? [width * 3, 3] : [3, width * 3];
  const blocks = Math.floor(long / BLOCK_PX);
  const texty = new Uint8Array(blocks);
  for (let row = 0; row < short; row += 2) {
    if (row % BLOCK_PX === 0) {
      if (longestRun(texty) >= BLOCKS_IN_A_ROW) return true;
      texty.fill(0);
    }
    countRow(rgb, row * stepAcross, { stepAlong, blocks, texty });
  }
  return longestRun(texty) >= BLOCKS_IN_A_ROW;
}

interface Row {
  readonly stepAlong: number;
  readonly blocks: number;
  readonly texty: Uint8Array;
}

/** Green stands for luminance: it carries most of it, and costs nothing. */
function countRow(rgb: Uint8Array, start: number, { stepAlong, blocks, texty }: Row): void {
  for (let block = 0; block < blocks; block++) {
    const from = start + 1 + block * BLOCK_PX * stepAlong;
    if (crossingsIn(rgb, from, stepAlong) >= CROSSINGS) texty[block] = (texty[block] ?? 0) + 1;
  }
}

/** How often it turns from lighter to darker or back by a step that can be seen. */
function crossingsIn(rgb: Uint8Array, from: number, stepAlong: number): number {
  let [crossings, direction] = [0, 0];
  let extreme = rgb[from] ?? 0;
  for (let pixel = 1; pixel < BLOCK_PX; pixel++) {
    const value = rgb[from + pixel * stepAlong] ?? 0;
    const change = Math.sign(value - extreme);
    if (change === direction) extreme = value;
    else if (Math.abs(value - extreme) >= EDGE) {
      direction = change;
      extreme = value;
      crossings++;
    }
  }
  return crossings;
}

function longestRun(texty: Uint8Array): number {
  let [longest, run] = [0, 0];
  for (const rows of texty) {
    run = rows >= ROWS ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
