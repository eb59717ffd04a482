const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
const HEADER_BYTES = 8;

/** In a `uuid` box at the end, where it moves no media data. */
export function withXmpInMp4(mp4: Buffer, xmp: Buffer): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32BE(HEADER_BYTES + XMP_UUID.length + xmp.length, 0);
  head.write('uuid', 4, 'latin1');
  return Buffer.concat([withoutTail(mp4), head, XMP_UUID, xmp]);
}

/** An earlier packet is left out where it is the last box; anywhere else its removal would move media data. */
function withoutTail(mp4: Buffer): Buffer {
  for (let at = 0; at + HEADER_BYTES <= mp4.length; ) {
    const short = mp4.readUInt32BE(at);
    if (short === 0) throw new TypeError('the last box of the MP4 is open-ended');
    const length = short === 1 && at + 16 <= mp4.length ? Number(mp4.readBigUInt64BE(at + 8)) : short;
    const end = at + length;
    if (length < HEADER_BYTES || end > mp4.length) break;
    const isXmp = mp4.toString('latin1', at + 4, at + 8) === 'uuid' && mp4.subarray(at + 8, at + 24).equals(XMP_UUID);
    if (end === mp4.length) return isXmp ? mp4.subarray(0, at) : mp4;
    at = end;
  }
  throw new TypeError('a box of the MP4 reaches beyond the file');
}
