import type { ForeignWatermark } from './file-metadata.ts';

/** Interleaved 8-bit pixels. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Quantization step of the published encoder, on one coefficient of the Haar low band of U. */
const SCALE = 36;
/** A block is 4×4 coefficients, 8×8 pixels. */
const BLOCK = 4;

/** The fixed messages: of CompVis' and Stability's scripts, as ASCII, and of SDXL, as 48 bits. */
const MESSAGES: readonly { readonly variant: ForeignWatermark['variant']; readonly bits: readonly number[] }[] = [
  { variant: 'StableDiffusionV1', bits: bitsOf('StableDiffusionV1') },
  { variant: 'SDV2', bits: bitsOf('SDV2') },
  { variant: 'SDXL', bits: [...'101100111110110010010000011110111011000110011110'].map(Number) },
];

/** What we tolerate as chance that an unmarked picture is called marked, for all three messages together. */
const MAX_FALSE_POSITIVE = 1e-5;
/** Below this no message was embedded well enough to be told from chance: four blocks for each bit of the shortest. */
const MIN_BLOCKS = 128;
/** So many are enough for any of the messages; of larger pictures every nth row of blocks is read (27 → 8 ms at one megapixel). */
const MAX_BLOCKS = 4096;

/**
 * Looks for Stable Diffusion's invisible watermark (dwtDct of ShieldMnt/invisible-watermark, whose "DCT" is not applied): in each 4×4
 * block of the Haar low band of U the largest coefficient but the first is quantized to a quarter (0) or three quarters (1) of a step.
 * Read softly, as the phase within the step, averaged for each bit, mean removed, and correlated with the message.
 *
 * The bound: were the message's signs unrelated to the picture, the chance of a correlation r or more over L bits is at most
 * exp(−L·r²/2) (Hoeffding, for any averages whatever), times the three messages tried. Found on untouched files mostly; a crop, a resize or
 * JPEG removes it. That it is absent says nothing.
 */
export function findStableDiffusionMark(raster: Raster): ForeignWatermark[] {
  const phases = softBits(raster);
  if (phases.index.length < MIN_BLOCKS) return [];
  return MESSAGES.flatMap(({ variant, bits }) => {
    const correlation = correlate(phases, bits);
    const falsePositiveBound = Math.min(1, MESSAGES.length * Math.exp((-bits.length * correlation ** 2) / 2));
    if (correlation <= 0 || falsePositiveBound > MAX_FALSE_POSITIVE) return [];
    return [{ name: 'stable-diffusion' as const, variant, correlation: round(correlation), falsePositiveBound }];
  });
}

interface SoftBits {
  /** Number of each block that was read, in reading order of the whole picture. */
  readonly index: Int32Array;
  /** From −1 (surely 0) to 1 (surely 1). */
  readonly soft: Float64Array;
}

function softBits({ data, width, height, channels }: Raster): SoftBits {
  const columns = Math.floor(width / 4 / 2);
  const rows = Math.floor(height / 4 / 2);
  const every = Math.max(1, Math.ceil((rows * columns) / MAX_BLOCKS));
  const count = Math.ceil(rows / every) * columns;
  const soft = new Float64Array(count);
  const index = new Int32Array(count);
  let read = 0;
  const stride = width * channels;
  const low = new Float64Array(BLOCK * BLOCK);
  for (let row = 0; row < rows; row += every) {
    for (let column = 0; column < columns; column++) {
      const corner = row * 8 * stride + column * 8 * channels;
      for (let i = 0; i < BLOCK * BLOCK; i++) {
        const at = corner + (i >> 2) * 2 * stride + (i & 3) * 2 * channels;
        const sum = chroma(data, at) + chroma(data, at + channels) + chroma(data, at + stride) + chroma(data, at + stride + channels);
        low[i] = sum / 2;
      }
      index[read] = row * columns + column;
      soft[read++] = -Math.sin((2 * Math.PI * (largest(low) % SCALE)) / SCALE);
    }
  }
  return { index, soft };
}

/** U of OpenCV's 8-bit BGR → YUV: 0.492·(B − Y) + 128, rounded. */
function chroma(data: Uint8Array, at: number): number {
  const red = data[at] ?? 0;
  const green = data[at + 1] ?? 0;
  const blue = data[at + 2] ?? 0;
  const luma = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  return Math.min(255, Math.max(0, Math.round(0.492 * (blue - luma) + 128)));
}

/** The reference leaves the first coefficient out. */
function largest(low: Float64Array): number {
  let best = 0;
  for (let i = 1; i < low.length; i++) best = Math.max(best, low[i] ?? 0);
  return best;
}

/** Normalized correlation between the averages for each bit, their mean removed, and the message's signs. */
function correlate({ index, soft }: SoftBits, bits: readonly number[]): number {
  const sums = new Float64Array(bits.length);
  const counts = new Float64Array(bits.length);
  for (let i = 0; i < soft.length; i++) {
    const bit = (index[i] ?? 0) % bits.length;
    sums[bit] = (sums[bit] ?? 0) + (soft[i] ?? 0);
    counts[bit] = (counts[bit] ?? 0) + 1;
  }
  const averages = Array.from(sums, (sum, bit) => sum / Math.max(1, counts[bit] ?? 1));
  const mean = averages.reduce((sum, average) => sum + average, 0) / averages.length;
  let product = 0;
  let energy = 0;
  averages.forEach((average, bit) => {
    product += (average - mean) * (bits[bit] === 1 ? 1 : -1);
    energy += (average - mean) ** 2;
  });
  return energy === 0 ? 0 : product / Math.sqrt(energy * bits.length);
}

function bitsOf(ascii: string): number[] {
  return [...Buffer.from(ascii, 'ascii')].flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
