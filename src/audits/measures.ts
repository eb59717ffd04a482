import type { Category } from '../contracts/category.ts';
import { distanceOf, SAME_PERSON_BELOW } from '../detectors/faces/same-person.ts';
import { groupedBy } from '../statistics/permutation.ts';
import type { Observation } from './observation.ts';

/** One kind of error of one detector, picture by picture. */
export interface Measure {
  readonly id: string;
  readonly detector: string;
  /** Said of a share or of a number of years: "portraits without a face found". */
  readonly what: string;
  /** `years` are a mean; `signed_years` may be below 0. */
  readonly unit: 'share' | 'years' | 'signed_years';
  readonly values: readonly { readonly observation: Observation; readonly value: number }[];
}

/** The checks that were asked, with what they speak of. */
export interface AuditedCheck {
  readonly id: string;
  readonly categories: readonly Category[];
}

/** Says what it says below every threshold, for rules that name it: it is measured as what it is instead. */
const MEASURED_APART = new Set(['faces']);
const ADULT_FROM = 18;

/** Every error that the labels let anybody measure, the empty ones left out. */
export function measuresOf(observations: readonly Observation[], checks: readonly AuditedCheck[]): Measure[] {
  const seen = observations.filter(({ state }) => state === 'seen');
  const all = [
    ...faceMeasures(seen),
    ...ageMeasures(seen),
    ...checks.filter(({ id }) => !MEASURED_APART.has(id)).flatMap((check) => checkMeasures(check, seen)),
    matchMeasure(seen),
  ];
  return all.filter(({ values }) => values.length > 0);
}

function faceMeasures(seen: readonly Observation[]): Measure[] {
  const shown = seen.filter(({ label }) => (label.faces ?? 0) > 0);
  const empty = seen.filter(({ label }) => label.faces === 0);
  const single = seen.filter(({ label, face }) => label.faces === 1 && label.age !== null && face !== null);
  const adults = single.filter(({ label }) => (label.age ?? 0) >= ADULT_FROM);
  const minors = single.filter(({ label }) => (label.age ?? ADULT_FROM) < ADULT_FROM);
  const share = (id: string, what: string, rows: readonly Observation[], isError: (one: Observation) => boolean): Measure => ({
    id,
    detector: 'faces',
    what,
    unit: 'share',
    values: rows.map((observation) => ({ observation, value: isError(observation) ? 1 : 0 })),
  });
  return [
    share(
      'faces.missed',
      'pictures of people in which fewer faces were found than are shown',
      shown,
      (one) => one.faces < (one.label.faces ?? 0),
    ),
    share('faces.invented', 'pictures without a face in which one was found', empty, ({ faces }) => faces > 0),
    share('faces.adult_taken_for_young', 'adults whose face was not taken for an adult’s', adults, ({ face }) => face?.isYoung === true),
    share('faces.minor_taken_for_adult', 'minors whose face was taken for an adult’s', minors, ({ face }) => face?.isYoung === false),
  ];
}

function ageMeasures(seen: readonly Observation[]): Measure[] {
  const errors = seen.flatMap((observation) => {
    const { label, face } = observation;
    return label.faces === 1 && label.age !== null && face !== null ? [{ observation, value: face.apparentAge - label.age }] : [];
  });
  return [
    {
      id: 'age.error',
      detector: 'apparent age',
      what: 'mean distance from the true age',
      unit: 'years',
      values: errors.map(({ observation, value }) => ({ observation, value: Math.abs(value) })),
    },
    {
      id: 'age.bias',
      detector: 'apparent age',
      what: 'mean error: below 0, people look younger to it than they are',
      unit: 'signed_years',
      values: errors,
    },
  ];
}

function checkMeasures({ id, categories }: AuditedCheck, seen: readonly Observation[]): Measure[] {
  const answered = seen.flatMap((observation) => {
    const answer = observation.checks.get(id);
    return answer?.kind === 'said' && observation.label.truth !== null
      ? [{ observation, alarms: answer.alarms, truth: observation.label.truth }]
      : [];
  });
  const ours = (truth: readonly Category[]) => truth.filter((category) => categories.includes(category));
  const positive = answered.filter(({ truth }) => ours(truth).length > 0);
  return [
    {
      id: `${id}.false_alarm`,
      detector: id,
      what: 'pictures with an alarm for what they do not show',
      unit: 'share',
      values: answered
        .filter(({ truth }) => ours(truth).length === 0)
        .map(({ observation, alarms }) => ({ observation, value: alarms.length > 0 ? 1 : 0 })),
    },
    {
      id: `${id}.missed`,
      detector: id,
      what: 'pictures of what it looks for, without an alarm for it',
      unit: 'share',
      values: positive.map(({ observation, alarms, truth }) => ({
        observation,
        value: ours(truth).some((category) => alarms.includes(category)) ? 0 : 1,
      })),
    },
    {
      id: `${id}.could_not_tell`,
      detector: id,
      what: 'pictures of which it could not tell (a policy holds or blocks those)',
      unit: 'share',
      values: seen.flatMap((observation) => {
        const answer = observation.checks.get(id);
        return answer === undefined ? [] : [{ observation, value: answer.kind === 'could_not_tell' ? 1 : 0 }];
      }),
    },
  ];
}

/** Pairs of pictures of one person; a pair stands in the group of its first picture. */
function matchMeasure(seen: readonly Observation[]): Measure {
  const byPerson = groupedBy(
    seen.filter(({ label, face }) => label.person !== null && label.faces === 1 && face !== null),
    ({ label }) => label.person,
  );
  const values = [...byPerson.values()].flatMap(([first, ...others]) =>
    others.flatMap((other) => {
      if (first === undefined || first.face === null || other.face === null) return [];
      return [{ observation: first, value: distanceOf(first.face.descriptor, other.face.descriptor) > SAME_PERSON_BELOW ? 1 : 0 }];
    }),
  );
  return {
    id: 'match.missed',
    detector: 'person match',
    what: 'pairs of pictures of one person that were not matched',
    unit: 'share',
    values,
  };
}
