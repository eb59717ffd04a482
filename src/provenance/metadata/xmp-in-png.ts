import { crc32 } from 'node:zlib';
import { orientationOnly } from './orientation.ts';

const HEADER_END = 33;
const KEYWORD = 'XML:com.adobe.xmp';
/** Of the chunks that a picture can be shown without, those that change how it looks (PNG, third edition, §11.3), and its animation. */
const KEPT: ReadonlySet<string> = new Set('tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(' '));

/** In an uncompressed `iTXt` chunk right after the header. */
export function withXmpInPng(png: Buffer, xmp: Buffer): Buffer {
  if (png.length < HEADER_END || png.toString('latin1', 12, 16) !== 'IHDR') throw new TypeError('not a PNG');
  const data = Buffer.concat([Buffer.from(`${KEYWORD}\0\0\0\0\0`, 'latin1'), xmp]);
  return Buffer.concat([png.subarray(0, HEADER_END), chunk('iTXt', data), ...pictureChunks(png)]);
}

/** What codes the picture, in as few pieces as can be; nothing behind its end. */
function pictureChunks(png: Buffer): readonly Buffer[] {
  const kept: Buffer[] = [];
  let from = HEADER_END;
  for (let at = HEADER_END; at + 12 <= png.length; ) {
    const type = png.toString('latin1', at + 4, at + 8);
    const end = at + 12 + png.readUInt32BE(at);
    if (end > png.length) break;
    if (!(isCritical(type) || KEPT.has(type))) {
      const turned = type === 'eXIf' ? orientationOnly(png.subarray(at + 8, end - 4)) : null;
      kept.push(png.subarray(from, at), ...(turned === null ? [] : [chunk('eXIf', turned)]));
      from = end;
    }
    if (type === 'IEND') return [...kept, png.subarray(from, end)];
    at = end;
  }
  throw new TypeError('the PNG has no end');
}

/** PNG §5.4: a capital first letter. */
function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type);
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
