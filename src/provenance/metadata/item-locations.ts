import { fullBox } from './bmff-box.ts';

interface Change {
  readonly without: ReadonlySet<number>;
  /** Everything at `from` or behind it moves by `shift` bytes. */
  readonly shift: number;
  readonly from: number;
  readonly added: { readonly id: number; readonly offset: number; readonly length: number };
}

/** In bytes. */
interface Widths {
  readonly id: number;
  readonly offset: number;
  readonly length: number;
  readonly base: number;
  readonly index: number;
}

/** Into the file; the other ways of ISO 14496-12 §8.11.3 count from a box that moves along by itself. */
const FROM_FILE_START = 0;

export interface Extent {
  readonly offset: number;
  readonly length: number;
}

/**
 * An `iloc` box anew, without base offsets (c2pa-rs 0.91.3 moves both base and extent of every item but the first when it makes room for a
 * credential, and the picture loses its transparency or more: measured), and with one item more; `freed` is where, in the file as it was, the items stood that were left out.
 * @throws TypeError for widths in which the new place cannot be written
 */
export function itemLocations(content: Buffer, change: Change): { readonly iloc: Buffer; readonly freed: readonly Extent[] } {
  const version = content.readUInt8(0);
  const widths: Widths = {
    id: version < 2 ? 2 : 4,
    offset: content.readUInt8(4) >> 4,
    length: content.readUInt8(4) & 15,
    base: content.readUInt8(5) >> 4,
    index: version === 0 ? 0 : content.readUInt8(5) & 15,
  };
  if (widths.offset < 4 || widths.length < 2) throw new TypeError('the AVIF keeps its locations in too few bytes');
  const reader = readerOf(content, 6);
  const count = reader.next(widths.id);
  const items: Buffer[] = [];
  const freed: Extent[] = [];
  for (let i = 0; i < count; i++) {
    const { id, bytes, extents } = movedItem(reader, { version, widths, change });
    if (change.without.has(id)) freed.push(...extents);
    else items.push(bytes);
  }
  items.push(newItem({ version, widths, change }));
  const sizes = Buffer.from([(widths.offset << 4) | widths.length, widths.index]);
  return { iloc: fullBox('iloc', version, 0, [sizes, number(items.length, widths.id), ...items]), freed };
}

interface Layout {
  readonly version: number;
  readonly widths: Widths;
  readonly change: Change;
}

type Reader = ReturnType<typeof readerOf>;

function movedItem(reader: Reader, { version, widths, change: { shift, from } }: Layout) {
  const id = reader.next(widths.id);
  const construction = version === 0 ? FROM_FILE_START : reader.next(2);
  const dataReference = reader.next(2);
  const base = reader.next(widths.base);
  const extents = Array.from({ length: reader.next(2) }, () => ({
    index: reader.next(widths.index),
    offset: reader.next(widths.offset),
    length: reader.next(widths.length),
  }));
  const inFile = (construction & 15) === FROM_FILE_START;
  const moved = (offset: number) => (inFile && base + offset >= from ? base + offset + shift : base + offset);
  const bytes = Buffer.concat([
    number(id, widths.id),
    ...(version === 0 ? [] : [number(construction, 2)]),
    number(dataReference, 2),
    number(extents.length, 2),
    ...extents.flatMap(({ index, offset, length }) => [
      number(index, widths.index),
      number(moved(offset), widths.offset),
      number(length, widths.length),
    ]),
  ]);
  return { id, bytes, extents: inFile ? extents.map(({ offset, length }) => ({ offset: base + offset, length })) : [] };
}

function newItem({ version, widths, change: { added } }: Layout): Buffer {
  return Buffer.concat([
    number(added.id, widths.id),
    ...(version === 0 ? [] : [number(FROM_FILE_START, 2)]),
    number(0, 2),
    number(1, 2),
    number(0, widths.index),
    number(added.offset, widths.offset),
    number(added.length, widths.length),
  ]);
}

function readerOf(bytes: Buffer, start: number) {
  let at = start;
  return {
    next(width: number): number {
      const value = width === 0 ? 0 : width === 8 ? Number(bytes.readBigUInt64BE(at)) : bytes.readUIntBE(at, width);
      at += width;
      return value;
    },
  };
}

function number(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(width);
  if (width === 8) bytes.writeBigUInt64BE(BigInt(value));
  else if (width > 0) bytes.writeUIntBE(value, 0, width);
  return bytes;
}
