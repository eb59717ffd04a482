import { squareOf } from '../looking/patch.ts';
import { type Place, type Point, type Pyramid, pointIn } from '../looking/pyramid.ts';
import { askNetwork } from '../networks/network-session.ts';

/** Something that may be a face, in pixels of the picture. */
export interface FaceBox {
  readonly center: Point;
  readonly width: number;
  readonly height: number;
  /** 0 to 1. */
  readonly score: number;
  /** As the person is seen: first the one further left when the face is upright. */
  readonly eyes: readonly [Point, Point];
}

/** BlazeFace looks at 256 × 256 pixels, in cells of 16 pixels with two anchors each and of 32 pixels with six (MediaPipe's layout). */
const SIDE = 256;
const GRIDS = [
  { scores: 'scoresFine', boxes: 'boxesFine', cell: 16, anchors: 2 },
  { scores: 'scoresCoarse', boxes: 'boxesCoarse', cell: 32, anchors: 6 },
] as const;
/** Per anchor: center, size, six points (eyes, nose, mouth, ears), all relative to the middle of the cell. */
const VALUES = 16;

const MIN_SCORE = 0.5;
const MAX_OVERLAP = 0.3;

/** What may be faces in one place of a picture, the surest first; a face that is one is also in here, but not only faces are. */
export async function findFaceBoxes(pyramid: Pyramid, place: Place): Promise<FaceBox[]> {
  const outputs = await askNetwork('face-boxes', squareOf(pyramid, place, SIDE));
  const toPicture = (x: number, y: number): Point => pointIn(place, x / SIDE, y / SIDE);
  const found: FaceBox[] = [];
  for (const { scores, boxes, cell, anchors } of GRIDS) {
    const values = outputs(boxes);
    for (const [anchor, logit] of outputs(scores).entries()) {
      const score = 1 / (1 + Math.exp(-logit));
      if (score < MIN_SCORE) continue;
      const index = Math.floor(anchor / anchors);
      const perRow = SIDE / cell;
      const middle = { x: ((index % perRow) + 0.5) * cell, y: (Math.floor(index / perRow) + 0.5) * cell };
      const value = (at: number) => values[anchor * VALUES + at] ?? Number.NaN;
      const point = (at: number) => toPicture(middle.x + value(at), middle.y + value(at + 1));
      found.push({
        center: point(0),
        width: (value(2) / SIDE) * place.width,
        height: (value(3) / SIDE) * place.height,
        score,
        eyes: [point(4), point(6)],
      });
    }
  }
  return withoutDoubles(found);
}

/** Of boxes that overlap, the surest (non-maximum suppression). */
export function withoutDoubles(boxes: readonly FaceBox[]): FaceBox[] {
  const kept: FaceBox[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => overlap(box, other) <= MAX_OVERLAP)) kept.push(box);
  }
  return kept;
}

/** Shared area by whole area. */
function overlap(a: FaceBox, b: FaceBox): number {
  const along = (from: number, size: number, otherFrom: number, otherSize: number) =>
    Math.max(0, Math.min(from + size / 2, otherFrom + otherSize / 2) - Math.max(from - size / 2, otherFrom - otherSize / 2));
  const shared = along(a.center.x, a.width, b.center.x, b.width) * along(a.center.y, a.height, b.center.y, b.height);
  return shared / (a.width * a.height + b.width * b.height - shared);
}
