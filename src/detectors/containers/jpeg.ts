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
    labeled: collector.labeled,
  };
}

interface Walk {
  readonly size: Size | undefined;
  readonly endOffset: number;
  readonly announcesMore: boolean;
}

function walkSegments(view: ByteView, start: number, collector: TextCollector): Walk {
  let size: Size | undefined;
  let announcesMore = false;
  let endOffset = start;
  for (const { marker, body, end } of segments(view, start + 2)) {
    endOffset = end;
    if (isFrameHeader(marker) && body.length >= 5) size = larger(size, { heightPx: body.readUInt16BE(1), widthPx: body.readUInt16BE(3) });
    announcesMore ||= marker === APP2 && body.toString('latin1', 0, 4) === 'MPF\0';
    collectSegment(marker, body, collector);
  }
  return { size, endOffset, announcesMore };
}

interface Segment {
  readonly marker: number;
  readonly body: Buffer;
  /** Offset behind the segment and, after SOS, behind its scan. */
  readonly end: number;
}

/** Yields segments up to EOI, which comes last and is empty. Throws `TruncatedFile` when there is none. */
function* segments(view: ByteView, from: number): Generator<Segment, void> {
  let at = from;
  for (let marker = 0; marker !== EOI; ) {
    if (view.u8(at) !== 0xff) throw new TruncatedFile();
    marker = view.u8(at + 1);
    if (marker === 0xff) at += 1;
    else if (standsAlone(marker)) at += 2;
    else {
      const segment = segmentAt(view, at, marker);
      yield segment;
      at = segment.end;
    }
  }
}

function segmentAt(view: ByteView, at: number, marker: number): Segment {
  if (marker === EOI) return { marker, body: Buffer.alloc(0), end: at + 2 };
  const length = view.u16be(at + 2);
  if (length < 2) throw new TruncatedFile();
  const end = at + 2 + length;
  return { marker, body: view.slice(at + 4, length - 2), end: marker === SOS ? endOfScan(view, end) : end };
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
  if (marker === COM) collector.add(body.toString('utf8'), 'jpeg:comment');
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
