import { distanceOf, SAME_PERSON_BELOW } from '../detectors/faces/same-person.ts';
import type { Random } from '../prompts/classifier/train/random.ts';
import { bootstrap, wilson } from '../statistics/intervals.ts';
import { chanceOf, gapOf, shuffle } from '../statistics/permutation.ts';
import { type Comparison, type Figure, gapIn, LEAST_GROUP, type MeasureReport } from './audit-report.ts';
import type { Dimension } from './dimensions.ts';
import type { Observation } from './observation.ts';

/** Twelve million pairs take seconds. */
const MOST_PEOPLE = 5_000;
const ROUNDS = 2_000;

/** Two places in the list of people. */
type Pair = readonly [number, number];

/**
 * How often strangers are taken for one person: one picture of each person, every pair. A group's pairs are those within it, since people who are alike
 * in a list are what matters. Pairs share people, so an interval is the wider of Wilson's over pairs and a bootstrap over people.
 */
export function strangerMatches(
  observations: readonly Observation[],
  dimensions: readonly Dimension[],
  random: Random,
): MeasureReport | null {
  const people = firstPictures(observations);
  const matched = matchedPairs(people);
  if (people.length < 2) return null;
  const comparisons = dimensions
    .map((dimension) => compare(dimension, { people, matched, random }))
    .filter(({ groups }) => groups.length > 0);
  return {
    id: 'match.strangers',
    detector: 'person match',
    what: 'pairs of strangers that were taken for one person',
    unit: 'share',
    overall: figureOf(
      people.map(() => true),
      matched,
      random,
    ),
    comparisons,
  };
}

function firstPictures(observations: readonly Observation[]): Observation[] {
  const people = new Map<string, Observation>();
  for (const one of observations) {
    const { person, faces } = one.label;
    if (person !== null && faces === 1 && one.face !== null && !people.has(person)) people.set(person, one);
  }
  return [...people.values()].slice(0, MOST_PEOPLE);
}

function matchedPairs(people: readonly Observation[]): Pair[] {
  const matched: Pair[] = [];
  for (const [at, { face: a }] of people.entries()) {
    for (let other = at + 1; other < people.length; other++) {
      const b = people[other]?.face;
      if (a !== null && b !== null && b !== undefined && distanceOf(a.descriptor, b.descriptor) <= SAME_PERSON_BELOW)
        matched.push([at, other]);
    }
  }
  return matched;
}

interface Strangers {
  readonly people: readonly Observation[];
  readonly matched: readonly Pair[];
  readonly random: Random;
}

function compare({ id, title, groups, groupOf }: Dimension, { people, matched, random }: Strangers): Comparison {
  const groupAt = people.map(groupOf);
  const sizeOf = (group: string) => groupAt.filter((one) => one === group).length;
  const figures = groups
    .filter((group) => sizeOf(group) >= 2)
    .map((group) => {
      const figure = figureOf(
        groupAt.map((one) => one === group),
        matched,
        random,
      );
      return { group, ...figure, isFew: sizeOf(group) < LEAST_GROUP };
    });
  const compared = figures.filter(({ isFew }) => !isFew).map(({ group }) => group);
  const gap = gapIn(figures, () => {
    if (matched.length === 0) return 1;
    const observed = gapOf(compared.map((group) => shareWithin(groupAt, group, matched)));
    const shuffled = [...groupAt];
    const byChance = () => {
      shuffle(shuffled, random);
      return gapOf(compared.map((group) => shareWithin(shuffled, group, matched)));
    };
    return observed === 0 ? 1 : chanceOf(observed, byChance, ROUNDS);
  });
  return { dimension: id, title, groups: figures, gap };
}

function shareWithin(groupAt: readonly (string | null)[], group: string, matched: readonly Pair[]): number {
  const size = groupAt.filter((one) => one === group).length;
  return matched.filter(([a, b]) => groupAt[a] === group && groupAt[b] === group).length / ((size * (size - 1)) / 2);
}

function figureOf(isIn: readonly boolean[], matched: readonly Pair[], random: Random): Figure {
  const members = isIn.flatMap((is, at) => (is ? [at] : []));
  const own = matched.filter(([a, b]) => isIn[a] === true && isIn[b] === true);
  const n = (members.length * (members.length - 1)) / 2;
  const byPairs = wilson(own.length, n);
  if (own.length === 0) return { n, value: 0, ...byPairs };
  const weights = new Map<number, number>();
  const byPeople = bootstrap(() => {
    weights.clear();
    for (let drawn = 0; drawn < members.length; drawn++) {
      const at = random.pick(members, -1);
      weights.set(at, (weights.get(at) ?? 0) + 1);
    }
    let squares = 0;
    for (const weight of weights.values()) squares += weight ** 2;
    let hits = 0;
    for (const [a, b] of own) hits += (weights.get(a) ?? 0) * (weights.get(b) ?? 0);
    return hits / ((members.length ** 2 - squares) / 2);
  }, ROUNDS);
  return { n, value: own.length / n, low: Math.min(byPairs.low, byPeople.low), high: Math.max(byPairs.high, byPeople.high) };
}
