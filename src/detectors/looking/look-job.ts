import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { findFaces } from '../faces/find-faces.ts';
import type { FaceReading } from '../faces/read-face.ts';
import { isDoubtful, type NudityScores, nudityOf, worstOf } from '../nudity/nudity-scores.ts';
import { decodeFrames } from './decode-frames.ts';
import { enlarged, type Pyramid, pyramidOf } from './pyramid.ts';
import type { LookInput, SeenFace, Sight } from './sight.ts';

sharp.cache(false);
sharp.concurrency(1);

/** Every frame gets the quick look; this many of the most suspicious, and the first, get all the others. */
const CLOSER_FRAMES = 3;

interface Frame {
  readonly index: number;
  readonly view: number;
  readonly pyramid: Pyramid;
  readonly quick: NudityScores;
}

/** Runs in a process of the detector pool: the networks block it while they work. Opens nothing that `readContainer` refuses. */
export async function run({ bytes, limits, effort }: LookInput): Promise<Sight> {
  if (readContainer(bytes, limits).kind === 'refused') return { kind: 'unreadable' };
  const decoded = await decodeFrames(bytes, limits.maxPixelsAllFrames);
  if (decoded === undefined) return { kind: 'unreadable' };
  const frames: Frame[] = [];
  for (const [view, rasters] of decoded.views.entries()) {
    for (const [index, raster] of rasters.entries()) {
      const pyramid = pyramidOf(raster);
      frames.push({ index, view, pyramid, quick: await nudityOf(pyramid, 'nudity-quick') });
    }
  }
  const faces: SeenFace[] = [];
  const deep: NudityScores[] = [];
  let isCrowded = false;
  for (const frame of closerOf(frames)) {
    const found = await findFaces(frame.pyramid, effort);
    faces.push(...found.faces.map((face) => seenFace(face, frame, decoded.width)));
    isCrowded ||= found.isCrowded;
    if (effort === 'thorough' || isDoubtful(frame.quick) || found.faces.length > 0) deep.push(await nudityOf(frame.pyramid, 'nudity-deep'));
  }
  const { width, height } = decoded;
  const nudity = { quick: worstOf(frames.map(({ quick }) => quick)), deep: deep.length === 0 ? null : worstOf(deep) };
  return { kind: 'seen', width, height, frames: decoded.frames, nudity, faces, isCrowded };
}

function closerOf([first, ...others]: readonly Frame[]): Frame[] {
  const unsafe = ({ quick }: Frame) => quick.explicit + quick.suggestive;
  const suspicious = others.toSorted((a, b) => unsafe(b) - unsafe(a)).slice(0, CLOSER_FRAMES);
  return first === undefined ? suspicious : [first, ...suspicious];
}

function seenFace(
  { place, facing, flag, roll, ages, descriptor }: FaceReading,
  { index, view, pyramid }: Frame,
  fullWidth: number,
): SeenFace {
  const scale = fullWidth / pyramid.width;
  const [cos, sin] = [Math.abs(Math.cos(place.angle)), Math.abs(Math.sin(place.angle))];
  const width = (place.width * cos + place.height * sin) * scale;
  const height = (place.width * sin + place.height * cos) * scale;
  return {
    frame: index,
    view,
    place: enlarged(place, scale),
    facing,
    box: { x: place.centerX * scale - width / 2, y: place.centerY * scale - height / 2, width, height },
    certainty: Math.min(1, flag),
    rollDegrees: (roll * 180) / Math.PI,
    seenPx: Math.min(place.width, place.height),
    ages: [...ages],
    descriptor: Array.from(descriptor),
  };
}
