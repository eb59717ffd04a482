const INTRODUCER = Buffer.from('!\xff\x0bXMP DataXMP', 'latin1');
/** Whoever skips sub-blocks from any byte of the packet lands in this ramp and is led to the terminator. */
const TRAILER = Buffer.from([1, ...Array.from({ length: 256 }, (_, i) => 255 - i), 0]);
const LOGICAL_SCREEN_END = 13;

/** In an application extension right after the global color table. */
export function withXmpInGif(gif: Buffer, xmp: Buffer): Buffer {
  if (gif.length < LOGICAL_SCREEN_END || gif.toString('latin1', 0, 4) !== 'GIF8') throw new TypeError('not a GIF');
  const flags = gif.readUInt8(10);
  const start = LOGICAL_SCREEN_END + ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  if (start >= gif.length) throw new TypeError('the GIF ends before its pictures');
  const head = Buffer.from(gif.subarray(0, start));
  // Extensions came with this version.
  head.write('GIF89a', 'latin1');
  return Buffer.concat([head, INTRODUCER, xmp, TRAILER, withoutXmp(gif.subarray(start))]);
}

/** An earlier packet, wherever it stands; only the ramp says where one ends. */
function withoutXmp(rest: Buffer): Buffer {
  const start = rest.indexOf(INTRODUCER);
  const end = start < 0 ? -1 : rest.indexOf(TRAILER, start);
  return end < 0 ? rest : Buffer.concat([rest.subarray(0, start), rest.subarray(end + TRAILER.length)]);
}
