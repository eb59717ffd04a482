const APP0 = 0xe0;
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const EXTENDED_XMP = 'http://ns.adobe.com/xmp/extension/\0';

interface Segment {
  readonly marker: number;
  readonly bytes: Buffer;
}

/** In an `APP1` segment after `APP0`, which JFIF wants first. */
export function withXmpInJpeg(jpeg: Buffer, xmp: Buffer): Buffer {
  const { segments, rest } = read(jpeg);
  const kept = segments.filter((segment) => !isXmp(segment));
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

/** The segments before the scan, and everything from the scan on. */
function read(jpeg: Buffer): { readonly segments: readonly Segment[]; readonly rest: Buffer } {
  const segments: Segment[] = [];
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg.readUInt8(at + 1);
    if (marker === START_OF_SCAN) return { segments, rest: jpeg.subarray(at) };
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    if (end > jpeg.length) break;
    segments.push({ marker, bytes: jpeg.subarray(at, end) });
    at = end;
  }
  throw new TypeError('the JPEG has no scan');
}

function isXmp({ marker, bytes }: Segment): boolean {
  const start = bytes.toString('latin1', 4, 4 + EXTENDED_XMP.length);
  return marker === APP1 && (start.startsWith(XMP) || start === EXTENDED_XMP);
}

function segmentOf(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}
