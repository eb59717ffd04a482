import type { Signal } from '../contracts/finding.ts';
import type { OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import type { Look } from './look-at-picture.ts';
import type { CurationRecord } from './record.ts';

export interface CurationRules {
  /** Licences that are taken; left out, any and none. */
  readonly licences?: ReadonlySet<string>;
  /** What was wanted and nobody looks for, such as `nudity`. */
  readonly notLooked: readonly string[];
  /** Who opted out of training, in the register; left out, nobody. */
  readonly optOuts?: OptOutNames;
}

/** From here on a person must look; of the two opinions of the check the loudest counts. */
const NUDE = 0.5;
/** With a face that may be a child's nothing of this kind is for a training set. */
const NUDE_WITH_YOUNG_FACE = 0.2;

/** What follows of what was seen of a file by itself; whether it is there twice is another question. */
export function judgePicture(look: Look, rules: CurationRules): CurationRecord {
  const { found, facts, sha256, failed } = look;
  const licence = look.sidecars.licence ?? facts?.wishes.licence ?? null;
  const drops = [
    ...problemsOf(look).map((problem) => `unreadable:${problem}`),
    ...look.known.map((match) => `known:${match}`),
    ...optOutsOf(look, rules).map((where) => `opt-out:${where}`),
    ...(rules.licences === undefined || (licence !== null && rules.licences.has(licence))
      ? []
      : [`licence:${licence === null ? 'none' : 'other'}`]),
    ...(isSexualisedYouth(look.signals) ? ['nudity:with_young_face'] : []),
  ];
  const reviews = [
    ...look.signals.filter(({ reason, score }) => reason.startsWith('nudity:') && score >= NUDE).map(({ reason }) => reason),
    ...youngFaces(look),
  ];
  const picture = facts?.kind === 'picture' ? facts : null;
  return {
    path: found.path,
    bytes: found.bytes,
    modified_ms: found.modifiedMs,
    sha256,
    format: picture?.format ?? null,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    pdq: picture?.shown.hashes[0] ?? null,
    decision: drops.length > 0 ? 'drop' : reviews.length > 0 ? 'review' : 'keep',
    reasons: [...new Set([...drops, ...reviews])],
    licence,
    not_looked: [...new Set([...rules.notLooked, ...failed])],
  };
}

function problemsOf({ facts, problem }: Look): readonly string[] {
  if (problem !== null) return [problem];
  return facts?.kind === 'refused' ? facts.problems : [];
}

function optOutsOf({ facts, sidecars, reserved }: Look, { optOuts }: CurationRules): readonly string[] {
  const registered = optOuts?.notForTraining(facts?.wishes.makers ?? []) ?? [];
  return [...(facts?.wishes.optOuts ?? []), ...sidecars.optOuts, ...reserved, ...registered];
}

function youngFaces({ signals }: Look): readonly string[] {
  return signals.filter(({ reason }) => reason === 'face:young').map(({ reason }) => reason);
}

function isSexualisedYouth(signals: readonly Signal[]): boolean {
  const isNude = signals.some(({ reason, score }) => reason.startsWith('nudity:') && score >= NUDE_WITH_YOUNG_FACE);
  return isNude && signals.some(({ reason }) => reason === 'face:young');
}
