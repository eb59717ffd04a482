/** Of pairs of strangers this share is taken for one person at a distance of 0.48: of all, and of women, the worst group that was measured. */
const FALSE_MATCHES = { all: 1e-4, worstGroup: 1e-3 };
/** Up to here the network is good for; beyond, a stronger one is needed. */
const MOST_RELIABLE = 300;

/** What to expect of a list of so many people. */
export interface Scale {
  readonly people: number;
  /** How many people of the list a stranger's face is taken for, on average. */
  readonly falseMatchesPerFace: { readonly all: number; readonly worstGroup: number };
  readonly warning: string | null;
}

export function scaleOf(people: number): Scale {
  const expected = { all: rounded(people * FALSE_MATCHES.all), worstGroup: rounded(people * FALSE_MATCHES.worstGroup) };
  const warning =
    people <= MOST_RELIABLE
      ? null
      : `The register holds ${people} people, more than faces can be told apart reliably: expect ${expected.all} false matches for each face of a stranger, and ${expected.worstGroup} for a woman's.`;
  return { people, falseMatchesPerFace: expected, warning };
}

const rounded = (value: number) => Number(value.toPrecision(3));
