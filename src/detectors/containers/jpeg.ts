import { type ByteView, TruncatedFile } from './byte-view.ts';
import { type ContainerReport, type FileProblem, malformed } from './container-report.ts';
import { collectExif } from './exif.ts';
import { TextCollector } from './text-collector.ts';
import { collectXmp } from './xmp.ts';

const SOS = 0xda;
const EOI = 0xd9;
const COM = 0xfe;
const APP1 = 0xe1;
const APP2 = 0xe2;
const XMP_PREFIX = 'http://ns.adobe.com/xap/1.0/\0';

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Reads the segments of a JPEG (ITU-T T.81, annex B) up to its own EOI; a thumbnail inside EXIF has an EOI of its own
 * that does not count. Pictures that an MPF index (CIPA DC-007) announces behind it are part of the file.
 */
export function readJpeg(view: ByteView): ContainerReport {
  const collector = new TextCollector();
  const problems: FileProblem[] = [];
  const main = walkSegments(view, 0, collector);
  if (main.size === undefined || main.size.heightPx === 0 || main.size.widthPx === 0) problems.push(malformed('header'));
  const endOffset = main.announcesMore ? skipAnnouncedPictures(view, main.endOffset) : main.endOffset;
  const { widthPx, heightPx } = main.size ?? { widthPx: 0, heightPx: 0 };
  return {
    format: 'jpeg',
    widthPx,
    heightPx,
    frames: 1,
    endOffset,
    problems: [...problems, ...collector.problems],
    texts: collector.texts,
  };
}

interface Walk {
  readonly size: Size | undefined;
  readonly endOffset: number;
  readonly announcesMore: boolean;
}

function walkSegments(view: ByteView, start: number, collector: TextCollector): Walk {
  let at = start + 2;
  let size: Size | undefined;
  let announcesMore = false;
  for (;;) {
    if (view.u8(at) !== 0xff) throw new TruncatedFile();
    const marker = view.u8(at + 1);
    if (marker === EOI) return { size, endOffset: at + 2, announcesMore };
    if (marker === 0xff) at += 1;
    else if (standsAlone(marker)) at += 2;
    else {
      const length = view.u16be(at + 2);
      if (length < 2) throw new TruncatedFile();
      const body = view.slice(at + 4, length - 2);
      if (isFrameHeader(marker)) size = larger(size, { heightPx: view.u16be(at + 5), widthPx: view.u16be(at + 7) });
      announcesMore ||= marker === APP2 && body.toString('latin1', 0, 4) === 'MPF\0';
      collectSegment(marker, body, collector);
      at += 2 + length;
      if (marker === SOS) at = endOfScan(view, at);
    }
  }
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function larger(a: Size | undefined, b: Size): Size {
  return a === undefined ? b : { widthPx: Math.max(a.widthPx, b.widthPx), heightPx: Math.max(a.heightPx, b.heightPx) };
}

/** Entropy-coded data runs up to the next 0xFF that is neither stuffed (FF 00), a restart (FF D0–D7) nor fill (FF FF). */
function endOfScan(view: ByteView, from: number): number {
  for (let at = view.bytes.indexOf(0xff, from); at >= 0; at = view.bytes.indexOf(0xff, at)) {
    const next = view.u8(at + 1);
    if (next === 0xff) at += 1;
    else if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
  throw new TruncatedFile();
}

function collectSegment(marker: number, body: Buffer, collector: TextCollector): void {
  if (marker === COM) collector.add(body.toString('utf8'));
  if (marker !== APP1) return;
  if (body.toString('latin1', 0, 6) === 'Exif\0\0') collectExif(body.subarray(6), collector);
  else if (body.toString('latin1', 0, XMP_PREFIX.length) === XMP_PREFIX) collectXmp(body.toString('utf8', XMP_PREFIX.length), collector);
}

/** Steps over further whole JPEGs (gain map, depth map, second lens), each after at most 64 KB of zero padding. */
function skipAnnouncedPictures(view: ByteView, from: number): number {
  let end = from;
  for (;;) {
    let next = end;
    while (next < view.length && next - end < 65_536 && view.u8(next) === 0) next += 1;
    if (!view.has(next, '\xff\xd8\xff')) return end;
    end = walkSegments(view, next, new TextCollector()).endOffset;
  }
}
