import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { blobs, chunk, PNG_SIGNATURE } from '../../detectors/pictures.fixture.ts';

/** A real picture of soft blobs. */
export async function plainPng(size = 64, seed = 1): Promise<Buffer> {
  return sharp(blobs(size, size, seed), { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}

/** `png` with further chunks behind its header. */
export function withChunks(png: Buffer, ...extra: readonly Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, PNG_SIGNATURE.length + 25), ...extra, png.subarray(PNG_SIGNATURE.length + 25)]);
}

export const textChunk = (keyword: string, text: string) => chunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));
export const xmpChunk = (xmp: string) => chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`));

/** A packet with these properties as elements, in the usual namespaces. */
export function xmpPacket(inner: string): string {
  return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" xmlns:dcterms="http://purl.org/dc/terms/">${inner}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
}

/** Hides `text` in the lowest bits of alpha, as NovelAI does. */
export async function stealthPng(text: string, size = 128): Promise<Buffer> {
  const payload = gzipSync(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length * 8);
  const bits = Buffer.concat([Buffer.from('stealth_pngcomp'), length, payload]);
  const rgb = blobs(size, size);
  const rgba = Buffer.alloc(size * size * 4);
  for (let i = 0; i < size * size; i++) rgba.set([rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!, 255], i * 4);
  for (let i = 0; i < bits.length * 8; i++) {
    const bit = (bits[i >> 3]! >> (7 - (i & 7))) & 1;
    rgba[((i % size) * size + Math.floor(i / size)) * 4 + 3] = 254 | bit;
  }
  return sharp(rgba, { raw: { width: size, height: size, channels: 4 } })
    .png()
    .toBuffer();
}

/** Marks RGB pixels with the published dwtDct encoder: the largest low-band coefficient but the first of each block of U is quantized. */
export function dwtDctMarked(rgb: Uint8Array, width: number, height: number, bits: readonly number[]): Buffer {
  const pixels = width * height;
  const [y, u, v] = [new Float64Array(pixels), new Float64Array(pixels), new Float64Array(pixels)];
  for (let i = 0; i < pixels; i++) {
    const [r, g, b] = [rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!];
    y[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    u[i] = Math.round(0.492 * (b - y[i]!) + 128);
    v[i] = Math.round(0.877 * (r - y[i]!) + 128);
  }
  let block = 0;
  for (let row = 0; row < Math.floor(height / 8); row++) {
    for (let column = 0; column < Math.floor(width / 8); column++, block++) {
      let best = -1;
      let bestAt = 0;
      for (let i = 1; i < 16; i++) {
        const at = (row * 8 + (i >> 2) * 2) * width + column * 8 + (i & 3) * 2;
        const low = (u[at]! + u[at + 1]! + u[at + width]! + u[at + width + 1]!) / 2;
        if (low > best) [best, bestAt] = [low, at];
      }
      const wanted = (Math.floor(best / 36) + 0.25 + 0.5 * bits[block % bits.length]!) * 36;
      for (const at of [bestAt, bestAt + 1, bestAt + width, bestAt + width + 1]) u[at] = Math.trunc(u[at]! + (wanted - best) / 2);
    }
  }
  const out = Buffer.alloc(pixels * 3);
  const byte = (value: number) => Math.min(255, Math.max(0, Math.round(value)));
  for (let i = 0; i < pixels; i++) {
    const [du, dv] = [u[i]! - 128, v[i]! - 128];
    out.set([byte(y[i]! + 1.14 * dv), byte(y[i]! - 0.395 * du - 0.581 * dv), byte(y[i]! + 2.032 * du)], i * 3);
  }
  return out;
}
