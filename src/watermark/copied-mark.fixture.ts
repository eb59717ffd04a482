import sharp from 'sharp';
import { decodeRaster } from './decode-raster.ts';
import { texturedPicture } from './pictures.fixture.ts';
import type { Raster } from './raster.ts';
import { boxMean } from './signal/box-mean.ts';
import { canonicalLuma } from './signal/canonical-scale.ts';

const TILE = 128;

/**
 * The copy attack: what an attacker does who knows the algorithm, has one marked picture, and has no key. Detail is what repeats every 128 pixels: its mean over all
 * repetitions is the mark, which is then added to another picture.
 */
export async function copyMark(marked: Uint8Array, onto: 'noise' | Uint8Array, gain = 2.5): Promise<Uint8Array> {
  const source = canonicalLuma(await decodeRaster(marked, 50_000_000));
  const blurred = new Float32Array(source.values.length);
  boxMean(source.values, source.width, source.height, 4, blurred);
  const [sums, counts] = [new Float64Array(TILE * TILE), new Float64Array(TILE * TILE)];
  source.values.forEach((value, i) => {
    const at = (Math.floor(i / source.width) % TILE) * TILE + ((i % source.width) % TILE);
    const detail = Math.min(4, Math.max(-4, value - (blurred[i] ?? 0)));
    sums[at] = (sums[at] ?? 0) + detail;
    counts[at] = (counts[at] ?? 0) + 1;
  });
  const tile = sums.map((sum, i) => sum / Math.max(1, counts[i] ?? 0));
  const rms = Math.sqrt(tile.reduce((sum, value) => sum + value * value, 0) / tile.length);
  const target: Raster = onto === 'noise' ? texturedPicture(1024, 1024, 77) : await decodeRaster(onto, 50_000_000);
  const { width, height, channels } = target;
  const data = target.data.map((value, i) => {
    const pixel = Math.floor(i / channels);
    const at = (Math.floor(pixel / width) % TILE) * TILE + ((pixel % width) % TILE);
    return Math.min(255, Math.max(0, Math.round(value + (gain * (tile[at] ?? 0)) / rms)));
  });
  return new Uint8Array(await sharp(data, { raw: { width, height, channels } }).png().toBuffer());
}
