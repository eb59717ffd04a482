import type { ByteRange } from './active-manifest.ts';
import type { CredentialFormat } from './image-format.ts';

/**
 * Where a file keeps its manifest store: the ranges that, put together, are the store (C2PA 2.4 Annex A). Empty when there is none, or
 * when the container cannot be followed that far; then nothing is claimed about the file. Reads structure only, each byte at most once, and
 * no more than 65,536 parts.
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

/**
 * Chunks, segments, blocks or boxes. Real files have thousands at most; one of 50 MB that was made for it had 25 million, which held the event
 * loop for 7 s and took 1.5 GB. As blocks of a GIF these are a store of 16 MB.
 */
const MAX_PARTS = 65_536;

function inPng(bytes: Buffer): readonly ByteRange[] {
  for (let at = 8, left = MAX_PARTS; at + 12 <= bytes.length && left > 0; left--) {
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
const SEQUENCE_OFFSET = 8;
const BOX_HEADER_BYTES = 8;

/** Of one instance, numbered from one, each with the same box header (ISO 19566-5 Annex D): no hash covers any of this. */
function inJpeg(bytes: Buffer): readonly ByteRange[] {
  const ranges: ByteRange[] = [];
  let first = Buffer.alloc(0);
  for (const { at, end } of app11Segments(bytes)) {
    const start = at + APP11_HEADER_BYTES;
    const head = Buffer.concat([bytes.subarray(at + 4, at + SEQUENCE_OFFSET), bytes.subarray(start, start + BOX_HEADER_BYTES)]);
    if (ranges.length === 0) first = head;
    if (bytes.readUInt32BE(at + SEQUENCE_OFFSET) !== ranges.length + 1 || !head.equals(first)) return [];
    ranges.push({ start: ranges.length === 0 ? start : start + BOX_HEADER_BYTES, end });
  }
  return ranges;
}

function app11Segments(bytes: Buffer): readonly { readonly at: number; readonly end: number }[] {
  const segments: { at: number; end: number }[] = [];
  for (let at = 2, left = MAX_PARTS; at + 4 <= bytes.length && bytes[at] === 0xff; left--) {
    if (left === 0) return [];
    const marker = bytes[at + 1];
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (marker === START_OF_SCAN || end > bytes.length) break;
    const isBox = marker === APP11 && end > at + APP11_HEADER_BYTES + BOX_HEADER_BYTES;
    if (isBox && bytes.toString('latin1', at + 4, at + 6) === 'JP') segments.push({ at, end });
    at = end;
  }
  return segments;
}

function inRiff(bytes: Buffer): readonly ByteRange[] {
  for (let at = 12, left = MAX_PARTS; at + 8 <= bytes.length && left > 0; left--) {
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
    if (at + 1 + length > bytes.length || ranges.length === MAX_PARTS) return [];
    ranges.push({ start: at + 1, end: at + 1 + length });
    at += 1 + length;
  }
}

const C2PA_UUID = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex');
/** Version and flags, all zero, and what the box is for. */
const MANIFEST_HEADER = Buffer.from('\0\0\0\0manifest\0', 'latin1');
/** After the purpose stands the offset of the first Merkle box, or zero. */
const MERKLE_OFFSET_BYTES = 8;

function inBmff(bytes: Buffer): readonly ByteRange[] {
  for (let at = 0, left = MAX_PARTS; at + 8 <= bytes.length && left > 0; left--) {
    const { length, headerBytes } = sizeOf(bytes, at);
    const end = at + length;
    if (length < headerBytes || end > bytes.length) return [];
    if (isC2paBox(bytes, at, headerBytes)) {
      const head = at + headerBytes + C2PA_UUID.length;
      const start = head + MANIFEST_HEADER.length + MERKLE_OFFSET_BYTES;
      if (start <= end && bytes.subarray(head, head + MANIFEST_HEADER.length).equals(MANIFEST_HEADER))
        return leadsToMerkle(bytes, start - MERKLE_OFFSET_BYTES) ? [{ start, end }] : [];
    }
    at = end;
  }
  return [];
}

/** ISO 14496-12 §4.2: 1 announces a long size, 0 the rest of the file. */
function sizeOf(bytes: Buffer, at: number): { readonly length: number; readonly headerBytes: number } {
  const short = bytes.readUInt32BE(at);
  if (short === 1 && at + 16 <= bytes.length) return { length: Number(bytes.readBigUInt64BE(at + 8)), headerBytes: 16 };
  return { length: short === 0 ? bytes.length - at : short, headerBytes: 8 };
}

function isC2paBox(bytes: Buffer, at: number, headerBytes: number): boolean {
  const uuid = at + headerBytes;
  return bytes.toString('latin1', at + 4, at + 8) === 'uuid' && bytes.subarray(uuid, uuid + C2PA_UUID.length).equals(C2PA_UUID);
}

/** No hash covers this field, so it is checked for what it must lead to (C2PA 2.4 Annex A.5). */
function leadsToMerkle(bytes: Buffer, field: number): boolean {
  const at = Number(bytes.readBigUInt64BE(field));
  return at === 0 || (at + 8 <= bytes.length && isC2paBox(bytes, at, 8));
}
