import sharp from 'sharp';
import type { FileLimits } from '../containers/container-report.ts';
import { readContainer } from '../containers/read-container.ts';
import { squareOf } from '../looking/patch.ts';
import { type Place, type Point, type Pyramid, wholeOf } from '../looking/pyramid.ts';
import { isSkin, type SkinTone, type Tone, toneAt } from './skin-tone.ts';
import { torsoPlaceOf } from './torso.ts';

/** Both pictures and the mask as a grid of so many points a side. */
const MASK_GRID = 48;
/** In points: what is painted blends into what is around it. */
const MARGIN = 3;
/** Less than this outside of the mask says nothing. */
const LEAST_OUTSIDE = 0.05;
/** Difference of a point, 0 to 255, that compression and color correction do not make. */
const CHANGED_FROM = 28;
/** Pictures of another shape do not lie on each other. */
const MOST_STRETCH = 0.02;
const LEAST_SKIN_POINTS = 10;
/** As many points as this share of the face has are much skin. */
const MUCH_OF_FACE = 0.6;

/** What an edit did where it was not asked to do anything. */
export interface Strayed {
  /** Share of what lies outside of the mask that is another picture now. */
  readonly changed: number;
  /** How much of somebody's body there became skin, 0 to 1; 1 is more than half of a face. */
  readonly skin: number;
}

/** Somebody in both pictures. */
export interface SamePerson {
  readonly face: Place;
  readonly before: SkinTone;
  readonly after: SkinTone;
}

/**
 * Where a mask lets an edit be: true where it is more transparent than not, as OpenAI's interface has it. Null: it cannot be read, or leaves no doubt
 * that it means something else (nothing transparent, or everything).
 */
export async function readMask(bytes: Uint8Array, limits: FileLimits): Promise<readonly boolean[] | null> {
  if (readContainer(bytes, limits).kind === 'refused') return null;
  try {
    const alpha = await sharp(bytes, { limitInputPixels: limits.maxPixelsAllFrames })
      .ensureAlpha()
      .extractChannel(3)
      .resize(MASK_GRID, MASK_GRID, { fit: 'fill' })
      .raw()
      .toBuffer();
    const isOpen = Array.from(alpha.subarray(0, MASK_GRID ** 2), (value) => value < 128);
    return isOpen.some(Boolean) && isOpen.some((one) => !one) ? isOpen : null;
  } catch {
    return null;
  }
}

/** Null where the pictures do not lie on each other, or the mask leaves too little outside. */
export function strayedFrom(mask: readonly boolean[], before: Pyramid, after: Pyramid, persons: readonly SamePerson[]): Strayed | null {
  const stretch = (before.width / before.height) * (after.height / after.width);
  if (Math.abs(stretch - 1) > MOST_STRETCH) return null;
  const outside = outsideOf(mask);
  const points = outside.flatMap((isOutside, at) => (isOutside ? [at] : []));
  if (points.length < LEAST_OUTSIDE * MASK_GRID ** 2) return null;
  const tones = (pyramid: Pyramid) => {
    const square = squareOf(pyramid, wholeOf(pyramid), MASK_GRID);
    return points.map((at) => toneAt(square, at));
  };
  const [old, now] = [tones(before), tones(after)];
  const difference = differencesOf(old, now);
  const isChanged = difference.map((value) => value >= CHANGED_FROM);
  const skin = persons.map((person) => {
    const body = torsoPlaceOf(person.face);
    const grown = old.filter((tone, i) => {
      const later = now[i];
      return (
        isChanged[i] === true &&
        isIn(body, pointOf(points[i] ?? 0, before)) &&
        later !== undefined &&
        !isSkin(tone, person.before) &&
        isSkin(later, person.after)
      );
    }).length;
    const facePoints = ((person.face.width * person.face.height) / (before.width * before.height)) * MASK_GRID ** 2;
    return grown < LEAST_SKIN_POINTS ? 0 : Math.min(1, grown / (MUCH_OF_FACE * facePoints));
  });
  return { changed: isChanged.filter(Boolean).length / points.length, skin: Math.max(0, ...skin) };
}

/** In pixels of the picture, the middle of a point of the grid. */
function pointOf(at: number, { width, height }: Pyramid): Point {
  return { x: (((at % MASK_GRID) + 0.5) / MASK_GRID) * width, y: ((Math.floor(at / MASK_GRID) + 0.5) / MASK_GRID) * height };
}

function isIn({ centerX, centerY, width, height, angle }: Place, { x, y }: Point): boolean {
  const [right, down] = [x - centerX, y - centerY];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return Math.abs(right * cos + down * sin) <= width / 2 && Math.abs(down * cos - right * sin) <= height / 2;
}

/** True further from the mask than its margin. */
function outsideOf(mask: readonly boolean[]): boolean[] {
  return mask.map((_, at) => {
    const [row, column] = [Math.floor(at / MASK_GRID), at % MASK_GRID];
    for (let y = Math.max(0, row - MARGIN); y <= Math.min(MASK_GRID - 1, row + MARGIN); y++)
      for (let x = Math.max(0, column - MARGIN); x <= Math.min(MASK_GRID - 1, column + MARGIN); x++)
        if (mask[y * MASK_GRID + x] === true) return false;
    return true;
  });
}

/** The largest of the three channels, once the whole was made as light as before: an edit may be darker everywhere. */
function differencesOf(old: readonly Tone[], now: readonly Tone[]): number[] {
  const gain = median(old.map(({ y }) => y)) / Math.max(1, median(now.map(({ y }) => y)));
  return old.map((tone, i) => {
    const later = now[i] ?? tone;
    return Math.max(Math.abs(later.y * gain - tone.y), 2 * Math.abs(later.cb - tone.cb), 2 * Math.abs(later.cr - tone.cr));
  });
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
