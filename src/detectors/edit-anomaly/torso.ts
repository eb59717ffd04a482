import { squareOf } from '../looking/patch.ts';
import { type Place, type Pyramid, pointIn } from '../looking/pyramid.ts';
import { type Tone, toneAt } from './skin-tone.ts';

/** The part of a picture below a face, as a grid of `GRID` × `GRID` points. */
export interface Torso {
  readonly tones: readonly Tone[];
  /** False for points outside the picture. */
  readonly inside: readonly boolean[];
}

export const GRID = 64;

/** In heights and widths of a face's box: where shoulders begin below its middle, and how far down and wide to look. */
const FROM = 0.55;
const TO = 2.4;
const WIDE = 2.6;
/** A body does not follow its head when that is only tilted. */
const TILT = Math.PI / 6;

export function torsoPlaceOf({ centerX, centerY, width, height, angle }: Place): Place {
  const turn = Math.abs(angle) < TILT ? 0 : angle;
  const down = ((FROM + TO) / 2) * height;
  return {
    centerX: centerX - down * Math.sin(turn),
    centerY: centerY + down * Math.cos(turn),
    width: WIDE * width,
    height: (TO - FROM) * height,
    angle: turn,
  };
}

export function torsoAt(pyramid: Pyramid, place: Place): Torso {
  const square = squareOf(pyramid, place, GRID);
  const points = Array.from({ length: GRID * GRID }, (_, at) => at);
  return {
    tones: points.map((at) => toneAt(square, at)),
    inside: points.map((at) => {
      const { x, y } = pointIn(place, ((at % GRID) + 0.5) / GRID, (Math.floor(at / GRID) + 0.5) / GRID);
      return x >= 0 && y >= 0 && x < pyramid.width && y < pyramid.height;
    }),
  };
}
