import { homeOf } from '../kernels/kernel-memory.ts';
import { pooledIn } from '../kernels/whitened-spectrum.ts';
import { type Harmonic, TILE } from '../mark/layout.ts';
import type { Plane } from '../raster.ts';
import { searchStretches } from './aspect-search.ts';
import { fitMap } from './fit-map.ts';
import { inverseOf, type LinearMap } from './linear-map.ts';
import { maxPool } from './max-pool.ts';
import { type PowerSpectrum, powerSpectrum } from './power-spectrum.ts';
import { GREATEST_SCALE, highestFrequency, leastScaleFor, STEP } from './search-grid.ts';
import { searchSimilarities } from './similarity-search.ts';
import { withSpectrumTools } from './spectrum-tools.ts';

/** How many places of the coarse grids are looked at closely, and how many of those are tried. */
const CLOSE_LOOKS = 160;
const UPRIGHT_TRIED = 3;
const SIMILARITIES_TRIED = 6;
const STRETCHES_TRIED = 4;
/** In pictures of fewer pixels the true place stands out less, and a try costs less. */
const SMALL = 300_000;
const MORE_TRIED = 2;
/** Steps to each side, and how many of them make a step of the coarse grid. */
const FINE = 2;
const FINENESS = 2.5;

/** What a search over one picture needs, whatever the key. */
export interface SearchGround {
  readonly spectrum: PowerSpectrum;
  readonly pooled: PowerSpectrum;
  readonly leastScale: number;
  /** How many times as many maps as usual are tried. */
  readonly more: number;
}

/** `pixels`: of the whole canonical picture, of which `plane` may be a part. */
export function searchGroundOf(plane: Plane, pixels: number): SearchGround {
  const leastScale = leastScaleFor(pixels);
  const spectrum = powerSpectrum(plane, highestFrequency(leastScale));
  return { spectrum, pooled: { ...spectrum, values: pooled(spectrum) }, leastScale, more: pixels < SMALL ? MORE_TRIED : 1 };
}

function pooled({ values, columns, down }: PowerSpectrum): Float32Array {
  const memory = homeOf(values);
  if (memory !== undefined) return pooledIn(memory, values, down, columns);
  const out = new Float32Array(values.length);
  maxPool(values, down, columns, new Float32Array(values.length), out);
  return out;
}

/** Maps worth trying, likeliest first; what comes late is computed late. */
export function* candidateMaps(
  ground: SearchGround,
  sync: readonly Harmonic[],
  { stretches }: { readonly stretches: boolean },
): Generator<LinearMap> {
  yield* bestOf(uprightMaps(ground.leastScale), aroundUpright, ground.spectrum, sync, UPRIGHT_TRIED * ground.more);
  const similar = searchSimilarities(ground.pooled, sync, ground.leastScale, CLOSE_LOOKS).map(({ scale, angle }) =>
    inverseOf(scale, scale, angle),
  );
  yield* bestOf(similar, around, ground.spectrum, sync, SIMILARITIES_TRIED * ground.more);
  if (!stretches) return;
  const stretched = searchStretches(ground.pooled, sync, ground.leastScale, CLOSE_LOOKS).map(({ scaleX, scaleY }) =>
    inverseOf(scaleX, scaleY, 0),
  );
  yield* bestOf(stretched, aroundStretch, ground.spectrum, sync, STRETCHES_TRIED * ground.more);
}

/** Shows a map's neighbors, itself among them. As numbers: there are thousands, and nearly all are forgotten at once. */
type Neighbors = (map: LinearMap, visit: (xx: number, xy: number, yx: number, yy: number) => void) => void;

/** Looks closely around each map, fits the best to the peaks, and leaves out those that came to the same. */
function bestOf(
  maps: readonly LinearMap[],
  neighbors: Neighbors,
  spectrum: PowerSpectrum,
  sync: readonly Harmonic[],
  count: number,
): LinearMap[] {
  const looked = withSpectrumTools(spectrum, (tools) => {
    const places = tools.places(sync.map(({ u, v }) => [u / TILE, v / TILE]));
    return maps.map((map) => {
      let best = { map, power: 0 };
      neighbors(map, (xx, xy, yx, yy) => {
        // Frequencies are mapped by the transpose.
        const power = places.powerUnder(xx, yx, xy, yy);
        if (power > best.power) best = { map: { xx, xy, yx, yy }, power };
      });
      return best;
    });
  });
  looked.sort((a, b) => b.power - a.power);
  const chosen: LinearMap[] = [];
  for (const { map } of looked) {
    if (chosen.length === count) break;
    if (!chosen.some((other) => isNear(map, other))) chosen.push(map);
  }
  return chosen.map((map) => fitMap(spectrum, sync, map));
}

/**
 * Every scale of a picture that was not turned, which is what most are. A thousand hypotheses need far less to stand out than the millions of the
 * search over angles.
 */
function uprightMaps(leastScale: number): LinearMap[] {
  const count = Math.ceil(Math.log(GREATEST_SCALE / leastScale) / STEP);
  return Array.from({ length: count }, (_, i) => {
    const scale = leastScale * Math.exp(i * STEP);
    return inverseOf(scale, scale, 0);
  });
}

const aroundUpright: Neighbors = ({ xx }, visit) => {
  for (const grow of UPRIGHT_STEPS) visit(xx * Math.exp(grow), 0, 0, xx * Math.exp(grow));
};

const UPRIGHT_STEPS = [-1 / 3, 0, 1 / 3].map((part) => part * STEP);
const STEPS = Array.from({ length: 2 * FINE + 1 }, (_, i) => ((i - FINE) * STEP) / FINENESS);

const around: Neighbors = (map, visit) => {
  for (const turn of STEPS) {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    for (const grow of STEPS) {
      const f = Math.exp(grow);
      visit(f * (c * map.xx + s * map.yx), f * (c * map.xy + s * map.yy), f * (c * map.yx - s * map.xx), f * (c * map.yy - s * map.xy));
    }
  }
};

const aroundStretch: Neighbors = ({ xx, yy }, visit) => {
  for (const wide of STEPS) for (const tall of STEPS) visit(xx * Math.exp(1.3 * wide), 0, 0, yy * Math.exp(1.3 * tall));
};

/** Closer than a step of the coarse grid. */
function isNear(a: LinearMap, b: LinearMap): boolean {
  const size = Math.hypot(a.xx, a.yx);
  return Math.hypot(a.xx - b.xx, a.xy - b.xy, a.yx - b.yx, a.yy - b.yy) < STEP * size * 1.2;
}
