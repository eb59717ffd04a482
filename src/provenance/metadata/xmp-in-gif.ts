const INTRODUCER = Buffer.from('!\xff\x0bXMP DataXMP', 'latin1');
/** Whoever skips sub-blocks from any byte of the packet lands in this ramp and is led to the terminator. */
const TRAILER = Buffer.from([1, ...Array.from({ length: 256 }, (_, i) => 255 - i), 0]);
const LOGICAL_SCREEN_END = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const END = 0x3b;
const COMMENT = 0xfe;
const APPLICATION = 0xff;
/** How often the animation runs, and its colors. */
const KEPT: ReadonlySet<string> = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);

/** In an application extension right after the global color table. */
export function withXmpInGif(gif: Buffer, xmp: Buffer): Buffer {
  if (gif.length < LOGICAL_SCREEN_END || gif.toString('latin1', 0, 4) !== 'GIF8') throw new TypeError('not a GIF');
  const start = LOGICAL_SCREEN_END + colorTableBytes(gif.readUInt8(10));
  const head = Buffer.from(gif.subarray(0, start));
  // Extensions came with this version.
  head.write('GIF89a', 'latin1');
  return Buffer.concat([head, INTRODUCER, xmp, TRAILER, ...pictureBlocks(gif, start)]);
}

/** What the animation is shown by; comments and the words of programs are left out. */
function pictureBlocks(gif: Buffer, start: number): readonly Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = start; at < gif.length; ) {
    const kind = gif[at];
    if (kind === END) return [...blocks, gif.subarray(at, at + 1)];
    const end = kind === IMAGE ? imageEnd(gif, at) : kind === EXTENSION ? subBlocksEnd(gif, at + 2) : gif.length + 1;
    if (end > gif.length) break;
    if (kind === IMAGE || isShown(gif, at)) blocks.push(gif.subarray(at, end));
    at = end;
  }
  throw new TypeError('the GIF has no end');
}

function isShown(gif: Buffer, at: number): boolean {
  const label = gif[at + 1];
  return label === APPLICATION ? KEPT.has(gif.toString('latin1', at + 3, at + 14)) : label !== COMMENT;
}

/** Ten bytes of descriptor, a color table, the size of a code, and the codes. */
function imageEnd(gif: Buffer, at: number): number {
  return subBlocksEnd(gif, at + 10 + colorTableBytes(gif[at + 9] ?? 0) + 1);
}

/** Behind the empty sub-block; beyond the file when there is none. */
function subBlocksEnd(gif: Buffer, from: number): number {
  for (let at = from; ; ) {
    const length = gif[at];
    if (length === undefined) return gif.length + 1;
    if (length === 0) return at + 1;
    at += 1 + length;
  }
}

function colorTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
