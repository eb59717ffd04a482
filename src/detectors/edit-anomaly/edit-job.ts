import sharp from 'sharp';
import { readContainer } from '../containers/read-container.ts';
import { findFaces } from '../faces/find-faces.ts';
import { decodeFrames } from '../looking/decode-frames.ts';
import { type Pyramid, pyramidOf } from '../looking/pyramid.ts';
import { nudityRisk } from '../nudity/nudity-risk.ts';
import { isDoubtful, nudityOf } from '../nudity/nudity-scores.ts';
import { anomalyOf } from './bared.ts';
import { comparePersons, type Look } from './compare-edit.ts';
import type { EditComparison, EditInput } from './edit-comparison.ts';

sharp.cache(false);
sharp.concurrency(1);

/** A rise of nudity below this is what compression and color do to the networks. */
const NOISE = 0.15;
/** Where a body could be compared it says more than the networks, whom beige cloth alone can move by two thirds (one portrait of 45). */
const BESIDE_BODY = 0.45;

/** Runs in a process of the detector pool. Looks at the first frame of each picture as it is shown. */
export async function run({ before, after, limits }: EditInput): Promise<EditComparison> {
  const [first, second] = [await open(before, limits), await open(after, limits)];
  if (first === undefined) return { kind: 'unreadable', which: 'before' };
  if (second === undefined) return { kind: 'unreadable', which: 'after' };
  const looks: [Look, Look] = [await lookAt(first), await lookAt(second)];
  const persons = comparePersons(...looks);
  const nudityRise = (await explicitIn(second)) - (await explicitIn(first));
  const bodies = persons.flatMap(({ bared }) => (bared === null ? [] : [{ ...bared, anomaly: anomalyOf(bared) }]));
  const [worst] = bodies.toSorted((a, b) => b.anomaly - a.anomaly);
  const risen = (Math.max(0, nudityRise - NOISE) / (1 - NOISE)) * (worst === undefined ? 1 : BESIDE_BODY);
  return {
    kind: 'compared',
    // Either is enough, both are more.
    score: 1 - (1 - (worst?.anomaly ?? 0)) * (1 - risen),
    samePersons: persons.length,
    personsBefore: looks[0].faces.length,
    becameSkin: worst?.becameSkin ?? null,
    keptStructure: worst?.keptStructure ?? null,
    nudityRise,
  };
}

async function open(bytes: Uint8Array, limits: EditInput['limits']): Promise<Pyramid | undefined> {
  if (readContainer(bytes, limits).kind === 'refused') return undefined;
  const frame = (await decodeFrames(bytes, limits.maxPixelsAllFrames))?.views[0]?.[0];
  return frame === undefined ? undefined : pyramidOf(frame);
}

async function lookAt(pyramid: Pyramid): Promise<Look> {
  return { pyramid, faces: await findFaces(pyramid, 'standard') };
}

async function explicitIn(pyramid: Pyramid): Promise<number> {
  const quick = await nudityOf(pyramid, 'nudity-quick');
  const deep = isDoubtful(quick) ? await nudityOf(pyramid, 'nudity-deep') : null;
  return nudityRisk({ quick, deep }).explicit;
}
