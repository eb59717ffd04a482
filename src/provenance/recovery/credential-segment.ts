import { createHash } from 'node:crypto';
import type { ByteRange } from '../active-manifest.ts';
import { credentialPlace } from '../credential-place.ts';
import type { CredentialFormat } from '../image-format.ts';
import { movingRanges } from './moving-ranges.ts';

/** What a signed file has that a losslessly stripped one lacks. */
export interface CredentialSegment {
  /** The chunk, segments, extension or box of the container, whole. */
  readonly segment: Uint8Array;
  /** Where it begins in the signed file. */
  readonly offset: number;
  /** The bytes of the signed file that a stripper rewrites because others move, one range after the other; see `movingRanges`. */
  readonly moving: Uint8Array;
}

/** The segment of a signed file; null when it carries none, or one in several places. */
export function segmentOf(bytes: Uint8Array, format: CredentialFormat): CredentialSegment | null {
  const file = viewOf(bytes);
  const range = segmentRange(file, format);
  if (range === null) return null;
  const moving = Buffer.concat(movingRanges(file, format).map(({ start, end }) => file.subarray(start, end)));
  return { segment: file.subarray(range.start, range.end), offset: range.start, moving };
}

/**
 * SHA-256, hex, over everything of a file that a lossless stripper leaves alone: without a credential, if there is one, and with zeros where
 * sizes and offsets stand. A signed file and what is left of it when its credential is taken out have the same.
 */
export function strippedDigest(bytes: Uint8Array, format: CredentialFormat): string {
  const file = viewOf(bytes);
  const hash = createHash('sha256');
  const segment = segmentRange(file, format);
  const holes = [
    ...movingRanges(file, format).map((range) => ({ ...range, fill: range.end - range.start })),
    ...(segment === null ? [] : [{ ...segment, fill: 0 }]),
  ].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end, fill } of holes) {
    hash.update(file.subarray(at, start)).update(Buffer.alloc(fill));
    at = end;
  }
  return hash.update(file.subarray(at)).digest('hex');
}

/** Puts a segment into a file, in the place of the one that is there. Null when it does not fit; whether it belongs there, only a digest tells. */
export function withSegment(bytes: Uint8Array, format: CredentialFormat, { segment, offset, moving }: CredentialSegment): Buffer | null {
  const file = viewOf(bytes);
  const old = segmentRange(file, format) ?? { start: 0, end: 0 };
  const rest = [file.subarray(0, old.start), file.subarray(old.end)];
  const length = file.length - (old.end - old.start);
  if (offset > length) return null;
  const bare = Buffer.concat(rest, length);
  const whole = Buffer.concat([bare.subarray(0, offset), segment, bare.subarray(offset)]);
  let at = 0;
  for (const { start, end } of movingRanges(whole, format)) {
    if (at + end - start > moving.length) return null;
    whole.set(moving.subarray(at, at + end - start), start);
    at += end - start;
  }
  return at === moving.length ? whole : null;
}

/** The manifest store inside a segment, as `application/c2pa`. */
export function manifestStoreIn(segment: Uint8Array, format: CredentialFormat): Buffer {
  const file = Buffer.concat([Buffer.alloc(BEFORE_FIRST_PART[format]), segment]);
  return Buffer.concat(credentialPlace(file, format).map(({ start, end }) => file.subarray(start, end)));
}

/** What stands before the first chunk, segment or box of a file, in bytes. */
const BEFORE_FIRST_PART: Readonly<Record<CredentialFormat, number>> = { png: 8, jpeg: 2, webp: 12, gif: 0, avif: 0, mp4: 0 };

/** How much of the container stands around the store (C2PA 2.4 Annex A): `between` two parts of it, in bytes. */
const AROUND: Readonly<Record<CredentialFormat, { readonly before: number; readonly between: number; readonly after: number }>> = {
  png: { before: 8, between: 0, after: 4 },
  jpeg: { before: 12, between: 20, after: 0 },
  webp: { before: 8, between: 0, after: 0 },
  gif: { before: 15, between: 1, after: 1 },
  avif: { before: 45, between: 0, after: 0 },
  mp4: { before: 45, between: 0, after: 0 },
};

function segmentRange(file: Buffer, format: CredentialFormat): ByteRange | null {
  const place = credentialPlace(file, format);
  const [first, last] = [place[0], place.at(-1)];
  if (first === undefined || last === undefined) return null;
  const { before, between, after } = AROUND[format];
  const inOnePiece = place.every(({ start }, i) => i === 0 || start === (place[i - 1]?.end ?? 0) + between);
  const padding = format === 'webp' ? (last.end - first.start) & 1 : 0;
  const range = { start: first.start - before, end: Math.min(last.end + after + padding, file.length) };
  return inOnePiece && range.start >= 0 ? range : null;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
