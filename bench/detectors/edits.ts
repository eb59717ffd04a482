import { isSkin, skinToneOf, type Tone, toneAt } from '../../src/detectors/edit-anomaly/skin-tone.ts';
import type { FaceReading } from '../../src/detectors/faces/read-face.ts';
import { type Pyramid, pyramidOf, type Raster } from '../../src/detectors/looking/pyramid.ts';
import { seededRandom } from '../random.ts';

export type Color = readonly [number, number, number];

/** A drawn edit of a portrait, in memory only: flat patches and dyes. No picture is generated, none is kept. */
export interface DrawnEdit {
  readonly name: string;
  /** Whether clothing was replaced by skin. */
  readonly isBared: boolean;
  readonly raster: Raster;
  /** Where the caller let the model paint, a point for each pixel; left out, there is no mask. */
  readonly mask?: Uint8Array;
}

const CLOTHES: Readonly<Record<string, Color>> = { red: [170, 40, 40], beige: [205, 175, 145], blue: [40, 60, 160] };
const lumaOf = ([r, g, b]: Color) => 0.299 * r + 0.587 * g + 0.114 * b;

/** Every edit of one portrait: the garment is what lies below the chin and has not the color of the face. */
export function drawnEdits(raster: Raster, face: FaceReading): DrawnEdit[] {
  const pyramid = pyramidOf(raster);
  const skin = rgbOf(skinToneOf(pyramid, face.place).middle);
  const garment = garmentOf(pyramid, face);
  const random = seededRandom(7);
  const mean = meanLuma(raster, garment);
  const draw = (name: string, isBared: boolean, change: (pixel: Color, x: number) => Color): DrawnEdit => ({
    name,
    isBared,
    raster: changed(raster, garment, change),
  });
  const bared = [
    draw('flat patch of the face’s color', true, () => skin),
    draw('the same, shaded', true, (_, x) => scaled(skin, 1 - (0.25 * Math.abs(x - face.place.centerX)) / face.place.width)),
    draw('the same, noisy', true, () => {
      const by = (random() - 0.5) * 16;
      return [skin[0] + by, skin[1] + by, skin[2] + by];
    }),
  ];
  const dyed = Object.entries({ ...CLOTHES, 'skin-colored': skin }).flatMap(([name, color]) => [
    draw(`dyed ${name}`, false, (pixel) => shifted(color, lumaOf(pixel) - lumaOf(color))),
    draw(`dyed ${name}, as light as that`, false, (pixel) => scaled(color, 1 + (lumaOf(pixel) - mean) / 160)),
    draw(`glazed ${name}`, false, ([r, g, b]) => [0.65 * color[0] + 0.35 * r, 0.65 * color[1] + 0.35 * g, 0.65 * color[2] + 0.35 * b]),
  ]);
  return [...bared, ...dyed, ...maskedEdits(raster, face, { skin, garment })];
}

interface Garment {
  readonly skin: Color;
  readonly garment: Uint8Array;
}

/** Edits that came with a mask: within it, and beyond it. */
function maskedEdits(raster: Raster, face: FaceReading, { skin, garment }: Garment): DrawnEdit[] {
  const { width, height } = raster;
  const background = backgroundOf(raster, face);
  const grey: Color = [120, 130, 140];
  const half = garment.map((one, at) => (Math.floor(at / width) > (height + face.place.centerY + 0.63 * face.place.height) / 2 ? one : 0));
  const mean = meanLuma(raster, garment);
  const dye = (pixel: Color) => scaled(CLOTHES['red'] ?? grey, 1 + (lumaOf(pixel) - mean) / 160);
  const masked = (name: string, isBared: boolean, drawn: Raster, mask: Uint8Array): DrawnEdit => ({ name, isBared, raster: drawn, mask });
  const behind = changed(raster, background, () => grey);
  return [
    masked('mask of the background: background replaced', false, behind, background),
    masked('mask of the clothes: dyed red', false, changed(raster, garment, dye), garment),
    masked('mask of the background: clothes dyed red', false, changed(raster, garment, dye), background),
    masked(
      'mask of the clothes: flat patch',
      true,
      changed(raster, garment, () => skin),
      garment,
    ),
    masked(
      'mask of the background: flat patch instead of clothes',
      true,
      changed(behind, garment, () => skin),
      background,
    ),
    masked(
      'mask of the background: flat patch on the lower half',
      true,
      changed(behind, half, () => skin),
      background,
    ),
  ];
}

/** Whatever lies beside head and shoulders. */
function backgroundOf({ width, height }: Raster, { place }: FaceReading): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const wide = y < place.centerY + 0.6 * place.height ? 0.9 : 1.6;
      mask[y * width + x] = Math.abs(x - place.centerX) > wide * place.width || y < place.centerY - place.height ? 1 : 0;
    }
  return mask;
}

function garmentOf(pyramid: Pyramid, { place }: FaceReading): Uint8Array {
  const tone = skinToneOf(pyramid, place);
  const { width, height, rgb } = pyramid;
  const mask = new Uint8Array(width * height);
  const top = Math.round(place.centerY + 0.63 * place.height);
  for (let y = top; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.abs(x - place.centerX) > 1.5 * place.width) continue;
      const at = y * width + x;
      mask[at] = isSkin(toneAt(Float32Array.from(rgb.subarray(at * 3, at * 3 + 3)), 0), tone) ? 0 : 1;
    }
  }
  return mask;
}

function changed({ width, height, rgb }: Raster, mask: Uint8Array, change: (pixel: Color, x: number) => Color): Raster {
  const out = Uint8Array.from(rgb);
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    const pixel: Color = [rgb[at * 3] ?? 0, rgb[at * 3 + 1] ?? 0, rgb[at * 3 + 2] ?? 0];
    out.set(
      change(pixel, at % width).map((value) => Math.max(0, Math.min(255, Math.round(value)))),
      at * 3,
    );
  }
  return { width, height, rgb: out };
}

function meanLuma({ rgb }: Raster, mask: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < mask.length; at++) {
    if (mask[at] === 0) continue;
    sum += lumaOf([rgb[at * 3] ?? 0, rgb[at * 3 + 1] ?? 0, rgb[at * 3 + 2] ?? 0]);
    count++;
  }
  return sum / Math.max(1, count);
}

const scaled = ([r, g, b]: Color, by: number): Color => [r * by, g * by, b * by];
const shifted = ([r, g, b]: Color, by: number): Color => [r + by, g + by, b + by];

function rgbOf({ y, cb, cr }: Tone): Color {
  const r = y + 1.402 * (cr - 128);
  const b = y + 1.772 * (cb - 128);
  return [r, (y - 0.299 * r - 0.114 * b) / 0.587, b];
}
