import { describe, expect, it } from 'vitest';
import { credentialPlace } from './credential-place.ts';

/** More parts than any real file has, in less than 2 MB. */
const PARTS = 70_000;

function gifInSingleBytes(parts: number): Buffer {
  const file = Buffer.alloc(20 + 2 * parts + 1);
  file.write('GIF89a!\xff\x0bC2PA_GIF\x01\x00\x00', 'latin1');
  for (let at = 20; at < file.length - 1; at += 2) file.writeUInt8(1, at);
  return file;
}

function jpegOfTinySegments(parts: number): Buffer {
  const file = Buffer.alloc(2 + 23 * parts);
  file.writeUInt16BE(0xffd8);
  for (let part = 0; part < parts; part++) {
    const at = 2 + 23 * part;
    file.writeUInt16BE(0xffeb, at);
    file.writeUInt16BE(21, at + 2);
    file.write('JP', at + 4, 'latin1');
    file.writeUInt32BE(part + 1, at + 8);
  }
  return file;
}

/** Before its end stands a real mark of a credential. */
function afterManyParts(first: number, { part, last }: { readonly part: Buffer; readonly last: Buffer }): Buffer {
  return Buffer.concat([Buffer.alloc(first), ...Array.from({ length: PARTS }, () => part), last]);
}

describe('a file that is cut into as many parts as fit', () => {
  it('is not followed when a GIF holds its credential in single bytes', () => {
    expect(credentialPlace(gifInSingleBytes(1_000), 'gif')).toHaveLength(1_000);
    expect(credentialPlace(gifInSingleBytes(PARTS), 'gif')).toEqual([]);
  });

  it('is not followed when a JPEG holds its credential in segments of one byte', () => {
    expect(credentialPlace(jpegOfTinySegments(1_000), 'jpeg')).toHaveLength(1_000);
    expect(credentialPlace(jpegOfTinySegments(PARTS), 'jpeg')).toEqual([]);
  });

  it('is not followed to a credential behind more chunks than a PNG or WebP has', () => {
    const chunk = Buffer.from('\0\0\0\0tEXt\0\0\0\0', 'latin1');
    expect(credentialPlace(afterManyParts(8, { part: chunk, last: Buffer.from('\0\0\0\x01caBXx\0\0\0\0', 'latin1') }), 'png')).toEqual([]);
    const riff = Buffer.from('JUNK\0\0\0\0', 'latin1');
    expect(credentialPlace(afterManyParts(12, { part: riff, last: Buffer.from('C2PA\x02\0\0\0xx', 'latin1') }), 'webp')).toEqual([]);
  });
});
