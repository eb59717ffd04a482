import { type ByteView, TruncatedFile } from './byte-view.ts';
import { type ContainerReport, type FileProblem, malformed } from './container-report.ts';
import { collectExif } from './exif.ts';
import { TextCollector } from './text-collector.ts';
import { collectXmp } from './xmp.ts';

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Reads the RIFF chunks of a WebP (RFC 9649). The file ends where the RIFF length says, padded to an even byte. */
export function readWebp(view: ByteView): ContainerReport {
  const collector = new TextCollector();
  const problems: FileProblem[] = [];
  const endOffset = 8 + view.u32le(4);
  if (endOffset > view.length) throw new TruncatedFile();
  let size: Size = { widthPx: 0, heightPx: 0 };
  let animationFrames = 0;
  for (let at = 12; at + 8 <= endOffset; ) {
    const type = view.latin1(at, 4);
    const length = view.u32le(at + 4);
    const data = view.slice(at + 8, length);
    if (at + 8 + length > endOffset) problems.push(malformed('chunk_length'));
    const chunkSize = sizeOf(view, type, at + 8);
    size = { widthPx: Math.max(size.widthPx, chunkSize.widthPx), heightPx: Math.max(size.heightPx, chunkSize.heightPx) };
    if (type === 'ANMF') animationFrames += 1;
    if (type === 'EXIF') collectExif(data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data, collector);
    if (type === 'XMP ') collectXmp(data.toString('utf8'), collector);
    at += 8 + length + (length % 2);
  }
  return {
    format: 'webp',
    ...size,
    frames: Math.max(1, animationFrames),
    endOffset: Math.min(view.length, endOffset + (endOffset % 2)),
    problems: [...problems, ...collector.problems],
    texts: collector.texts,
    labeled: collector.labeled,
  };
}

function sizeOf(view: ByteView, type: string, at: number): Size {
  if (type === 'VP8X') return { widthPx: 1 + view.u24le(at + 4), heightPx: 1 + view.u24le(at + 7) };
  if (type === 'VP8 ') return { widthPx: view.u16le(at + 6) & 0x3fff, heightPx: view.u16le(at + 8) & 0x3fff };
  if (type === 'VP8L') {
    const bits = view.u32le(at + 1);
    return { widthPx: 1 + (bits & 0x3fff), heightPx: 1 + ((bits >>> 14) & 0x3fff) };
  }
  return { widthPx: 0, heightPx: 0 };
}
