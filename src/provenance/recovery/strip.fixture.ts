import type { PictureFormat } from '../image-format.ts';
import { segmentOf } from './credential-segment.ts';

/** Takes the credential out as a careful tool does, with its own reading of each container. */
export function strip(signed: Uint8Array, format: PictureFormat): Uint8Array {
  return new Uint8Array(STRIPPERS[format](Buffer.from(signed)));
}

const STRIPPERS: Readonly<Record<PictureFormat, (file: Buffer) => Buffer>> = {
  png: (file) => {
    const kept = [file.subarray(0, 8)];
    for (let at = 8; at < file.length; ) {
      const end = at + 12 + file.readUInt32BE(at);
      if (file.toString('latin1', at + 4, at + 8) !== 'caBX') kept.push(file.subarray(at, end));
      at = end;
    }
    return Buffer.concat(kept);
  },
  jpeg: (file) => {
    const kept = [file.subarray(0, 2)];
    let at = 2;
    while (file[at + 1] !== 0xda) {
      const end = at + 2 + file.readUInt16BE(at + 2);
      if (file[at + 1] !== 0xeb) kept.push(file.subarray(at, end));
      at = end;
    }
    return Buffer.concat([...kept, file.subarray(at)]);
  },
  webp: (file) => {
    const kept: Buffer[] = [];
    for (let at = 12; at < file.length; ) {
      const end = at + 8 + file.readUInt32LE(at + 4) + (file.readUInt32LE(at + 4) & 1);
      if (file.toString('latin1', at, at + 4) !== 'C2PA') kept.push(file.subarray(at, end));
      at = end;
    }
    const body = Buffer.concat(kept);
    const head = Buffer.from(file.subarray(0, 12));
    head.writeUInt32LE(body.length + 4, 4);
    return Buffer.concat([head, body]);
  },
  gif: (file) => {
    const at = file.indexOf('!\xff\x0bC2PA_GIF', 0, 'latin1');
    let end = at + 14;
    while (file[end] !== 0) end += 1 + (file[end] ?? 0);
    return Buffer.concat([file.subarray(0, at), file.subarray(end + 1)]);
  },
  /** With the item locations set back, or the picture would not open; they are of one extent with four bytes in what sharp writes. */
  avif: (file) => {
    const kept = segmentOf(file, 'avif');
    if (kept === null) throw new Error('no credential');
    const bare = Buffer.concat([file.subarray(0, kept.offset), file.subarray(kept.offset + kept.segment.length)]);
    const at = bare.indexOf('iloc') + 4;
    const offsetAt = at + 4 + 2 + 2 + 2 + (bare[at] === 0 ? 0 : 2) + 2 + 2;
    bare.writeUInt32BE(bare.readUInt32BE(offsetAt) - kept.segment.length, offsetAt);
    return bare;
  },
};
