import type { BehaviorScores } from '../contracts/behavior-scores.ts';
import type { Suspicion } from './suspect-table.ts';
import { type Topic, weightOf } from './topic.ts';

/** What stands against an account or a device. */
export interface Against {
  readonly suspicion: Suspicion;
  readonly topics: readonly Topic[];
  /** Of `topics`, the one that this attempt comes back to. */
  readonly index: number | null;
}

/** What is known when a request comes. */
export interface Evidence {
  /** With this very attempt, before anybody knows what becomes of it. */
  readonly own: Against | undefined;
  readonly ofDevice: Against | undefined;
  /** Many people may stand behind both: only who comes back to something that was refused is charged with it, and with nothing else. */
  readonly isMany: boolean;
  /** Triples of words that several other accounts were refused with. */
  readonly shared: number;
  /** It uses the words of a campaign that a person has stopped. */
  readonly isStopped: boolean;
  readonly burst: number;
  readonly copies: number;
}

/**
 * Weights of the evidence for probing beside that of the strongest topic (topic.ts): `1 − exp(−sum)`. Chosen so that somebody who is refused by chance and says it in other
 * words once or twice stays far below 0.8, and whoever goes on is above it after about five (bench/behavior.ts).
 */
const OTHER_TOPICS = 0.25;
const REFUSED = 0.1;
/** Of all requests, so many are refused to anybody. */
const BY_CHANCE = 0.1;
const SHARED = 0.12;
/** Below this a reason is what can be said of everybody. */
const LEAST = 0.05;

/** Each from 0 to 1, with what speaks for it. */
export function scoresOf({ own, ofDevice, isMany, shared, isStopped, burst, copies }: Evidence): BehaviorScores {
  const [ownParts = NOTHING, deviceParts = NOTHING] = [own, ofDevice].map((one) => partsOf(isMany ? ofThisTopic(one) : one));
  const isOfDevice = sumOf(deviceParts) > sumOf(ownParts);
  const parts = isOfDevice ? deviceParts : ownParts;
  const refused = (isOfDevice ? ofDevice : own)?.suspicion.refused ?? 0;
  const said: readonly (readonly [string, number])[] = [
    ['behavior:stopped-campaign', isStopped ? 9 : 0],
    ['behavior:mutations-refused', parts.again],
    ['behavior:mutations', parts.passed],
    ['behavior:hidden', parts.hidden],
    ['behavior:refusals', parts.refusals],
    ['behavior:shared-words', parts.shared + (shared > 1 ? 0.5 : 0)],
    ['behavior:burst', burst >= 0.5 ? burst : 0],
    ['behavior:copies', copies >= 0.5 ? copies : 0],
    ['behavior:device', isOfDevice ? LEAST : 0],
  ];
  const reasons = said
    .filter(([, weight]) => weight >= LEAST)
    .sort((a, b) => b[1] - a[1])
    .map(([code]) => code);
  const probing = probingOf(parts);
  return {
    probing: isMany ? Math.min(MOST_OF_MANY, probing) : probing,
    campaign: isStopped ? 1 : campaignOf(shared, isMany ? 0 : refused),
    burst,
    copies,
    reasons,
  };
}

function ofThisTopic(against: Against | undefined): Against | undefined {
  const topic = against?.topics[against.index ?? -1];
  if (against === undefined || topic === undefined) return undefined;
  return { suspicion: { ...against.suspicion, refused: 0, shared: 0 }, topics: [topic], index: 0 };
}

/** What stands against somebody who asks for nothing now. */
export const probingNow = (against: Pick<Against, 'suspicion' | 'topics'>): number => probingOf(partsOf(against));

/** Of whoever was never refused it is only likely: the words may be those that everybody speaks of today. */
const ON_FIRST_SIGHT = 0.75;
/**
 * Of whoever stands behind a key that names nobody: what one of them asked says little of the next one. Below 0.8, at which the shipped policy holds, or one person could
 * have a popular wish held for all the others; a policy of one's own may act on less.
 */
const MOST_OF_MANY = 0.75;
/** What nobody but a program has called a campaign is never certain. */
const MOST_LIKELY = 0.99;
const NOT_BY_TRIPLE = 0.6;

function campaignOf(shared: number, refused: number): number {
  if (shared < 2) return 0;
  return Math.min(MOST_LIKELY, (1 - NOT_BY_TRIPLE ** shared) * (refused > 0 ? 1 : ON_FIRST_SIGHT));
}

interface Parts {
  readonly again: number;
  readonly passed: number;
  readonly hidden: number;
  readonly refusals: number;
  readonly shared: number;
}

const NOTHING: Parts = { again: 0, passed: 0, hidden: 0, refusals: 0, shared: 0 };

function partsOf(against: Pick<Against, 'suspicion' | 'topics'> | undefined): Parts {
  if (against === undefined) return NOTHING;
  const { suspicion, topics } = against;
  let [strongest, weight, all] = [topics[0], 0, 0];
  for (const topic of topics) {
    const own = weightOf(topic);
    all += own;
    if (own > weight) [strongest, weight] = [topic, own];
  }
  const refusedOfIt = strongest?.refused ?? 0;
  const alone = strongest === undefined ? 0 : Math.min(weight, weightOf({ ...strongest, passed: 0, hidden: 0 }));
  const unhidden = strongest === undefined ? 0 : Math.min(weight, weightOf({ ...strongest, hidden: 0 }));
  return {
    again: alone + OTHER_TOPICS * (all - weight),
    passed: unhidden - alone,
    hidden: weight - unhidden,
    refusals: REFUSED * Math.max(0, suspicion.refused - Math.max(1, refusedOfIt) - BY_CHANCE * suspicion.asked),
    shared: SHARED * suspicion.shared,
  };
}

const sumOf = ({ again, passed, hidden, refusals, shared }: Parts) => again + passed + hidden + refusals + shared;
const probingOf = (parts: Parts) => 1 - Math.exp(-sumOf(parts));
