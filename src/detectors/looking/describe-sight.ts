import { CATEGORIES, type Category } from '../../contracts/category.ts';
import { apparentAgeOf } from '../faces/apparent-age.ts';
import { distinctFaces } from '../faces/distinct-faces.ts';
import { nudityRisk } from '../nudity/nudity-risk.ts';
import type { DecodedFacts } from '../pixels/inspection.ts';
import type { SeenFace, Sight } from './sight.ts';

/** What is told of a picture, in the words of the contract for scripts. */
export interface SightReport {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly faces: readonly FaceReport[];
  /** Risk by category, 0 to 1, of the categories that a detector looks for in the picture itself. */
  readonly signals: Readonly<Partial<Record<Category, number>>>;
  /** Categories for which nothing looks at pixels: silence about them means nothing. */
  readonly not_covered: readonly Category[];
  /** PDQ of the first frame as it is shown: 64 hexadecimal digits, and its quality, 0 to 100. */
  readonly pdq: string | null;
  readonly pdq_quality: number;
}

interface FaceReport {
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly apparent_age: number;
  /** The lower of two readings, and what it says of a minor; an estimate may restrict and never clears. */
  readonly apparent_age_lowest: number;
  readonly minor_probability: number;
  readonly certainty: number;
  readonly roll_degrees: number;
}

/** Of these nothing is read from pixels alone; `known_bad` is a matter of lists, `unsafe_file` of the file. */
const LOOKED_FOR: readonly Category[] = ['sexual', 'sexual_minors'];
const ELSEWHERE: readonly Category[] = ['known_bad', 'unsafe_file'];

export function describeSight(sight: Extract<Sight, { kind: 'seen' }>, facts: DecodedFacts): SightReport {
  const { width, height, frames, faces, nudity } = sight;
  const { explicit, suggestive } = nudityRisk(nudity);
  const sexual = Math.max(explicit, suggestive);
  const youngest = Math.max(0, ...faces.map((face) => apparentAgeOf(face).minorProbability));
  const first = facts.pdq.findLast(({ frame }) => frame === 0);
  return {
    width,
    height,
    frames,
    faces: distinctFaces(faces).map(faceReport),
    // Both must come together: neither a child nor a nude is a risk of this kind alone.
    signals: { sexual: rounded(sexual), sexual_minors: rounded(sexual * youngest) },
    not_covered: CATEGORIES.filter((category) => !LOOKED_FOR.includes(category) && !ELSEWHERE.includes(category)),
    pdq: first?.hashes[0] ?? null,
    pdq_quality: first?.quality ?? 0,
  };
}

function faceReport(face: SeenFace): FaceReport {
  const { years, lowestYears, minorProbability } = apparentAgeOf(face);
  const { x, y, width, height } = face.box;
  return {
    box: { x: Math.round(x), y: Math.round(y), width: Math.round(width), height: Math.round(height) },
    apparent_age: rounded(years),
    apparent_age_lowest: rounded(lowestYears),
    minor_probability: rounded(minorProbability),
    certainty: rounded(face.certainty),
    roll_degrees: rounded(face.rollDegrees),
  };
}

const rounded = (value: number) => Number(value.toFixed(3));
