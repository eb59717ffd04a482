import type { Brief } from './brief.ts';
import { hashAt } from './random.ts';
import { compose } from './scene.ts';
import { type Layer, type Row, type Surface, smoothstep } from './surface.ts';

export interface PaintOptions {
  readonly width: number;
  readonly height: number;
  /** Without sky, wall and table. */
  readonly cutOut?: boolean;
  readonly moment?: number;
}

/** How much the corners darken, and how strong the grain is (it also hides banding in the sky). */
const VIGNETTE = 0.13;
const GRAIN = 0.011;
const GRAIN_TILE = 128;

/** Paints a picture: RGBA, 8 bits, straight alpha. Cost is about 0.25 µs per pixel. */
export function paint(brief: Brief, { width, height, cutOut = false, moment = 0 }: PaintOptions): Uint8Array {
  const surface: Surface = { width, height, moment, cutOut, pixels: new Uint8Array(width * height * 4) };
  const layers = compose(surface, brief).filter(({ backdrop }) => !(cutOut && backdrop));
  const row: Row = new Float32Array(width * 4);
  const grain = grainTile(brief.chance.seed);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const layer of layers) layer.paint(row, y);
    develop(surface, row, y, grain);
  }
  return surface.pixels;
}

/** The same picture as an SVG document. */
export function paintSvg(brief: Brief, { width, height, cutOut = false }: PaintOptions): string {
  const surface: Surface = { width, height, moment: 0, cutOut, pixels: new Uint8Array(0) };
  const body = compose(surface, brief)
    .filter(({ backdrop }: Layer) => !(cutOut && backdrop))
    .map((layer) => layer.svg())
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${body}\n</svg>\n`;
}

/** From light to pixels, as a darkroom would: vignette, grain, eight bits. */
function develop({ width, height, pixels, cutOut }: Surface, row: Row, y: number, grain: Float32Array): void {
  const dy = (y / height - 0.5) * 2;
  const grainRow = (y % GRAIN_TILE) * GRAIN_TILE;
  for (let x = 0; x < width; x++) {
    const from = x * 4;
    const alpha = row[from + 3] ?? 0;
    if (alpha <= 0) continue;
    const to = (y * width + x) * 4;
    const dx = (x / width - 0.5) * 2;
    const edge = cutOut ? 1 : 1 - VIGNETTE * smoothstep(0.35, 2, dx * dx + dy * dy);
    const speck = grain[grainRow + (x % GRAIN_TILE)] ?? 0;
    const scale = edge / alpha;
    pixels[to] = toByte((row[from] ?? 0) * scale + speck);
    pixels[to + 1] = toByte((row[from + 1] ?? 0) * scale + speck);
    pixels[to + 2] = toByte((row[from + 2] ?? 0) * scale + speck);
    pixels[to + 3] = toByte(alpha);
  }
}

/** Triangular noise, which hides the banding of a sky best; repeated, which nobody sees. */
function grainTile(seed: number): Float32Array {
  return Float32Array.from({ length: GRAIN_TILE ** 2 }, (_, at) => (hashAt(at, 0, seed) + hashAt(at, 1, seed) - 1) * GRAIN);
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? 255 : (value * 255 + 0.5) | 0;
}
