import type { Sharp } from 'sharp';
import type { Raster } from '../../src/watermark/raster.ts';
import { normalFrom, seededRandom } from '../random.ts';
import { rasterOf, sharpOf, through } from './pixels.ts';

/** What the internet does to a picture. The seed varies what is random in it. */
export type Attack = (raster: Raster, seed: number) => Promise<Raster>;

const file =
  (change: (picture: Sharp) => Sharp): Attack =>
  (raster) =>
    through(change(sharpOf(raster)));
export const pixels =
  (change: (picture: Sharp, raster: Raster) => Sharp): Attack =>
  (raster) =>
    rasterOf(change(sharpOf(raster), raster));
export const chain =
  (...attacks: readonly Attack[]): Attack =>
  async (raster, seed) => {
    let now = raster;
    for (const attack of attacks) now = await attack(now, seed);
    return now;
  };

export const jpeg = (quality: number) => file((picture) => picture.jpeg({ quality }));
export const scaled = (x: number, y = x) =>
  pixels((picture, { width, height }) =>
    picture.resize(Math.round(width * x), Math.round(height * y), { fit: 'fill', kernel: 'lanczos3' }),
  );

/** Keeps a share of the area, of the same shape. */
export const cropped =
  (share: number, where: 'center' | 'random'): Attack =>
  async (raster, seed) => {
    const random = seededRandom(seed);
    const side = Math.sqrt(share);
    const [width, height] = [Math.round(raster.width * side), Math.round(raster.height * side)];
    const place = (room: number) => (where === 'center' ? room >> 1 : Math.floor(random() * (room + 1)));
    return rasterOf(sharpOf(raster).extract({ left: place(raster.width - width), top: place(raster.height - height), width, height }));
  };

/** Turned, and cut to the largest rectangle of the same shape that holds no corner. */
export const rotated =
  (degrees: number): Attack =>
  async (raster) => {
    const { width, height } = raster;
    const angle = (degrees * Math.PI) / 180;
    const share = 1 / Math.max(Math.cos(angle) + (height / width) * Math.sin(angle), Math.cos(angle) + (width / height) * Math.sin(angle));
    const turned = await rasterOf(sharpOf(raster).rotate(degrees, { background: '#000' }));
    const [keptWidth, keptHeight] = [Math.floor(width * share) - 2, Math.floor(height * share) - 2];
    const [left, top] = [(turned.width - keptWidth) >> 1, (turned.height - keptHeight) >> 1];
    return rasterOf(sharpOf(turned).extract({ left, top, width: keptWidth, height: keptHeight }));
  };

export const mapped =
  (map: (value: number) => number): Attack =>
  async (raster) => ({ ...raster, data: new Uint8Array(Uint8ClampedArray.from(raster.data, map)) });

export const noise =
  (sigma: number): Attack =>
  async (raster, seed) => {
    const normal = normalFrom(seededRandom(seed));
    return { ...raster, data: new Uint8Array(Uint8ClampedArray.from(raster.data, (value) => value + sigma * normal())) };
  };

/** The list that the product is held to. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  none: async (raster) => raster,
  'jpeg 90': jpeg(90),
  'jpeg 70': jpeg(70),
  'jpeg 50': jpeg(50),
  'jpeg 30': jpeg(30),
  'jpeg 20': jpeg(20),
  'webp 50': file((picture) => picture.webp({ quality: 50 })),
  'avif 50': file((picture) => picture.avif({ quality: 50, effort: 2 })),
  'resize 0.5': scaled(0.5),
  'resize 0.75': scaled(0.75),
  'resize 1.5': scaled(1.5),
  'resize 0.5, jpeg 70': chain(scaled(0.5), jpeg(70)),
  'resize 0.75, jpeg 50': chain(scaled(0.75), jpeg(50)),
  'crop 75 %, center': cropped(0.75, 'center'),
  'crop 50 %, center': cropped(0.5, 'center'),
  'crop 25 %, center': cropped(0.25, 'center'),
  'crop 75 %, random': cropped(0.75, 'random'),
  'crop 50 %, random': cropped(0.5, 'random'),
  'crop 25 %, random': cropped(0.25, 'random'),
  'blur 1': pixels((picture) => picture.blur(1)),
  'noise 5': noise(5),
  'noise 10': noise(10),
  'brightness 0.8': mapped((value) => value * 0.8),
  'brightness 1.2': mapped((value) => value * 1.2),
  'contrast 0.7': mapped((value) => (value - 128) * 0.7 + 128),
  'contrast 1.3': mapped((value) => (value - 128) * 1.3 + 128),
  'gamma 0.7': mapped((value) => 255 * (value / 255) ** 0.7),
  'gamma 1.4': mapped((value) => 255 * (value / 255) ** 1.4),
  'saturation 0.5': pixels((picture) => picture.modulate({ saturation: 0.5 })),
  'saturation 1.5': pixels((picture) => picture.modulate({ saturation: 1.5 })),
  greyscale: pixels((picture) => picture.greyscale()),
  'rotate 2': rotated(2),
  'rotate 5': rotated(5),
  'rotate 15': rotated(15),
  'rotate 45, canvas': pixels((picture) => picture.rotate(45, { background: '#000' })),
  'rotate 90': pixels((picture) => picture.rotate(90)),
  flip: pixels((picture) => picture.flop()),
  'screenshot: resize 0.6, jpeg 80': chain(scaled(0.6), jpeg(80)),
};
