/** A box of ISO 14496-12; offsets are into the bytes that it was read from. */
export interface BmffBox {
  readonly type: string;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

/** The boxes that fill a range. @throws TypeError when they do not */
export function boxesOf(bytes: Buffer, from: number, to = bytes.length): readonly BmffBox[] {
  const boxes: BmffBox[] = [];
  for (let at = from; at < to; ) {
    if (at + HEADER_BYTES > to) throw new TypeError('a box ends before its header');
    const short = bytes.readUInt32BE(at);
    const isLong = short === 1 && at + LONG_HEADER_BYTES <= to;
    const length = isLong ? Number(bytes.readBigUInt64BE(at + HEADER_BYTES)) : short === 0 ? to - at : short;
    const contentStart = at + (isLong ? LONG_HEADER_BYTES : HEADER_BYTES);
    if (at + length > to || at + length < contentStart) throw new TypeError('a box does not fit into its parent');
    boxes.push({ type: bytes.toString('latin1', at + 4, at + HEADER_BYTES), start: at, contentStart, end: at + length });
    at += length;
  }
  return boxes;
}

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32BE(HEADER_BYTES + content.reduce((sum, { length }) => sum + length, 0));
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...content]);
}

/** A box with version and flags. */
export function fullBox(type: string, version: number, flags: number, content: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(version * 2 ** 24 + flags);
  return box(type, head, ...content);
}
