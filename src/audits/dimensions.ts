import { AGE_BANDS, ageBandOf, SKIN_BANDS, skinBandOf } from './bands.ts';
import type { Observation } from './observation.ts';

/** One way to part pictures into groups. */
export interface Dimension {
  readonly id: 'sex' | 'age' | 'skin_labelled' | 'skin_bands' | 'skin_thirds';
  readonly title: string;
  /** All groups that occur, in the order in which they are shown. */
  readonly groups: readonly string[];
  /** Null: nobody knows. */
  readonly groupOf: (observation: Observation) => string | null;
}

const THIRDS = ['lightest third', 'middle third', 'darkest third'] as const;

/** The ways in which these pictures can be parted; one of which nothing is known is left out. */
export function dimensionsOf(observations: readonly Observation[]): Dimension[] {
  const angleOf = ({ face }: Observation) => face?.typologyAngle ?? null;
  const angles = observations
    .map(angleOf)
    .filter((angle) => angle !== null)
    .toSorted((a, b) => b - a);
  const thirds = new Map<number, string>();
  for (const [at, angle] of angles.entries()) {
    const third = THIRDS[Math.floor((3 * at) / angles.length)];
    if (third !== undefined && !thirds.has(angle)) thirds.set(angle, third);
  }
  const all: Omit<Dimension, 'groups'>[] = [
    { id: 'sex', title: 'Sex, as labelled', groupOf: ({ label }) => label.sex },
    { id: 'age', title: 'Age', groupOf: ({ label }) => (label.age === null ? null : ageBandOf(label.age)) },
    { id: 'skin_labelled', title: 'Skin tone, as labelled', groupOf: ({ label }) => label.skinTone },
    { id: 'skin_bands', title: 'Skin tone, measured, fixed bands', groupOf: (one) => mapped(angleOf(one), skinBandOf) },
    {
      id: 'skin_thirds',
      title: 'Skin tone, measured, thirds',
      groupOf: (one) => mapped(angleOf(one), (angle) => thirds.get(angle) ?? null),
    },
  ];
  return all.map((one) => ({ ...one, groups: inOrder(observations.map(one.groupOf)) })).filter(({ groups }) => groups.length > 0);
}

const mapped = <T>(value: number | null, of: (value: number) => T): T | null => (value === null ? null : of(value));

const KNOWN_ORDER: readonly string[] = [...AGE_BANDS, ...SKIN_BANDS, ...THIRDS];

function inOrder(groups: readonly (string | null)[]): string[] {
  const rank = (group: string) => KNOWN_ORDER.indexOf(group);
  return [...new Set(groups.filter((group) => group !== null))].toSorted(
    (a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en', { numeric: true }),
  );
}
