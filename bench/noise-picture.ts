import { createCipheriv, createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/**
 * A valid RGB PNG of noise, the same for the same seed. Noise does not compress, so the size of the file is known:
 * 512×640 pixels are 983,040 bytes of pixels and 1.31 MB of base64.
 */
export function noisePicture(widthPx: number, heightPx: number, seed = 'bench'): Buffer {
  const stride = 1 + widthPx * 3;
  const key = createHash('sha256').update(seed).digest();
  const rows = createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(heightPx * stride));
  for (let y = 0; y < heightPx; y++) rows[y * stride] = 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}
