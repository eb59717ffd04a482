import { boxMean } from '../signal/box-mean.ts';

/** Side of a cell in pixels of the canonical copy, at the scale at which the picture was marked. */
export const CELL = 8;

/** Where a picture is lighter (1) or darker (−1) than its surroundings, cell by cell; 0 where it is neither, or not known. */
export interface Sketch {
  readonly width: number;
  readonly height: number;
  readonly cells: Int8Array;
}

/** Mean luma of each cell; `known` is 0 where the picture does not reach. */
export interface CellMeans {
  readonly width: number;
  readonly height: number;
  readonly means: Float32Array;
  readonly known: Uint8Array;
}

/** Cells around a cell that it is compared with. */
const RADIUS = 3;
/** Grey levels. Less is noise, recompression, or the mark itself. */
const LEAST_DIFFERENCE = 1.5;

/** A kind of perceptual hash that keeps places: brightness, contrast and color do not change it, and a part of a picture has a part of it. */
export function sketchOf({ width, height, means, known }: CellMeans): Sketch {
  const count = width * height;
  const [sums, weights] = [new Float32Array(count), new Float32Array(count)];
  const filled = means.map((value, i) => (known[i] === 1 ? value : 0));
  boxMean(filled, width, height, RADIUS, sums);
  boxMean(Float32Array.from(known), width, height, RADIUS, weights);
  const cells = new Int8Array(count);
  for (let i = 0; i < count; i++) {
    if (known[i] !== 1) continue;
    const difference = (means[i] ?? 0) - (sums[i] ?? 0) / Math.max(1e-6, weights[i] ?? 0);
    cells[i] = Math.abs(difference) < LEAST_DIFFERENCE ? 0 : Math.sign(difference);
  }
  return { width, height, cells };
}

const HEAD_BYTES = 4;
/** Cells a side; the canonical copy of any picture that can be marked has fewer. */
const MAX_SIDE = 0xffff;

/** Width and height in two bytes each, then two bits a cell. */
export function encodeSketch({ width, height, cells }: Sketch): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + Math.ceil(cells.length / 4));
  bytes.writeUInt16BE(width, 0);
  bytes.writeUInt16BE(height, 2);
  for (const [i, cell] of cells.entries()) {
    const at = HEAD_BYTES + (i >> 2);
    bytes[at] = (bytes[at] ?? 0) | ((cell & 3) << (2 * (i & 3)));
  }
  return new Uint8Array(bytes);
}

/** Null when the bytes are no sketch. */
export function decodeSketch(bytes: Uint8Array): Sketch | null {
  if (bytes.length < HEAD_BYTES) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint16(0), view.getUint16(2)];
  if (width > MAX_SIDE || bytes.length !== HEAD_BYTES + Math.ceil((width * height) / 4)) return null;
  const cells = new Int8Array(width * height);
  for (let i = 0; i < cells.length; i++) {
    const bits = ((bytes[HEAD_BYTES + (i >> 2)] ?? 0) >> (2 * (i & 3))) & 3;
    cells[i] = bits === 3 ? -1 : bits;
  }
  return { width, height, cells };
}
