import { orientationOnly } from './orientation.ts';

const HEADER_BYTES = 12;
const HAS_XMP = 0x04;
const HAS_EXIF = 0x08;
const HAS_ALPHA = 0x10;

/** What codes the picture, its animation, its transparency and its colors. */
const KEPT: ReadonlySet<string> = new Set(['VP8X', 'VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** In an `XMP ` chunk at the end, announced in `VP8X` (WebP container specification), which a simple file is given. */
export function withXmpInWebp(webp: Buffer, xmp: Buffer): Buffer {
  const all = read(webp);
  const chunks = all.filter(({ type }) => KEPT.has(type));
  const [first] = chunks;
  if (first === undefined) throw new TypeError('the WebP holds nothing');
  const exif = all.find(({ type }) => type === 'EXIF');
  const turned = exif === undefined ? null : orientationOnly(exif.data);
  const extended = first.type === 'VP8X' ? Buffer.from(first.data) : extendedHeader(first);
  extended.writeUInt8((extended.readUInt8(0) & ~HAS_EXIF) | HAS_XMP | (turned === null ? 0 : HAS_EXIF), 0);
  const rest = first.type === 'VP8X' ? chunks.slice(1) : chunks;
  const words = [...(turned === null ? [] : [{ type: 'EXIF', data: turned }]), { type: 'XMP ', data: xmp }];
  const body = [{ type: 'VP8X', data: extended }, ...rest, ...words].flatMap(write);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + body.reduce((sum, { length }) => sum + length, 0), 4);
  return Buffer.concat([head, ...body]);
}

function read(webp: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = HEADER_BYTES; at + 8 <= webp.length; ) {
    const length = webp.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > webp.length) throw new TypeError('a WebP chunk reaches beyond the file');
    chunks.push({ type: webp.toString('latin1', at, at + 4), data: webp.subarray(at + 8, end) });
    at = end + (length & 1);
  }
  return chunks;
}

function write({ type, data }: Chunk): readonly Buffer[] {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return [head, data, Buffer.alloc(data.length & 1)];
}

/** Canvas size and transparency of a simple file, from its bitstream (RFC 6386 §9.1; WebP lossless §3). */
function extendedHeader({ type, data }: Chunk): Buffer {
  const isLossless = type === 'VP8L';
  if (!isLossless && type !== 'VP8 ') throw new TypeError('the WebP begins with something else than a picture');
  const packed = isLossless ? data.readUInt32LE(1) : 0;
  const [width, height] = isLossless
    ? [(packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1]
    : [data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff];
  const header = Buffer.alloc(10);
  if (isLossless && ((packed >>> 28) & 1) === 1) header.writeUInt8(HAS_ALPHA, 0);
  header.writeUIntLE(width - 1, 4, 3);
  header.writeUIntLE(height - 1, 7, 3);
  return header;
}
