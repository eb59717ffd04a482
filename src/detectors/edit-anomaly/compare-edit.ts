import type { FaceReading } from '../faces/read-face.ts';
import { distanceOf, SAME_PERSON_BELOW } from '../faces/same-person.ts';
import type { Pyramid } from '../looking/pyramid.ts';
import { type Bared, baredBetween } from './bared.ts';
import { skinToneOf } from './skin-tone.ts';
import { torsoAt, torsoPlaceOf } from './torso.ts';

export interface Look {
  readonly pyramid: Pyramid;
  readonly faces: readonly FaceReading[];
}

/** What became of one person's body between two pictures. */
export interface PersonEdit {
  /** Distance of the two faces. */
  readonly distance: number;
  /** Null when too little of the body can be seen. */
  readonly bared: Bared | null;
}

/** A face this near its old place, as a share of its width, did not move: then both bodies are cut out alike, to the pixel. */
const SAME_PLACE = 0.06;

/** Everybody who is in both pictures. */
export function comparePersons(before: Look, after: Look): PersonEdit[] {
  return before.faces.flatMap((face) => {
    const candidates = after.faces.map((other) => ({ other, distance: distanceOf(face.descriptor, other.descriptor) }));
    const [nearest] = candidates.toSorted((a, b) => a.distance - b.distance);
    if (nearest === undefined || nearest.distance > SAME_PERSON_BELOW) return [];
    return [{ distance: nearest.distance, bared: bodyOf(face, nearest.other, before, after) }];
  });
}

function bodyOf(face: FaceReading, other: FaceReading, before: Look, after: Look): Bared | null {
  const place = torsoPlaceOf(face.place);
  const moved = Math.hypot(face.place.centerX - other.place.centerX, face.place.centerY - other.place.centerY);
  const sameSize = before.pyramid.width === after.pyramid.width && before.pyramid.height === after.pyramid.height;
  const newPlace = sameSize && moved < SAME_PLACE * face.place.width ? place : torsoPlaceOf(other.place);
  return baredBetween(
    { torso: torsoAt(before.pyramid, place), skin: skinToneOf(before.pyramid, face.place) },
    { torso: torsoAt(after.pyramid, newPlace), skin: skinToneOf(after.pyramid, other.place) },
  );
}
