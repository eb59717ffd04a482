import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** Interleaved RGB noise that looks the same on every run: a linear congruential generator (Knuth). */
export function noise(width: number, height: number, seed = 1): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  let state = BigInt(seed);
  for (let i = 0; i < rgb.length; i++) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    rgb[i] = Number(state >> 56n);
  }
  return rgb;
}

/** Overlapping soft blobs: enough structure for a perceptual hash. */
export function blobs(width: number, height: number, seed = 1): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const [u, v] = [x / width, y / height];
      for (let c = 0; c < 3; c++) {
        const wave =
          Math.sin((u * (3 + seed) + c) * 5.1) + Math.cos((v * (2 + seed) - c) * 7.3) + Math.sin((u * 2.7 + v * 4.9 + seed) * 6.1);
        rgb[at + c] = Math.round(127.5 + 42 * wave);
      }
    }
  }
  return rgb;
}

export function picture(rgb: Uint8Array, width: number, height: number): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** An animation whose frames are `frames` pictures of blobs. */
export function animation(width: number, height: number, frames: number): Sharp {
  const stacked = Buffer.concat(Array.from({ length: frames }, (_, i) => blobs(width, height, i + 1)));
  return sharp(stacked, { raw: { width, height: height * frames, channels: 3, pageHeight: height } });
}

export const PNG_SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** One PNG chunk with its length and checksum. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG whose header may say anything. */
export function pngOf({
  width,
  height,
  raw,
  extra = [],
}: {
  width: number;
  height: number;
  raw: Uint8Array;
  extra?: readonly Buffer[];
}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([PNG_SIGNATURE, chunk('IHDR', header), ...extra, chunk('IDAT', deflateSync(raw)), chunk('IEND', Buffer.alloc(0))]);
}

/** A grey PNG of 4 × 4 pixels with further chunks. */
export function smallPng(...extra: readonly Buffer[]): Buffer {
  return pngOf({
    width: 4,
    height: 4,
    raw: Buffer.alloc(4 * 5, 64)
      .fill(0, 0, 1)
      .fill(0, 5, 6)
      .fill(0, 10, 11)
      .fill(0, 15, 16),
    extra,
  });
}

/** A real, empty ZIP with one stored file of no bytes. */
export function smallZip(): Buffer {
  const name = Buffer.from('a.txt');
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(22), Buffer.from([5, 0, 0, 0]), name]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.alloc(24), Buffer.from([5, 0]), Buffer.alloc(16), name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

export const svg = (inner: string, root = 'width="32" height="24"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${root}>${inner}</svg>`);
