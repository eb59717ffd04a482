import type { ByteRange } from '../active-manifest.ts';
import type { CredentialFormat } from '../image-format.ts';

/**
 * Where a container keeps sizes and offsets that change when a segment is put in or taken out elsewhere, in the order of the file: the size
 * of a RIFF file, item locations and chunk offsets of a BMFF file. Empty for what has none, and for what cannot be followed.
 */
export function movingRanges(file: Buffer, format: CredentialFormat): readonly ByteRange[] {
  if (format === 'webp') return file.length < 12 ? [] : [{ start: 4, end: 8 }];
  return format === 'avif' || format === 'mp4' ? [...offsetTables({ file, boxesLeft: MAX_BOXES }, 0, file.length)] : [];
}

/** Boxes that hold other boxes on the way to an offset table, and how many bytes of their content stand before those. */
const PARENTS: Readonly<Record<string, number>> = { meta: 4, moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0 };
const OFFSET_TABLES: readonly string[] = ['iloc', 'stco', 'co64'];
/** Of a real file hundreds; a hostile one of 50 MB could hold six million. */
const MAX_BOXES = 20_000;
const MAX_DEPTH = 6;
const HEADER_BYTES = 8;
const LONG_HEADER_BYTES = 16;

interface Walk {
  readonly file: Buffer;
  boxesLeft: number;
}

function* offsetTables(walk: Walk, from: number, to: number, depth = 0): Generator<ByteRange> {
  const { file } = walk;
  for (let at = from; at + HEADER_BYTES <= to && walk.boxesLeft-- > 0; ) {
    const { type, start, end } = boxAt(file, at, to);
    if (end > to || end < start) return;
    const skip = PARENTS[type];
    if (OFFSET_TABLES.includes(type)) yield { start, end };
    else if (skip !== undefined && depth < MAX_DEPTH) yield* offsetTables(walk, start + skip, end, depth + 1);
    at = end;
  }
}

/** Where its content begins and ends, ISO 14496-12 §4.2. */
function boxAt(file: Buffer, at: number, to: number) {
  const short = file.readUInt32BE(at);
  const isLong = short === 1 && at + LONG_HEADER_BYTES <= to;
  const length = isLong ? Number(file.readBigUInt64BE(at + HEADER_BYTES)) : short === 0 ? to - at : short;
  return {
    type: file.toString('latin1', at + 4, at + HEADER_BYTES),
    start: at + (isLong ? LONG_HEADER_BYTES : HEADER_BYTES),
    end: at + length,
  };
}
