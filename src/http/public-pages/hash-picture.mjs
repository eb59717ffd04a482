// Makes the fingerprint of a picture on the device of its owner. No byte of the picture goes anywhere.
import { shrunk } from './shrink-picture.mjs';

// The server gives its own modules below this address; there is no such folder beside this file.
const pdqModule = (name) => import(new URL(`./pdq/${name}.js`, import.meta.url).href);
const [{ lumaOf }, { formatPdq }, { pdqHash }] = await Promise.all(['luma', 'pdq-bits', 'pdq-hash'].map(pdqModule));

/** The server's: larger pictures are shrunk to this square first. */
const SIDE = 512;
/** Canvases of phones hold no more. */
const MAX_PIXELS = 16_000_000;

/**
 * Eight hashes as hex, as the picture is turned and mirrored, and their quality; or why there are none.
 * @param {Blob} file
 */
export async function hashPicture(file) {
  if (!keepsPixels()) return { kind: 'altered' };
  const pixels = await pixelsOf(file).catch(() => null);
  if (pixels === null) return { kind: 'unreadable' };
  const { rgb, width, height } = pixels;
  const small = width > SIDE || height > SIDE ? shrunk(pixels, SIDE) : { rgb, width, height };
  const { orientations, quality } = pdqHash(lumaOf(small.rgb, small.width, small.height));
  return { kind: 'hashed', pdq: orientations.map(formatPdq), quality };
}

async function pixelsOf(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'default' });
  try {
    const scale = Math.min(1, Math.sqrt(MAX_PIXELS / (bitmap.width * bitmap.height)));
    const [width, height] = [Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))];
    const context = canvasOf(width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, 0, 0, width, height);
    return { rgb: onWhite(context.getImageData(0, 0, width, height).data), width, height };
  } finally {
    bitmap.close();
  }
}

/** As the server shows transparent parts. */
function onWhite(rgba) {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    const alpha = rgba[from + 3];
    for (let color = 0; color < 3; color++) {
      const value = rgba[from + color];
      rgb[to + color] = alpha === 255 ? value : Math.round((value * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

/** Browsers that hide who somebody is change what scripts read from a canvas; a hash of that would be of another picture. */
function keepsPixels() {
  const side = 32;
  const context = canvasOf(side, side);
  const pattern = context.createImageData(side, side);
  for (let i = 0; i < pattern.data.length; i++) pattern.data[i] = i % 4 === 3 ? 255 : (i * 73 + (i >> 5) * 31) & 255;
  context.putImageData(pattern, 0, 0);
  const read = context.getImageData(0, 0, side, side).data;
  return read.every((value, i) => value === pattern.data[i]);
}

function canvasOf(width, height) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  return canvas.getContext('2d', { willReadFrequently: true });
}
