import { ByteView, TruncatedFile } from './byte-view.ts';
import type { TextCollector } from './text-collector.ts';

/** Fields of words, by tag. */
const DESCRIPTIONS: Readonly<Record<number, string>> = {
  270: 'ImageDescription',
  37510: 'UserComment',
  40091: 'XPTitle',
  40092: 'XPComment',
  40095: 'XPSubject',
};
/** Fields that say what or who made the file, and whose it is. ComfyUI puts whole workflows into them. */
const MAKERS: Readonly<Record<number, string>> = { 271: 'Make', 272: 'Model', 305: 'Software', 315: 'Artist', 33432: 'Copyright' };
const EXIF_IFD = 0x8769;
const MAX_ENTRIES = 512;
const MAX_VALUE_BYTES = 65_536;

interface Tiff {
  readonly view: ByteView;
  readonly u16: (at: number) => number;
  readonly u32: (at: number) => number;
  readonly little: boolean;
}

/**
 * Collects the descriptive text of an EXIF block (CIPA DC-008): ImageDescription, UserComment and the XP… fields of
 * Windows; and what the fields for camera and program say. `tiff` starts at the byte-order mark. A broken block yields what could be read before the break.
 */
export function collectExif(tiff: Uint8Array, collector: TextCollector): void {
  const view = new ByteView(tiff);
  const little = view.has(0, 'II*\0');
  if (!little && !view.has(0, 'MM\0*')) return;
  const source: Tiff = {
    view,
    little,
    u16: (at) => (little ? view.u16le(at) : view.u16be(at)),
    u32: (at) => (little ? view.u32le(at) : view.u32be(at)),
  };
  try {
    const sub = collectDirectory(source, source.u32(4), collector);
    if (sub !== undefined) collectDirectory(source, sub, collector);
  } catch (error) {
    if (!(error instanceof TruncatedFile)) throw error;
  }
}

/** Returns the offset of the EXIF sub-directory, when this directory names one. */
function collectDirectory(source: Tiff, at: number, collector: TextCollector): number | undefined {
  const entries = Math.min(source.u16(at), MAX_ENTRIES);
  let sub: number | undefined;
  for (let i = 0; i < entries; i++) {
    const entry = at + 2 + i * 12;
    const tag = source.u16(entry);
    if (tag === EXIF_IFD) sub = source.u32(entry + 8);
    const description = DESCRIPTIONS[tag];
    const maker = MAKERS[tag];
    if (description !== undefined) collector.add(decode(source, description, entry), `exif:${description}`);
    else if (maker !== undefined) collector.note(`exif:${maker}`, decode(source, maker, entry));
  }
  return sub;
}

function decode(source: Tiff, name: string, entry: number): string {
  const bytes = value(source, entry);
  if (name === 'UserComment') return decodeUserComment(bytes, source.little);
  return (name.startsWith('XP') ? new TextDecoder('utf-16le').decode(bytes) : bytes.toString('utf8')).replaceAll('\0', ' ');
}

/** The value bytes: in the entry itself up to four bytes, elsewhere in the block otherwise. */
function value(source: Tiff, entry: number): Buffer {
  const count = Math.min(source.u32(entry + 4), MAX_VALUE_BYTES);
  return count <= 4 ? source.view.slice(entry + 8, count) : source.view.slice(source.u32(entry + 8), count);
}

/** Eight bytes name the character code, then the text. A1111 writes UNICODE, in either byte order. */
function decodeUserComment(comment: Buffer, little: boolean): string {
  const text = comment.subarray(8);
  if (!comment.toString('latin1', 0, 7).startsWith('UNICODE')) return text.toString('utf8').replaceAll('\0', ' ');
  const firstIsZero = text[0] === 0;
  const secondIsZero = text[1] === 0;
  const bigEndian = firstIsZero === secondIsZero ? !little : firstIsZero;
  return new TextDecoder(bigEndian ? 'utf-16be' : 'utf-16le').decode(text).replaceAll('\0', ' ');
}
