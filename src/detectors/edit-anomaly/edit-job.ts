import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { decodeFrames } from '../looking/decode-frames.ts';
import { enlarged, pyramidOf } from '../looking/pyramid.ts';
import { anomalyOf } from './bared.ts';
import { comparePersons, type Look, type PersonEdit } from './compare-edit.ts';
import type { EditComparison, EditInput, SeenPicture } from './edit-comparison.ts';
import { editScore } from './edit-score.ts';
import { readMask, type Strayed, strayedFrom } from './outside-mask.ts';

sharp.cache(false);
sharp.concurrency(1);

/**
 * Runs in a process of the detector pool. Looks at the first frame of each picture; who is there was seen before. A transparent one counts in each of
 * its views: models take what transparency hides from people.
 */
export async function run({ before, after, nudityRise, mask, limits }: EditInput): Promise<EditComparison> {
  const [first, second] = [await open(before, limits), await open(after, limits)];
  if (first === undefined) return { kind: 'unreadable', which: 'before' };
  if (second === undefined) return { kind: 'unreadable', which: 'after' };
  const pairs = first.flatMap((one) => second.map((other) => [one, other] as const));
  const seen = pairs.map(([one, other]) => comparePersons(one, other));
  const persons = seen.flat();
  const bodies = persons.flatMap(({ bared }) => (bared === null ? [] : [{ ...bared, anomaly: anomalyOf(bared) }]));
  const [worst] = bodies.toSorted((a, b) => b.anomaly - a.anomaly);
  const poseChange = Math.max(0, ...persons.map(({ pose }) => pose.share));
  const editable = mask === undefined ? null : await readMask(mask, limits);
  const strayed = editable === null ? null : mostStrayed(editable, pairs, seen);
  return {
    kind: 'compared',
    score: editScore({ anomaly: worst?.anomaly ?? null, nudityRise, poseShare: poseChange, strayed }),
    samePersons: Math.max(0, ...seen.map(({ length }) => length)),
    personsBefore: Math.max(0, ...first.map(({ faces }) => faces.length)),
    becameSkin: worst?.becameSkin ?? null,
    keptStructure: worst?.keptStructure ?? null,
    nudityRise,
    poseChange,
    strayed,
  };
}

/** One look for each view, the first as it is shown. */
async function open({ bytes, width, faces }: SeenPicture, limits: EditInput['limits']): Promise<readonly Look[] | undefined> {
  if (readContainer(bytes, limits).kind === 'refused') return undefined;
  const frames = (await decodeFrames(bytes, limits.maxPixelsAllFrames))?.views.flatMap((frames) => frames.slice(0, 1)) ?? [];
  if (frames.length === 0) return undefined;
  return frames.map((frame, view) => ({
    pyramid: pyramidOf(frame),
    // The networks may have seen it larger than it is decoded here.
    faces: faces.filter((face) => face.view === view).map((face) => ({ ...face, place: enlarged(face.place, frame.width / width) })),
  }));
}

type Pairs = readonly (readonly [Look, Look])[];

/** Of the pictures as they are shown; and of those views in which somebody is in both. */
function mostStrayed(mask: readonly boolean[], pairs: Pairs, seen: readonly (readonly PersonEdit[])[]): Strayed | null {
  const all = pairs.flatMap(([one, other], at) => {
    const persons = seen[at] ?? [];
    if (at > 0 && persons.length === 0) return [];
    const known = persons.map(({ person }) => person);
    return strayedFrom(mask, one.pyramid, other.pyramid, known) ?? [];
  });
  if (all.length === 0) return null;
  return { changed: Math.max(...all.map(({ changed }) => changed)), skin: Math.max(...all.map(({ skin }) => skin)) };
}
