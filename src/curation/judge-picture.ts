import type { Signal } from '../contracts/finding.ts';
import type { OptOutNames } from '../registries/opt-outs/opt-out-names.ts';
import type { Look } from './look-at-picture.ts';
import type { CurationRecord } from './record.ts';
import { stampOf } from './sidecars.ts';

export const PEOPLE_RULES = ['known', 'consented'] as const;
export type PeopleRule = (typeof PEOPLE_RULES)[number];

export interface CurationRules {
  /** Licences that are taken; left out, any and none. */
  readonly licences?: ReadonlySet<string>;
  /** What was wanted and nobody looks for, such as `nudity`. */
  readonly notLooked: readonly string[];
  /** Who opted out of training, in the register; left out, nobody. */
  readonly optOuts?: OptOutNames;
  /** `known`: without those who are known not to agree. `consented`: with those alone who agreed to training. Left out: nobody asks. */
  readonly people?: { readonly rule: PeopleRule /** Of the register. */; readonly version: string };
}

/** From here on a person must look; of the two opinions of the check the loudest counts. */
const NUDE = 0.5;
/** With a face that may be a child's nothing of this kind is for a training set. */
const NUDE_WITH_YOUNG_FACE = 0.2;

/** Some face could not be compared, or none. */
const NOT_COMPARED = 'person:not-compared';
/** Nobody can tell who it is: a person must look. */
const OPEN: ReadonlySet<string> = new Set(['person:ambiguous', NOT_COMPARED]);

/** What follows of what was seen of a file by itself; whether it is there twice is another question. */
export function judgePicture(look: Look, rules: CurationRules): CurationRecord {
  const { found, facts, sha256, failed } = look;
  const licence = look.sidecars.licence ?? facts?.wishes.licence ?? null;
  const drops = [
    ...problemsOf(look).map((problem) => `unreadable:${problem}`),
    ...look.known.map((match) => `known:${match}`),
    ...optOutsOf(look, rules).map((where) => `opt-out:${where}`),
    ...licenceAgainst(licence, rules.licences),
    ...peopleAgainst(look, rules.people?.rule),
    ...(isSexualisedYouth(look.signals) ? ['nudity:with_young_face'] : []),
  ];
  const picture = facts?.kind === 'picture' ? facts : null;
  const isUnasked = rules.people !== undefined && picture !== null && look.people === null;
  const reviews = [
    ...loudChecks(look),
    ...noticesOf(look),
    ...(look.people ?? []).filter((reason) => OPEN.has(reason)),
    ...(isUnasked ? [NOT_COMPARED] : []),
    // What was lost is not "nothing was seen".
    ...failed.map((id) => `not-looked:${id}`),
  ].filter((reason) => !drops.includes(reason));
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
    beside: stampOf(look.sidecars, look.reserved),
    not_looked: [...new Set([...rules.notLooked, ...failed, ...(isUnasked ? ['consent'] : [])])],
  };
}

function licenceAgainst(licence: string | null, taken: CurationRules['licences']): readonly string[] {
  if (taken === undefined || (licence !== null && taken.has(licence))) return [];
  return [`licence:${licence === null ? 'none' : 'other'}`];
}

/** Who keeps a licence beside the picture has read its notice. */
function noticesOf({ facts, sidecars }: Look): readonly string[] {
  return (facts?.wishes.notices ?? []).filter((notice) => notice !== 'rights:reserved' || sidecars.licence === null);
}

function problemsOf({ facts, problem }: Look): readonly string[] {
  if (problem !== null) return [problem];
  return facts?.kind === 'refused' ? facts.problems : [];
}

function optOutsOf({ facts, sidecars, reserved }: Look, { optOuts }: CurationRules): readonly string[] {
  const registered = optOuts?.notForTraining(facts?.wishes.makers ?? []) ?? [];
  return [...(facts?.wishes.optOuts ?? []), ...sidecars.optOuts, ...reserved, ...registered];
}

/** Where consent is wanted, whoever could not be compared has given none. */
function peopleAgainst({ people, facts }: Look, rule: PeopleRule | undefined): readonly string[] {
  if (rule === undefined || facts?.kind !== 'picture') return [];
  if (people === null) return rule === 'consented' ? [NOT_COMPARED] : [];
  const isAgainst = rule === 'known' ? /^person:(?:protected|no-consent):/ : /^person:(?!consented:|ambiguous$)/;
  return people.filter((reason) => isAgainst.test(reason));
}

function loudChecks({ signals }: Look): readonly string[] {
  const isLoud = ({ reason, score }: Signal) => reason === 'face:young' || (reason.startsWith('nudity:') && score >= NUDE);
  return signals.filter(isLoud).map(({ reason }) => reason);
}

function isSexualisedYouth(signals: readonly Signal[]): boolean {
  const isNude = signals.some(({ reason, score }) => reason.startsWith('nudity:') && score >= NUDE_WITH_YOUNG_FACE);
  return isNude && signals.some(({ reason }) => reason === 'face:young');
}
