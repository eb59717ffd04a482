import { type ByteView, TruncatedFile } from './byte-view.ts';
import { type ContainerReport, type FileProblem, malformed } from './container-report.ts';
import { collectExif } from './exif.ts';
import { TextCollector } from './text-collector.ts';
import { collectXmpAnywhere } from './xmp.ts';

const IMAGE_WIDTH = 256;
const IMAGE_LENGTH = 257;
const MAX_PAGES = 4096;

interface Directory {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Offset of the next directory, 0 after the last. */
  readonly next: number;
}

/** Reads the chain of image file directories (TIFF 6.0, section 2). Every directory counts as a frame. */
export function readTiff(view: ByteView): ContainerReport {
  const collector = new TextCollector();
  const problems: FileProblem[] = [];
  const directories = readDirectories(view);
  const widthPx = directories.reduce((widest, page) => Math.max(widest, page.widthPx), 0);
  const heightPx = directories.reduce((tallest, page) => Math.max(tallest, page.heightPx), 0);
  // The decoder takes every page at the size of the first.
  if (directories.some((page) => page.widthPx !== widthPx || page.heightPx !== heightPx)) problems.push(malformed('unseen_frames'));
  collectExif(view.bytes, collector);
  collectXmpAnywhere(view.bytes, collector);
  // The parts of a TIFF may lie in any order, so nothing can be told to lie behind it.
  return {
    format: 'tiff',
    widthPx,
    heightPx,
    frames: directories.length,
    endOffset: view.length,
    problems,
    texts: collector.texts,
    labeled: collector.labeled,
  };
}

function readDirectories(view: ByteView): Directory[] {
  const little = view.has(0, 'II');
  const u16 = (at: number) => (little ? view.u16le(at) : view.u16be(at));
  const u32 = (at: number) => (little ? view.u32le(at) : view.u32be(at));
  const seen = new Set<number>();
  const directories: Directory[] = [];
  for (let at = u32(4); at !== 0; ) {
    if (seen.has(at) || directories.length >= MAX_PAGES) throw new TruncatedFile();
    seen.add(at);
    const directory = readDirectory(at, u16, u32);
    directories.push(directory);
    at = directory.next;
  }
  return directories;
}

function readDirectory(at: number, u16: (at: number) => number, u32: (at: number) => number): Directory {
  let widthPx = 0;
  let heightPx = 0;
  const entries = u16(at);
  for (let entry = at + 2; entry < at + 2 + entries * 12; entry += 12) {
    // Type 3 is a 16-bit value in the first two bytes of the field, type 4 fills all four.
    const value = u16(entry + 2) === 3 ? u16(entry + 8) : u32(entry + 8);
    if (u16(entry) === IMAGE_WIDTH) widthPx = value;
    if (u16(entry) === IMAGE_LENGTH) heightPx = value;
  }
  return { widthPx, heightPx, next: u32(at + 2 + entries * 12) };
}
