import { orientationOnly } from './orientation.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const LAST_APP = 0xef;
const COMMENT = 0xfe;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = 0xd9;
const FIRST_RESTART = 0xd0;
const LAST_RESTART = 0xd7;
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const EXIF = 'Exif\0\0';
/** Colors: the profile, and what Adobe's transform is. */
const ICC_PROFILE = 'ICC_PROFILE\0';
const ADOBE = 'Adobe';
const JFIF = 'JFIF\0';

interface Segment {
  readonly marker: number;
  readonly bytes: Buffer;
}

/** In an `APP1` segment after `APP0`, which JFIF wants first. */
export function withXmpInJpeg(jpeg: Buffer, xmp: Buffer): Buffer {
  const { segments, rest } = read(jpeg);
  const kept = segments.flatMap(needed);
  const after = kept.findLastIndex(({ marker }) => marker === APP0) + 1;
  const packet = segmentOf(APP1, Buffer.concat([Buffer.from(XMP, 'latin1'), xmp]));
  return Buffer.concat([
    jpeg.subarray(0, 2),
    ...kept.slice(0, after).map(({ bytes }) => bytes),
    packet,
    ...kept.slice(after).map(({ bytes }) => bytes),
    rest,
  ]);
}

/** The segments before the first scan, and all scans up to the end of the picture; nothing behind it. */
function read(jpeg: Buffer): { readonly segments: readonly Segment[]; readonly rest: Buffer } {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg.readUInt8(at + 1);
    if (marker === START_OF_SCAN) return { segments, rest: jpeg.subarray(at, pictureEnd(jpeg, at)) };
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (end > jpeg.length) break;
    segments.push({ marker, bytes: jpeg.subarray(at, end) });
    at = end;
  }
  throw new TypeError('the JPEG has no scan');
}

/** In a scan, 0xff is followed by zero, a restart marker or more of its kind; anything else ends it (ITU-T T.81 §B.1.1.5). */
function pictureEnd(jpeg: Buffer, firstScan: number): number {
  for (let at = firstScan; at >= 0 && at + 4 <= jpeg.length; ) {
    const scanned = at + 2 + jpeg.readUInt16BE(at + 2);
    at = jpeg.readUInt8(at + 1) === START_OF_SCAN ? markerAfter(jpeg, scanned) : scanned;
    if (at >= 0 && jpeg[at + 1] === END_OF_IMAGE) return at + 2;
  }
  throw new TypeError('the JPEG has no end');
}

function markerAfter(jpeg: Buffer, from: number): number {
  for (let at = jpeg.indexOf(0xff, from); at >= 0; at = jpeg.indexOf(0xff, at + 1)) {
    const next = jpeg[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < FIRST_RESTART || next > LAST_RESTART)) return at;
  }
  return -1;
}

/** What decoding and showing the picture takes. Words stand in comments and in all other application segments. */
function needed(segment: Segment): readonly Segment[] {
  const { marker, bytes } = segment;
  if (marker === COMMENT) return [];
  if (marker < APP0 || marker > LAST_APP) return [segment];
  const isNamed = (name: string) => bytes.toString('latin1', 4, 4 + name.length) === name;
  if (marker === APP0 && isNamed(JFIF)) return [segment];
  if (marker === APP2 && isNamed(ICC_PROFILE)) return [segment];
  if (marker === APP14 && isNamed(ADOBE)) return [segment];
  const turned = marker === APP1 && isNamed(EXIF) ? orientationOnly(bytes.subarray(4)) : null;
  return turned === null ? [] : [{ marker, bytes: segmentOf(APP1, Buffer.concat([Buffer.from(EXIF, 'latin1'), turned])) }];
}

function segmentOf(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}
