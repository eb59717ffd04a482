import { candidateMaps, searchGroundOf } from '../../src/watermark/read/candidate-maps.ts';
import { SYNC_GATE } from '../../src/watermark/read/false-positives.ts';
import { flatten } from '../../src/watermark/read/flatten.ts';
import { IDENTITY } from '../../src/watermark/read/linear-map.ts';
import { MarkReader } from '../../src/watermark/read/mark-reader.ts';
import { canonicalLuma } from '../../src/watermark/signal/canonical-scale.ts';
import { keyOf, type Photo } from './robustness.ts';

/** Keys of these trials are none that marked anything. */
const FIRST_KEY = 1_000_000;

export interface FalsePositives {
  trials: number;
  accepted: number;
  /** Pictures and keys whose best synchronization passed the gate, so that something was decoded. */
  gatePassed: number;
  greatestZ: number;
}

/** Every picture under `keys` random keys: all that `detect` tries on a whole picture. Spectra are computed once a picture. */
export function countFalsePositives(
  photos: readonly Photo[],
  { keys, from, onTrial }: { readonly keys: number; readonly from: number; readonly onTrial: () => void },
): FalsePositives {
  const result: FalsePositives = { trials: 0, accepted: 0, gatePassed: 0, greatestZ: 0 };
  const grounds = photos.map(({ raster }) => {
    const plane = flatten(canonicalLuma(raster));
    return { plane, ground: searchGroundOf(plane, plane.width * plane.height) };
  });
  for (let number = from; number < from + keys; number++) {
    const reader = new MarkReader(keyOf(FIRST_KEY + number));
    for (const { plane, ground } of grounds) {
      reader.forget();
      const maps = [IDENTITY, ...candidateMaps(ground, reader.layout.sync, { stretches: true })];
      result.trials++;
      if (maps.some((map) => reader.read(plane, map, SYNC_GATE) !== undefined)) result.accepted++;
      if (reader.bestZ >= SYNC_GATE) result.gatePassed++;
      result.greatestZ = Math.max(result.greatestZ, reader.bestZ);
      onTrial();
    }
  }
  return result;
}
