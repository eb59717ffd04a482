import { mirrored, squareOf } from '../looking/patch.ts';
import { type Place, type Point, type Pyramid, pointIn } from '../looking/pyramid.ts';
import { askNetwork } from '../networks/network-session.ts';
import { type FaceBox, findFaceBoxes } from './face-boxes.ts';

/** What the networks read from one face. */
export interface FaceReading {
  /** How sure FaceMesh is that this is a face, 0 to 1. */
  readonly flag: number;
  /** Radians, clockwise on the screen. */
  readonly roll: number;
  /** The face in its own upright frame, in pixels of the picture. */
  readonly place: Place;
  /**
   * Where the tip of the nose lies: how far aside of the middle of the eyes, in distances of the eyes, and how far below it, in distances of eyes and
   * mouth. It moves when the head turns aside or nods.
   */
  readonly facing: { readonly aside: number; readonly down: number };
  /** Apparent age of the face and of its mirror image, in years. */
  readonly ages: readonly [number, number];
  /** 128 numbers, averaged with those of the mirror image; near each other for faces of one person. */
  readonly descriptor: Float32Array;
}

/** Below this FaceMesh does not see a face: cats, cups and cells stay below 0.02, portraits down to 29 pixels above 0.94 (measured). */
const MIN_FLAG = 0.5;
/** A box of BlazeFace goes from brow to chin; these are what the next networks were shown in training, as multiples of it. */
const FLAG_CROP = 1.5;
const LANDMARK_CROP = 1.1;
const TURNED_CROP = 2.5;
const FRAME_CROP = 1.35;
const SIDES = { flag: 192, landmarks: 112, descriptor: 150, age: 112 } as const;

/** Undefined when it is not a face. */
export async function readFace(pyramid: Pyramid, box: FaceBox): Promise<FaceReading | undefined> {
  const upright = rollOf(box);
  const turned = upright + Math.PI;
  const flags = [await flagOf(pyramid, box, upright), await flagOf(pyramid, box, turned)] as const;
  if (!(Math.max(...flags) >= MIN_FLAG)) return undefined;
  const [sure, roll] = flags[0] >= flags[1] ? [box, upright] : await foundTurned(pyramid, box, turned);
  const points = await landmarksOf(pyramid, placeOf(sure, LANDMARK_CROP, roll));
  const { aligned, tight, angle } = framesOf(points);
  // Only of a face do the points make a frame in which it is one again: soft shapes that passed until here end at 0.00.
  const flag = await flagIn(pyramid, squareAround(tight, FRAME_CROP));
  if (!(flag >= MIN_FLAG)) return undefined;
  const face = squareOf(pyramid, aligned, SIDES.descriptor);
  const aged = framedSquare(pyramid, tight, SIDES.age);
  return {
    flag,
    roll: angle,
    place: tight,
    facing: facingOf(points, angle),
    ages: [await ageOf(aged), await ageOf(mirrored(aged))],
    descriptor: await descriptorOf(face),
  };
}

const rollOf = ({ eyes: [first, second] }: FaceBox) => Math.atan2(second.y - first.y, second.x - first.x);

/**
 * A head that stands on its chin is found, but with its mouth taken for its eyes; the right way up FaceMesh is surer (30 of 30 turned
 * portraits). So it is looked for again in its neighborhood, turned.
 */
async function foundTurned(pyramid: Pyramid, box: FaceBox, angle: number): Promise<readonly [FaceBox, number]> {
  const [again] = await findFaceBoxes(pyramid, placeOf(box, TURNED_CROP, angle));
  return again === undefined ? [box, angle] : [again, rollOf(again)];
}

function placeOf({ center, width, height }: FaceBox, factor: number, angle: number): Place {
  return squareAround({ centerX: center.x, centerY: center.y, width, height, angle }, factor);
}

function squareAround(place: Place, factor: number): Place {
  const side = Math.max(place.width, place.height) * factor;
  return { ...place, width: side, height: side };
}

const flagOf = (pyramid: Pyramid, box: FaceBox, roll: number) => flagIn(pyramid, placeOf(box, FLAG_CROP, roll));

async function flagIn(pyramid: Pyramid, place: Place): Promise<number> {
  const outputs = await askNetwork('face-flag', squareOf(pyramid, place, SIDES.flag));
  return outputs('flag')[0] ?? 0;
}

/** 68 points in pixels of the picture, in the order of the iBUG 300-W data set. */
async function landmarksOf(pyramid: Pyramid, place: Place): Promise<Point[]> {
  const outputs = await askNetwork('face-landmarks', squareOf(pyramid, place, SIDES.landmarks));
  const shares = outputs('points');
  return Array.from({ length: 68 }, (_, i) => pointIn(place, shares[2 * i] ?? Number.NaN, shares[2 * i + 1] ?? Number.NaN));
}

/**
 * Where to cut: `aligned` as dlib's network was trained (side = distance of eyes and mouth / 0.45, center at 0.5, 0.43), `tight` the
 * box around all points with a fifth more, as the age network was; both upright in the face's own frame.
 */
function framesOf(points: readonly Point[]): { aligned: Place; tight: Place; angle: number } {
  const [leftEye, rightEye, mouth] = [meanOf(points.slice(36, 42)), meanOf(points.slice(42, 48)), meanOf(points.slice(48, 68))];
  const angle = Math.atan2(rightEye.y - leftEye.y, rightEye.x - leftEye.x);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
  const side = (distance(leftEye, mouth) + distance(rightEye, mouth)) / 2 / 0.45;
  const middle = meanOf([leftEye, rightEye, mouth]);
  const down = (0.5 - 0.43) * side;
  const aligned = { centerX: middle.x - down * sin, centerY: middle.y + down * cos, width: side, height: side, angle };
  const along = points.map(({ x, y }) => x * cos + y * sin);
  const across = points.map(({ x, y }) => -x * sin + y * cos);
  const [u0, u1, v0, v1] = [Math.min(...along), Math.max(...along), Math.min(...across), Math.max(...across)];
  const [u, v] = [(u0 + u1) / 2, (v0 + v1) / 2];
  const tight = { centerX: u * cos - v * sin, centerY: u * sin + v * cos, width: (u1 - u0) * 1.2, height: (v1 - v0) * 1.2, angle };
  return { aligned, tight, angle };
}

/** Point 30 is the tip of the nose. */
function facingOf(points: readonly Point[], angle: number): FaceReading['facing'] {
  const [leftEye, rightEye, mouth] = [meanOf(points.slice(36, 42)), meanOf(points.slice(42, 48)), meanOf(points.slice(48, 68))];
  const [eyes, nose] = [meanOf([leftEye, rightEye]), meanOf(points.slice(30, 31))];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const aside = (nose.x - eyes.x) * cos + (nose.y - eyes.y) * sin;
  const down = (nose.y - eyes.y) * cos - (nose.x - eyes.x) * sin;
  const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);
  return { aside: aside / distance(leftEye, rightEye), down: down / distance(eyes, mouth) };
}

function meanOf(points: readonly Point[]): Point {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}

/** The place without stretching, in the middle of a black square. */
function framedSquare(pyramid: Pyramid, place: Place, side: number): Float32Array {
  const larger = Math.max(place.width, place.height);
  const square = squareOf(pyramid, { ...place, width: larger, height: larger }, side);
  const [marginX, marginY] = [((1 - place.width / larger) / 2) * side, ((1 - place.height / larger) / 2) * side];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const inside = column + 0.5 > marginX && column + 0.5 < side - marginX && row + 0.5 > marginY && row + 0.5 < side - marginY;
      if (!inside) square.fill(0, (row * side + column) * 3, (row * side + column) * 3 + 3);
    }
  }
  return square;
}

const ageOf = async (square: Float32Array) => (await askNetwork('face-age', square))('age')[0] ?? Number.NaN;

/** The mean of the face and its mirror image. */
async function descriptorOf(square: Float32Array): Promise<Float32Array> {
  const both = new Float32Array(2 * square.length);
  both.set(square);
  both.set(mirrored(square), square.length);
  const values = (await askNetwork('face-descriptor', both, 2))('descriptor');
  const other = values.subarray(values.length / 2);
  return values.subarray(0, values.length / 2).map((value, i) => (value + (other[i] ?? Number.NaN)) / 2);
}
