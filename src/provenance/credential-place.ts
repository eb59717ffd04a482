import type { ByteRange } from './active-manifest.ts';
import type { CredentialFormat } from './image-format.ts';

/**
 * Where a file keeps its manifest store: the ranges that, put together, are the store (C2PA 2.4 Annex A). Empty when there is none, or
 * when the container cannot be followed that far; then nothing is claimed about the file. Reads structure only, each byte at most once.
 */
export function credentialPlace(bytes: Buffer, format: CredentialFormat): readonly ByteRange[] {
  return PLACES[format](bytes);
}

/** Whether a file carries a manifest store; says nothing about whether it is any good. */
export function carriesCredential(bytes: Uint8Array, format: CredentialFormat): boolean {
  return credentialPlace(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), format).length > 0;
}

const PLACES: Readonly<Record<CredentialFormat, (bytes: Buffer) => readonly ByteRange[]>> = {
  png: inPng,
  jpeg: inJpeg,
  webp: inRiff,
  gif: inGif,
  avif: inBmff,
  mp4: inBmff,
};

function inPng(bytes: Buffer): readonly ByteRange[] {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end + 4 > bytes.length) return [];
    if (bytes.toString('latin1', at + 4, at + 8) === 'caBX') return [{ start: at + 8, end }];
    at = end + 4;
  }
  return [];
}

const APP11 = 0xeb;
const START_OF_SCAN = 0xda;
/** Marker and length (4), `JP` (2), box instance (2), sequence number (4); then the box, whose 8-byte header each segment repeats. */
const APP11_HEADER_BYTES = 12;
const BOX_HEADER_BYTES = 8;

function inJpeg(bytes: Buffer): readonly ByteRange[] {
  const ranges: ByteRange[] = [];
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (marker === START_OF_SCAN || end > bytes.length) break;
    const start = at + APP11_HEADER_BYTES;
    if (marker === APP11 && end > start + BOX_HEADER_BYTES && bytes.toString('latin1', at + 4, at + 6) === 'JP') {
      ranges.push({ start: ranges.length === 0 ? start : start + BOX_HEADER_BYTES, end });
    }
    at = end;
  }
  return ranges;
}

function inRiff(bytes: Buffer): readonly ByteRange[] {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + 8 + length;
    if (end > bytes.length) return [];
    if (bytes.toString('latin1', at, at + 4) === 'C2PA') return [{ start: at + 8, end }];
    at = end + (length & 1);
  }
  return [];
}

const GIF_EXTENSION = Buffer.from('!\xff\x0bC2PA_GIF\x01\x00\x00', 'latin1');

/** The extension stands before the first frame; its data are sub-blocks of up to 255 bytes, each after its length. */
function inGif(bytes: Buffer): readonly ByteRange[] {
  const found = bytes.indexOf(GIF_EXTENSION);
  if (found < 0) return [];
  const ranges: ByteRange[] = [];
  for (let at = found + GIF_EXTENSION.length; ; ) {
    const length = bytes[at] ?? 0;
    if (length === 0) return ranges;
    if (at + 1 + length > bytes.length) return [];
    ranges.push({ start: at + 1, end: at + 1 + length });
    at += 1 + length;
  }
}

const C2PA_UUID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
const MANIFEST_PURPOSE = Buffer.from('manifest\0');
/** After the purpose stands the offset of the first Merkle box. */
const MERKLE_OFFSET_BYTES = 8;

function inBmff(bytes: Buffer): readonly ByteRange[] {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const isLong = short === 1 && at + 16 <= bytes.length;
    const length = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    const end = at + length;
    if (length < 8 || end > bytes.length) return [];
    const uuid = at + (isLong ? 16 : 8);
    const purpose = uuid + C2PA_UUID.length + 4;
    const isOurs =
      bytes.toString('latin1', at + 4, at + 8) === 'uuid' &&
      bytes.subarray(uuid, uuid + C2PA_UUID.length).equals(C2PA_UUID) &&
      bytes.subarray(purpose, purpose + MANIFEST_PURPOSE.length).equals(MANIFEST_PURPOSE);
    if (isOurs) return [{ start: purpose + MANIFEST_PURPOSE.length + MERKLE_OFFSET_BYTES, end }];
    at = end;
  }
  return [];
}
