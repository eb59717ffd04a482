import { box, fullBox } from './metadata/bmff-box.ts';

const u32 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
};
const u16 = (...values: readonly number[]) => {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, 2 * i);
  return bytes;
};
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/**
 * An MP4 (ISO 14496-12) with one video track of one sample, written without an encoder: the structure is sound, the sample is
 * not a picture. `mdatBytes` sets its size.
 */
export function minimalMp4(mdatBytes = 4096): Buffer {
  const ftyp = box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1'));
  const media = Buffer.alloc(mdatBytes);
  for (let i = 0; i < media.length; i++) media[i] = (i * 31 + (i >> 8)) & 0xff;
  const build = (offset: number) =>
    box(
      'moov',
      fullBox('mvhd', 0, 0, [u32(0, 0, 1000, 1000, 0x10000), u16(0x100, 0), u32(0, 0), MATRIX, u32(0, 0, 0, 0, 0, 0, 2)]),
      track(offset, mdatBytes),
    );
  const moov = build(0);
  return Buffer.concat([ftyp, build(ftyp.length + moov.length + 8), box('mdat', media)]);
}

function track(offset: number, size: number): Buffer {
  const entry = box(
    'mp4v',
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(16),
    u16(64, 64),
    u32(0x480000, 0x480000, 0),
    u16(1),
    Buffer.alloc(32),
    u16(24, 0xffff),
  );
  const table = box(
    'stbl',
    fullBox('stsd', 0, 0, [u32(1), entry]),
    fullBox('stts', 0, 0, [u32(1, 1, 1000)]),
    fullBox('stsc', 0, 0, [u32(1, 1, 1, 1)]),
    fullBox('stsz', 0, 0, [u32(size, 1)]),
    fullBox('stco', 0, 0, [u32(1, offset)]),
  );
  const info = box(
    'minf',
    fullBox('vmhd', 0, 1, [Buffer.alloc(8)]),
    box('dinf', fullBox('dref', 0, 0, [u32(1), fullBox('url ', 0, 1, [])])),
    table,
  );
  return box(
    'trak',
    fullBox('tkhd', 0, 3, [u32(0, 0, 1, 0, 1000, 0, 0), u16(0, 0, 0, 0), MATRIX, u32(64 << 16, 64 << 16)]),
    box(
      'mdia',
      fullBox('mdhd', 0, 0, [u32(0, 0, 1000, 1000), u16(0x55c4, 0)]),
      fullBox('hdlr', 0, 0, [u32(0), Buffer.from('vide'), u32(0, 0, 0), Buffer.from('video\0')]),
      info,
    ),
  );
}
