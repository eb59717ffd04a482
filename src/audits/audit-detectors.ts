import { createRandom } from '../prompts/classifier/train/random.ts';
import { corrected, type MeasureReport, reportOf } from './audit-report.ts';
import { dimensionsOf } from './dimensions.ts';
import type { Label } from './labels.ts';
import { measuresOf } from './measures.ts';
import type { Observation } from './observation.ts';
import { type ObservingParts, observePicture } from './observe-picture.ts';
import { strangerMatches } from './stranger-matches.ts';

export interface AuditWish extends ObservingParts {
  readonly root: string;
  readonly labels: readonly Label[];
  /** The same seed gives the same intervals. */
  readonly seed: number;
  /** Pictures that are looked at at once. */
  readonly width: number;
  readonly onProgress: (done: number) => void;
}

/** The errors of the detectors on one labelled folder, by group. */
export interface DetectorAudit {
  readonly kind: 'detectors';
  readonly on: string;
  readonly seed: number;
  readonly threshold: number;
  readonly pictures: number;
  readonly people: number;
  /** Of these nothing is known; they are in no figure. */
  readonly unreadable: number;
  readonly lost: number;
  /** Skin tones that were measured in the picture. */
  readonly skinMeasured: number;
  readonly checks: readonly { readonly id: string; readonly version: string }[];
  readonly measures: readonly MeasureReport[];
}

/**
 * Looks at every labelled picture and reports each detector's errors by group. Memory: some 1,400 bytes a picture. Nothing is written down meanwhile, since
 * descriptions of faces are not to lie on a disk; a run that was ended begins anew.
 */
export async function auditDetectors(wish: AuditWish): Promise<DetectorAudit> {
  const observations = await observeAll(wish);
  const random = createRandom(wish.seed);
  const dimensions = dimensionsOf(observations);
  const reports = measuresOf(observations, wish.checks).map((measure) => reportOf(measure, dimensions, random));
  const strangers = strangerMatches(observations, dimensions, random);
  const count = (state: Observation['state']) => observations.filter((one) => one.state === state).length;
  return {
    kind: 'detectors',
    on: new Date().toISOString().slice(0, 10),
    seed: wish.seed,
    threshold: wish.threshold,
    pictures: observations.length,
    people: new Set(wish.labels.flatMap(({ person }) => (person === null ? [] : [person]))).size,
    unreadable: count('unreadable'),
    lost: count('lost'),
    skinMeasured: observations.filter(({ face }) => face !== null && face.typologyAngle !== null).length,
    checks: wish.checks.map(({ id, version }) => ({ id, version })),
    measures: corrected(strangers === null ? reports : [...reports, strangers]),
  };
}

async function observeAll(wish: AuditWish): Promise<Observation[]> {
  const found = new Map<number, Observation>();
  const waiting = wish.labels.entries();
  const work = async () => {
    for (const [at, label] of waiting) {
      found.set(at, await observePicture(wish.root, label, wish));
      wish.onProgress(found.size);
    }
  };
  await Promise.all(Array.from({ length: wish.width }, work));
  return wish.labels.flatMap((_, at) => found.get(at) ?? []);
}
