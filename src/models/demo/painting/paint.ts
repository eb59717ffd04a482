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
  /** Share of the layers, from the back; 1 is the finished picture. */
  readonly finish?: number;
}

/** How much the corners darken, and how strong the grain is (it also hides banding in the sky). */
const VIGNETTE = 0.13;
const GRAIN = 0.016;

/** Paints a picture: RGBA, 8 bits, straight alpha. Cost is about 0.25 µs per pixel. */
export function paint(brief: Brief, { width, height, cutOut = false, moment = 0, finish = 1 }: PaintOptions): Uint8Array {
  const surface: Surface = { width, height, moment, pixels: new Uint8Array(width * height * 4) };
  const layers = compose(surface, brief).filter(({ backdrop }) => !(cutOut && backdrop));
  const shown = layers.slice(0, Math.max(1, Math.ceil(layers.length * finish)));
  const row: Row = new Float32Array(width * 4);
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const layer of shown) layer.paint(row, y);
    develop(surface, row, y, { seed: brief.chance.seed, cutOut });
  }
  return surface.pixels;
}

/** The same picture as an SVG document. */
export function paintSvg(brief: Brief, { width, height, cutOut = false }: PaintOptions): string {
  const surface: Surface = { width, height, moment: 0, pixels: new Uint8Array(0) };
  const body = compose(surface, brief)
    .filter(({ backdrop }: Layer) => !(cutOut && backdrop))
    .map((layer) => layer.svg())
    .join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n${body}\n</svg>\n`;
}

/** From light to pixels, as a darkroom would: vignette, grain, eight bits. */
function develop({ width, height, pixels }: Surface, row: Row, y: number, { seed, cutOut }: { seed: number; cutOut: boolean }): void {
  const dy = (y / height - 0.5) * 2;
  for (let x = 0; x < width; x++) {
    const from = x * 4;
    const alpha = row[from + 3] ?? 0;
    const to = (y * width + x) * 4;
    if (alpha <= 0) continue;
    const dx = (x / width - 0.5) * 2;
    const edge = cutOut ? 1 : 1 - VIGNETTE * smoothstep(0.35, 2, dx * dx + dy * dy);
    const grain = (hashAt(x, y, seed) + hashAt(y, x, seed + 1) - 1) * GRAIN;
    const scale = edge / alpha;
    for (let channel = 0; channel < 3; channel++) {
      pixels[to + channel] = toByte((row[from + channel] ?? 0) * scale + grain);
    }
    pixels[to + 3] = toByte(alpha);
  }
}

function toByte(value: number): number {
  return value <= 0 ? 0 : value >= 1 ? 255 : (value * 255 + 0.5) | 0;
}
