import { crc32 } from 'node:zlib';

const HEADER_END = 33;
const KEYWORD = 'XML:com.adobe.xmp';
/** Where other programs have put XMP before there was a rule. */
const OLD_KEYWORDS = [`${KEYWORD}\0`, 'Raw profile type xmp\0'];
const TEXT_CHUNKS = new Set(['iTXt', 'tEXt', 'zTXt']);

/** In an uncompressed `iTXt` chunk right after the header. */
export function withXmpInPng(png: Buffer, xmp: Buffer): Buffer {
  if (png.length < HEADER_END || png.toString('latin1', 12, 16) !== 'IHDR') throw new TypeError('not a PNG');
  const data = Buffer.concat([Buffer.from(`${KEYWORD}\0\0\0\0\0`, 'latin1'), xmp]);
  return Buffer.concat([png.subarray(0, HEADER_END), chunk('iTXt', data), ...withoutXmp(png)]);
}

function withoutXmp(png: Buffer): readonly Buffer[] {
  const kept: Buffer[] = [];
  let from = HEADER_END;
  for (let at = HEADER_END; at + 12 <= png.length; ) {
    const type = png.toString('latin1', at + 4, at + 8);
    const end = at + 12 + png.readUInt32BE(at);
    if (end > png.length) break;
    if (TEXT_CHUNKS.has(type) && OLD_KEYWORDS.includes(png.toString('latin1', at + 8, png.indexOf(0, at + 8) + 1))) {
      kept.push(png.subarray(from, at));
      from = end;
    }
    if (type === 'IEND') return [...kept, png.subarray(from)];
    at = end;
  }
  throw new TypeError('the PNG has no end');
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
