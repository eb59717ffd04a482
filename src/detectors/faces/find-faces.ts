import { letterboxOf, type Place, type Pyramid } from '../looking/pyramid.ts';
import type { Effort } from '../looking/sight.ts';
import { type FaceBox, findFaceBoxes, withoutDoubles } from './face-boxes.ts';
import { type FaceReading, readFace } from './read-face.ts';

/**
 * Places that may be faces, the largest: the time must stay bounded (some 25 ms each). What is left over is told, or whoever draws enough larger faces
 * beside somebody would hide them.
 */
const MAX_PLACES = 32;
/** Overlapping parts of more than half a side, so that no face is cut in all of them. */
const PART = 0.6;
const PARTS_FROM_PX = 512;

export interface FoundFaces {
  readonly faces: readonly FaceReading[];
  /** There are more places that may be faces than were looked at. */
  readonly isCrowded: boolean;
}

/**
 * The faces of one picture, the largest first: found in the whole, and with the picture upside down and in four overlapping parts of it, which finds
 * faces half as large. `standard`: there only when the whole shows no face.
 */
export async function findFaces(pyramid: Pyramid, effort: Effort): Promise<FoundFaces> {
  const whole = letterboxOf(pyramid);
  const first = await findFaceBoxes(pyramid, whole);
  const found = effort === 'thorough' ? undefined : await readFaces(pyramid, first);
  if (found !== undefined && found.faces.length > 0) return found;
  const boxes = [...first];
  for (const place of [{ ...whole, angle: Math.PI }, ...partsOf(pyramid)]) boxes.push(...(await findFaceBoxes(pyramid, place)));
  return readFaces(pyramid, boxes);
}

async function readFaces(pyramid: Pyramid, boxes: readonly FaceBox[]): Promise<FoundFaces> {
  const places = withoutDoubles(boxes).toSorted((a, b) => b.width - a.width);
  const faces: FaceReading[] = [];
  for (const box of places.slice(0, MAX_PLACES)) {
    const face = await readFace(pyramid, box);
    if (face !== undefined) faces.push(face);
  }
  return { faces, isCrowded: places.length > MAX_PLACES };
}

/** None of a picture that the networks see whole at its own size or nearly so. */
function partsOf({ width, height }: Pyramid): Place[] {
  if (Math.max(width, height) <= PARTS_FROM_PX) return [];
  const [partWidth, partHeight] = [width * PART, height * PART];
  const side = Math.max(partWidth, partHeight);
  const centers = [
    [partWidth / 2, partHeight / 2],
    [width - partWidth / 2, partHeight / 2],
    [partWidth / 2, height - partHeight / 2],
    [width - partWidth / 2, height - partHeight / 2],
  ] as const;
  return centers.map(([centerX, centerY]) => ({ centerX, centerY, width: side, height: side, angle: 0 }));
}
