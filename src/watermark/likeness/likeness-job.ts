import { type Likeness, likenessOf } from './likeness.ts';
import { decodeSketch } from './sketch.ts';

export interface LikenessInput {
  /** Encoded sketches of pictures that a mark may be of. */
  readonly records: readonly Uint8Array[];
  /** Encoded, of the picture in which the mark was found. */
  readonly seen: Uint8Array;
  readonly inverted: boolean;
}

/** Runs in a worker process: 30 ms of CPU for each record. A sketch that cannot be read says nothing. */
export async function run({ records, seen, inverted }: LikenessInput): Promise<readonly Likeness[]> {
  const shown = decodeSketch(seen);
  return records.map((bytes) => {
    const record = decodeSketch(bytes);
    if (record === null || shown === null) return { verdict: 'unsure', z: 0, cells: 0, agreement: 0 };
    return likenessOf(record, shown, { inverted });
  });
}
