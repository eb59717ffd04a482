import type { ByteView } from './byte-view.ts';
import { type ContainerReport, type FileProblem, malformed } from './container-report.ts';
import { collectExif } from './exif.ts';
import { TextCollector } from './text-collector.ts';
import { collectXmp } from './xmp.ts';

const SIGNATURE_BYTES = 8;
/** Deflate cannot expand more than this; see RFC 1951 (258 bytes for about two bits). */
const DEFLATE_MAX_RATIO = 1032;
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Reads the chunk list of a PNG (W3C PNG, third edition, clause 5). Throws `TruncatedFile` when a chunk reaches beyond the file. */
export function readPng(view: ByteView): ContainerReport {
  const collector = new TextCollector();
  const problems: FileProblem[] = [];
  if (!(view.u32be(SIGNATURE_BYTES) === 13 && view.has(SIGNATURE_BYTES + 4, 'IHDR'))) problems.push(malformed('header'));
  const widthPx = view.u32be(16);
  const heightPx = view.u32be(20);
  let at = SIGNATURE_BYTES;
  let pixelBytes = 0;
  let animated = false;
  for (let type = ''; type !== 'IEND'; ) {
    const length = view.u32be(at);
    type = view.latin1(at + 4, 4);
    const data = view.slice(at + 8, length);
    view.slice(at + 8 + length, 4);
    at += 12 + length;
    if (type === 'IDAT') pixelBytes += length;
    else if (type === 'fdAT' || type === 'acTL') animated = true;
    else collectChunk({ type, data }, collector);
  }
  // The decoder shows the first frame of an APNG only, so the others would go unseen.
  if (animated) problems.push(malformed('unseen_frames'));
  if (rawBytes(view, widthPx, heightPx) > pixelBytes * DEFLATE_MAX_RATIO + 4096) problems.push(malformed('truncated'));
  return {
    format: 'png',
    widthPx,
    heightPx,
    frames: 1,
    endOffset: at,
    problems: [...problems, ...collector.problems],
    texts: collector.texts,
    labeled: collector.labeled,
  };
}

function rawBytes(view: ByteView, widthPx: number, heightPx: number): number {
  const bitsPerPixel = view.u8(24) * (CHANNELS[view.u8(25)] ?? 1);
  return Math.ceil((widthPx * bitsPerPixel) / 8) * heightPx;
}

function collectChunk({ type, data }: Chunk, collector: TextCollector): void {
  const label = `png:${keywordOf(data)}`;
  if (type === 'tEXt') collector.add(afterNul(data, 0).toString('latin1'), label);
  else if (type === 'zTXt') collector.addDeflated(afterNul(data, 0).subarray(1), 'latin1', (text) => collector.add(text, label));
  else if (type === 'iTXt') collectInternational(data, collector);
  else if (type === 'eXIf') collectExif(data, collector);
}

/** iTXt: keyword, NUL, compression flag, method, language, NUL, translated keyword, NUL, text. */
function collectInternational(data: Buffer, collector: TextCollector): void {
  const keyword = keywordOf(data);
  const rest = afterNul(data, 0);
  const text = afterNul(rest, rest.indexOf(0, 2) < 0 ? rest.length : rest.indexOf(0, 2) + 1);
  const use = (found: string) => (keyword === 'XML:com.adobe.xmp' ? collectXmp(found, collector) : collector.add(found, `png:${keyword}`));
  if (rest[0] === 1) collector.addDeflated(text, 'utf8', use);
  else use(text.toString('utf8'));
}

/** A keyword has at most 79 bytes (clause 11.3.3). */
function keywordOf(data: Buffer): string {
  const head = data.subarray(0, 80);
  return head.subarray(0, Math.max(0, head.indexOf(0))).toString('latin1');
}

function afterNul(data: Buffer, from: number): Buffer {
  const nul = data.indexOf(0, from);
  return nul < 0 ? data.subarray(data.length) : data.subarray(nul + 1);
}
