import sharp from 'sharp';
import type { PictureFormat } from './image-format.ts';
import type { ManifestFacts } from './manifest.ts';

/** Pseudo-random noise, the same every time; it does not compress. */
export function noise(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  let state = 0x2545f491;
  for (let i = 0; i < pixels.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    pixels[i] = state & 0xff;
  }
  return pixels;
}

/** A colored gradient, which compresses as a typical rendered picture does. */
export function gradient(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels[i++] = (x * 255) / width;
      pixels[i++] = (y * 255) / height;
      pixels[i++] = 128 + 100 * Math.sin((x + y) / 40);
    }
  }
  return pixels;
}

export async function picture(format: PictureFormat, size = 64, make = gradient): Promise<Uint8Array> {
  return sharp(make(size, size), { raw: { width: size, height: size, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

export const FACTS: ManifestFacts = {
  generation: 'gen_01j00000000000000000000000',
  artifact: 'art_01j00000000000000000000001',
  decision: 'dec_01j00000000000000000000002',
  policy: { name: 'default', version: '1', digest: `sha256:${'ab'.repeat(32)}` },
  model: { name: 'demo', version: '1.0' },
  promptCommitment: 'hmac-sha256:00112233',
  createdAt: new Date('2026-11-21T12:00:00Z'),
  oversight: 'prompt_guided',
  origin: { kind: 'created' },
};
