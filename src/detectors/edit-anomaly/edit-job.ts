import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { decodeFrames } from '../looking/decode-frames.ts';
import { enlarged, pyramidOf } from '../looking/pyramid.ts';
import { anomalyOf } from './bared.ts';
import { comparePersons, type Look } from './compare-edit.ts';
import type { EditComparison, EditInput, SeenPicture } from './edit-comparison.ts';
import { editScore } from './edit-score.ts';
import { readMask, strayedFrom } from './outside-mask.ts';

sharp.cache(false);
sharp.concurrency(1);

/** Runs in a process of the detector pool. Looks at the first frame of each picture as it is shown; who is there was seen before. */
export async function run({ before, after, nudityRise, mask, limits }: EditInput): Promise<EditComparison> {
  const [first, second] = [await open(before, limits), await open(after, limits)];
  if (first === undefined) return { kind: 'unreadable', which: 'before' };
  if (second === undefined) return { kind: 'unreadable', which: 'after' };
  const persons = comparePersons(first, second);
  const bodies = persons.flatMap(({ bared }) => (bared === null ? [] : [{ ...bared, anomaly: anomalyOf(bared) }]));
  const [worst] = bodies.toSorted((a, b) => b.anomaly - a.anomaly);
  const poseChange = Math.max(0, ...persons.map(({ pose }) => pose.share));
  const editable = mask === undefined ? null : await readMask(mask, limits);
  const known = persons.map(({ person }) => person);
  const strayed = editable === null ? null : strayedFrom(editable, first.pyramid, second.pyramid, known);
  return {
    kind: 'compared',
    score: editScore({ anomaly: worst?.anomaly ?? null, nudityRise, poseShare: poseChange, strayed }),
    samePersons: persons.length,
    personsBefore: before.faces.length,
    becameSkin: worst?.becameSkin ?? null,
    keptStructure: worst?.keptStructure ?? null,
    nudityRise,
    poseChange,
    strayed,
  };
}

async function open({ bytes, width, faces }: SeenPicture, limits: EditInput['limits']): Promise<Look | undefined> {
  if (readContainer(bytes, limits).kind === 'refused') return undefined;
  const frame = (await decodeFrames(bytes, limits.maxPixelsAllFrames))?.views[0]?.[0];
  if (frame === undefined) return undefined;
  // The networks may have seen it larger than it is decoded here.
  return { pyramid: pyramidOf(frame), faces: faces.map((face) => ({ ...face, place: enlarged(face.place, frame.width / width) })) };
}
