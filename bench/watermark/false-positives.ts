import { candidateMaps, searchGroundOf } from '../../src/watermark/read/candidate-maps.ts';
import { SYNC_GATE } from '../../src/watermark/read/false-positives.ts';
import { flatten } from '../../src/watermark/read/flatten.ts';
import { IDENTITY } from '../../src/watermark/read/linear-map.ts';
import { MarkReader } from '../../src/watermark/read/mark-reader.ts';
import { canonicalLuma } from '../../src/watermark/signal/canonical-scale.ts';
import type { NullPicture } from './null-pictures.ts';
import { keyOf } from './robustness.ts';

/** Keys of these trials are none that marked anything. */
const FIRST_KEY = 1_000_000;

export interface NullTally {
  readonly kind: string;
  trials: number;
  accepted: number;
  /** Pictures and keys whose best synchronization passed the gate, so that something was decoded. */
  gatePassed: number;
  greatestZ: number;
}

/** All that `detect` tries on a whole picture, ready for many keys: what does not depend on the key is computed once. */
export function prepareNulls(pictures: readonly NullPicture[]) {
  return pictures.map(({ kind, raster }) => {
    const plane = flatten(canonicalLuma(raster));
    return { kind, plane, ground: searchGroundOf(plane, plane.width * plane.height) };
  });
}

/** Every picture under one random key; adds to the tally of its kind. */
export function tryKey(number: number, prepared: ReturnType<typeof prepareNulls>, tallies: Map<string, NullTally>): void {
  const reader = new MarkReader(keyOf(FIRST_KEY + number));
  for (const { kind, plane, ground } of prepared) {
    reader.forget();
    const tally = tallies.get(kind) ?? { kind, trials: 0, accepted: 0, gatePassed: 0, greatestZ: 0 };
    tallies.set(kind, tally);
    tally.trials++;
    if (reader.read(plane, IDENTITY, SYNC_GATE) !== undefined) tally.accepted++;
    else if (isReadBySearch(reader, plane, ground)) tally.accepted++;
    if (reader.bestZ >= SYNC_GATE) tally.gatePassed++;
    tally.greatestZ = Math.max(tally.greatestZ, reader.bestZ);
  }
}

function isReadBySearch(reader: MarkReader, plane: Parameters<MarkReader['read']>[0], ground: ReturnType<typeof searchGroundOf>): boolean {
  for (const map of candidateMaps(ground, reader.layout.sync, { stretches: true })) {
    if (reader.read(plane, map, SYNC_GATE) !== undefined) return true;
  }
  return false;
}
