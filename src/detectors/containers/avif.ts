import { type ByteView, TruncatedFile } from './byte-view.ts';
import { type ContainerReport, type FileProblem, malformed } from './container-report.ts';
import { collectExif } from './exif.ts';
import { TextCollector } from './text-collector.ts';
import { collectXmpAnywhere } from './xmp.ts';

/** Boxes that hold the boxes we look for, with the bytes to skip before their first child. */
const CONTAINER_BOXES: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0 };
const MAX_BOXES = 4096;

interface Sizes {
  widthPx: number;
  heightPx: number;
  boxes: number;
}

/**
 * Reads the boxes of an AVIF (ISO/IEC 23000-22 on ISO/IEC 14496-12): the largest `ispe` is the size. An image sequence
 * (`avis`) is refused, because the decoder shows its first picture only.
 */
export function readAvif(view: ByteView): ContainerReport {
  const collector = new TextCollector();
  const problems: FileProblem[] = [];
  const sizes: Sizes = { widthPx: 0, heightPx: 0, boxes: 0 };
  const endOffset = walkBoxes(view, { from: 0, to: view.length, depth: 0 }, sizes);
  if (view.has(8, 'avis') || view.bytes.includes('moov')) problems.push(malformed('unseen_frames'));
  if (sizes.widthPx === 0 || sizes.heightPx === 0) problems.push(malformed('header'));
  for (const order of ['II*\0', 'MM\0*']) {
    const tiff = view.bytes.indexOf(order, 0, 'latin1');
    if (tiff >= 0) collectExif(view.bytes.subarray(tiff), collector);
  }
  collectXmpAnywhere(view.bytes, collector);
  return {
    format: 'avif',
    widthPx: sizes.widthPx,
    heightPx: sizes.heightPx,
    frames: 1,
    endOffset,
    problems: [...problems, ...collector.problems],
    texts: collector.texts,
    labeled: collector.labeled,
  };
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly depth: number;
}

/** Walks sibling boxes; returns where the last whole one ends. At the top level a box that is no box ends the file. */
function walkBoxes(view: ByteView, { from, to, depth }: Range, sizes: Sizes): number {
  let at = from;
  while (at + 8 <= to) {
    const type = view.latin1(at + 4, 4);
    if (!/^[\w ]{4}$/.test(type)) return at;
    const length = boxLength(view, at, to);
    if (length < 8 || at + length > to) throw new TruncatedFile();
    sizes.boxes += 1;
    if (sizes.boxes > MAX_BOXES) throw new TruncatedFile();
    const skip = CONTAINER_BOXES[type];
    if (skip !== undefined && depth < 4) walkBoxes(view, { from: at + 8 + skip, to: at + length, depth: depth + 1 }, sizes);
    if (type === 'ispe') {
      sizes.widthPx = Math.max(sizes.widthPx, view.u32be(at + 12));
      sizes.heightPx = Math.max(sizes.heightPx, view.u32be(at + 16));
    }
    at += length;
  }
  return at;
}

/** 32-bit length; 0 means "up to the end", 1 announces a 64-bit length, of which the high half must be zero. */
function boxLength(view: ByteView, at: number, to: number): number {
  const short = view.u32be(at);
  if (short === 0) return to - at;
  if (short !== 1) return short;
  if (view.u32be(at + 8) !== 0) throw new TruncatedFile();
  return view.u32be(at + 12);
}
