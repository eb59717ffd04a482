import { isSkin, type SkinTone, type Tone } from './skin-tone.ts';
import { GRID, type Torso } from './torso.ts';

export interface Bared {
  /** Share of the body, as far as the picture shows it, that was not skin and is now. */
  readonly becameSkin: number;
  /** How far the folds and edges that were there are still there, 0 to 1: all of them when cloth was only dyed. */
  readonly keptStructure: number;
}

/** Less body than this in the picture says nothing. */
const LEAST_BODY = 0.03;
/** Fewer points than this are specks. */
const LEAST_PATCH = 24;
/** From here on more does not make it more suspicious: a head-and-shoulders portrait shows little of a body, and much background. */
const MUCH_OF_BODY = 0.2;
/** Radius of the surroundings, in points of the grid, from which a point stands out: folds, and lapels. */
const RADII = [2, 6] as const;
/** Below this contrast (of 255) there is no structure that could have been kept. */
const LEAST_CONTRAST = 0.6;

interface Body {
  readonly torso: Torso;
  readonly skin: SkinTone;
}

/** Compares the same body in two pictures; null when too little of it is in both. */
export function baredBetween(before: Body, after: Body): Bared | null {
  const seen = before.torso.inside.map((inside, at) => inside && after.torso.inside[at] === true);
  const bodyPoints = seen.filter(Boolean).length;
  if (bodyPoints < LEAST_BODY * GRID * GRID) return null;
  const became = before.torso.tones.map((tone, at) => {
    const now = after.torso.tones[at];
    return seen[at] === true && now !== undefined && !isSkin(tone, before.skin) && isSkin(now, after.skin);
  });
  const patch = withoutEdge(became);
  const count = patch.filter(Boolean).length;
  if (count < LEAST_PATCH) return { becameSkin: 0, keptStructure: 1 };
  const kept = RADII.map((radius) => correlation(detail(before.torso.tones, patch, radius), detail(after.torso.tones, patch, radius)));
  return { becameSkin: count / bodyPoints, keptStructure: Math.min(1, Math.max(0, ...kept)) };
}

/** Suspicion, 0 to 1. */
export function anomalyOf({ becameSkin, keptStructure }: Bared): number {
  return Math.min(1, becameSkin / MUCH_OF_BODY) * (1 - keptStructure);
}

/** Where old and new meet in one point, both show: such points would tell of structure that is not there any more. */
function withoutEdge(marked: readonly boolean[]): boolean[] {
  return marked.map(
    (isMarked, at) =>
      isMarked && marked[at - 1] === true && marked[at + 1] === true && marked[at - GRID] === true && marked[at + GRID] === true,
  );
}

/** By how much each marked point is lighter than the marked points around it. */
function detail(tones: readonly Tone[], marked: readonly boolean[], radius: number): Float64Array {
  const values: number[] = [];
  for (const [at, isMarked] of marked.entries()) {
    if (isMarked) values.push((tones[at]?.y ?? 0) - surroundings(tones, marked, at, radius));
  }
  return Float64Array.from(values);
}

function surroundings(tones: readonly Tone[], marked: readonly boolean[], at: number, radius: number): number {
  const [row, column] = [Math.floor(at / GRID), at % GRID];
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, row - radius); y <= Math.min(GRID - 1, row + radius); y++) {
    for (let x = Math.max(0, column - radius); x <= Math.min(GRID - 1, column + radius); x++) {
      if (marked[y * GRID + x] !== true) continue;
      sum += tones[y * GRID + x]?.y ?? 0;
      count++;
    }
  }
  return sum / count;
}

/** Pearson's; 0 where either has no contrast to speak of. */
function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    const [x, y] = [value - meanA, (b[at] ?? 0) - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  const least = LEAST_CONTRAST ** 2 * a.length;
  return aa < least || bb < least ? 0 : ab / Math.sqrt(aa * bb);
}
