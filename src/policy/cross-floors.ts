import type { Category } from '../contracts/category.ts';
import type { Check } from '../contracts/check.ts';
import type { CrossFloorState, Evidence } from '../contracts/decision.ts';
import { familyOf } from '../fusion/evidence-family.ts';
import type { Facts, Failure } from './facts.ts';

/** One half of a floor that needs two. */
interface Side {
  readonly name: string;
  /** This signal alone is enough. */
  readonly speaks: (signal: Evidence) => boolean;
  /** So is this fused risk. */
  readonly from: readonly (readonly [Category, number])[];
  /** A detector that looks for one of these and could not tell leaves this side open: then it counts as there. */
  readonly watches: readonly Category[];
}

/** Two things that may not come together, from whatever source: block, whatever a policy says. */
interface CrossFloor {
  readonly rule: string;
  /** Under which it is reported, whatever the evidence. */
  readonly category: Category;
  readonly sides: readonly [Side, Side];
}

/** Reason of the shipped word rule for a child in a text, whatever is said of it; also where it stands in metadata or is drawn. */
const MINOR_MENTIONED = /(^|:)lexicon:minor-mentioned$/;
/** Under all of these no shipped check speaks of a neutral portrait (docs/performance.md): 0.29 was the highest of 45. */
const SEXUAL_PICTURE = 0.4;
/** Words say more by accident; below this the standard policy lets them pass. */
const SEXUAL_WORDS = 0.6;
const UNDRESS = 0.3;
const MINOR = 0.1;
const LIKENESS = 0.4;
const BARE_OUTPUT = 0.6;

const isWords = (signal: Evidence) => familyOf(signal) === 'words';

const SEXUAL: Side = {
  name: 'sexual',
  speaks: (signal) => signal.category === 'sexual' && !isWords(signal) && signal.score >= SEXUAL_PICTURE,
  from: [
    ['sexual', SEXUAL_WORDS],
    ['ncii_undress', UNDRESS],
  ],
  watches: ['sexual', 'ncii_undress'],
};

/**
 * `face:young` begins at a reading of 29 years, where by the error of the reading (N(age + 2, 6), research of 2026-11) one in fourteen is a
 * minor; `face:illegible` is too small to read. An estimate only ever adds: no age clears a picture.
 */
const MINOR_SIDE: Side = {
  name: 'minor',
  speaks: ({ category, reason }) => category === 'sexual_minors' && (reason.startsWith('face:') || MINOR_MENTIONED.test(reason)),
  from: [['sexual_minors', MINOR]],
  watches: ['sexual_minors'],
};

const REAL_PERSON: Side = {
  name: 'real person',
  speaks: ({ category, reason }) =>
    category === 'real_person_likeness' && (reason === 'edit:same-person' || /^person:(protected|no-consent)/.test(reason)),
  from: [['real_person_likeness', LIKENESS]],
  watches: ['real_person_likeness'],
};

/**
 * Nudity in what comes out counts as it is, not as what the edit added: were the nudity of the input taken off, whoever uploads a
 * more naked picture would get a milder answer. `edit-anomaly` weighs the difference.
 */
const UNDRESSED: Side = {
  name: 'undress',
  speaks: (signal) => signal.category === 'sexual' && signal.subject.kind === 'artifact' && !isWords(signal) && signal.score >= BARE_OUTPUT,
  from: [['ncii_undress', UNDRESS]],
  watches: ['ncii_undress', 'sexual'],
};

/** They stand beside `FLOORS` for what no single category says. Both sides may come from one check or from two stages. */
export const CROSS_FLOORS: readonly CrossFloor[] = [
  { rule: 'floor:minor_sexual', category: 'sexual_minors', sides: [SEXUAL, MINOR_SIDE] },
  { rule: 'floor:real_person_undress', category: 'ncii_undress', sides: [REAL_PERSON, UNDRESSED] },
];

/** A floor that was met, with everything that speaks for either side. */
interface CrossFloorMet {
  readonly rule: string;
  readonly category: Category;
  readonly signals: readonly Evidence[];
  readonly failures: readonly Failure[];
}

type FindCheck = (id: string) => Pick<Check, 'looksAt' | 'categories'> | undefined;

/** Met when both sides are there, or one is and the other is open. Two open sides are a failure like any other: the policy says what then. */
export function crossFloorsMet(facts: Facts, find: FindCheck): CrossFloorMet[] {
  // One side at least must be seen; most prompts say nothing.
  if (facts.signals.length === 0) return [];
  return CROSS_FLOORS.flatMap(({ rule, category, sides }) => {
    const looked = sides.map((side) => look(side, facts, find));
    if (looked.some(({ state }) => state === 'absent') || looked.every(({ state }) => state === 'open')) return [];
    const found = new Set(looked.flatMap(({ signals }) => signals));
    return [
      {
        rule,
        category,
        signals: facts.signals.filter((signal) => found.has(signal)),
        failures: looked.flatMap(({ state, failures }) => (state === 'open' ? failures : [])),
      },
    ];
  });
}

/** How far each of these floors was from being met. */
export function crossFloorStates(facts: Facts, find: FindCheck): CrossFloorState[] {
  return CROSS_FLOORS.map(({ rule, sides }) => ({
    rule,
    sides: sides.map((side) => ({ side: side.name, state: look(side, facts, find).state })),
  }));
}

function look(side: Side, facts: Facts, find: FindCheck) {
  const reached = side.from.filter(([category, score]) => (facts.risks.get(category) ?? 0) >= score).map(([category]) => category);
  const signals = facts.signals.filter((signal) => side.speaks(signal) || reached.includes(signal.category));
  const failures = [...facts.failures, ...facts.earlierFailures].filter(({ check }) => isBlinded(side, find(check)));
  const state: CrossFloorState['sides'][number]['state'] = signals.length > 0 ? 'there' : failures.length > 0 ? 'open' : 'absent';
  return { state, signals, failures };
}

/**
 * Only of what looks at pictures: words that a check could not judge are held and stand there for a person to read, while nobody should
 * have to look at such a picture. A check that nobody knows may have been anything.
 */
function isBlinded({ watches }: Side, check: ReturnType<FindCheck>): boolean {
  if (check === undefined) return true;
  return check.looksAt.some((kind) => kind !== 'prompt') && watches.some((category) => check.categories.includes(category));
}
