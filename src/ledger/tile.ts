import { ImprimaturError } from '../contracts/errors.ts';
import { HASH_BYTES } from './merkle.ts';

/** A full tile holds 256 hashes (8192 bytes); a full bundle holds 256 entries. */
export const TILE_WIDTH = 256;

/** Levels above this would need more than 2^53 leaves. */
const MAX_LEVEL = 6;

/** `width` hashes (1–256) of subtrees of 256^level leaves, the first being number `n` × 256 of its level. */
export interface TileRef {
  readonly level: number;
  readonly n: number;
  readonly width: number;
}

/** Entries `n` × 256 up to `n` × 256 + `width`. */
export interface BundleRef {
  readonly level: 'entries';
  readonly n: number;
  readonly width: number;
}

/** 1234067 → `x001/x234/067`: no directory has more than a thousand names (C2SP tlog-tiles). */
function formatNumber(n: number): string {
  let path = String(n % 1000).padStart(3, '0');
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  return path;
}

/** `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, C2SP tlog-tiles. */
export function tilePath({ level, n, width }: TileRef | BundleRef): string {
  return `tile/${level}/${formatNumber(n)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^tile\/(entries|[0-6])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The inverse of `tilePath`; null for anything that `tilePath` would not have written. */
export function parseTilePath(path: string): TileRef | BundleRef | null {
  const [, level, number, partial] = PATH.exec(path) ?? [];
  if (level === undefined || number === undefined) return null;
  const n = Number(number.replaceAll(/[x/]/g, ''));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  if (!Number.isSafeInteger(n) || width > TILE_WIDTH) return null;
  const ref: TileRef | BundleRef = level === 'entries' ? { level, n, width } : { level: Number(level), n, width };
  return tilePath(ref) === path ? ref : null;
}

/** How many hashes tile `n` of `level` has in a tree of `size` leaves: 0 (not there) to 256 (full). */
export function tileWidth(level: number, n: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - n * TILE_WIDTH));
}

/** Every hash tile of a tree of `size` leaves, lowest level first. */
export function* tilesOf(size: number): Generator<TileRef> {
  for (let level = 0; level <= MAX_LEVEL; level++) {
    for (let n = 0; ; n++) {
      const width = tileWidth(level, n, size);
      if (width === 0) break;
      yield { level, n, width };
    }
  }
}

/** Every entry bundle of a tree of `size` leaves. */
export function* bundlesOf(size: number): Generator<BundleRef> {
  for (let n = 0; n * TILE_WIDTH < size; n++) yield { level: 'entries', n, width: tileWidth(0, n, size) };
}

/** Cuts stored hashes to the width asked for. Throws LEDGER_INVALID when there are fewer: the tile is missing or was cut. */
export function truncateTile(hashes: Uint8Array | undefined, ref: TileRef): Uint8Array {
  const bytes = ref.width * HASH_BYTES;
  if (hashes === undefined || hashes.length < bytes) {
    throw new ImprimaturError('LEDGER_INVALID', { detail: `${tilePath(ref)} has ${hashes?.length ?? 0} of ${bytes} bytes` });
  }
  return hashes.subarray(0, bytes);
}
