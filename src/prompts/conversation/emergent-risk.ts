import type { Category } from '../../contracts/category.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { Signal } from '../../contracts/finding.ts';
import type { PromptContext } from '../rules/facts.ts';
import { belongsTogether } from './belongs-together.ts';
import type { PastTurn } from './conversation-memory.ts';
import { withoutEditWords } from './edit-words.ts';
import { extensions, firstSets, isLastTurns, nameOf, type TurnSet } from './turn-sets.ts';

/** What the local checks say about a text. */
export type JudgeText = (text: string, context?: PromptContext) => readonly Signal[];

/** The strongest score of each category. */
export type Peaks = ReadonlyMap<Category, number>;

interface Emergence {
  /** Canonical text of the present turn, and what it says alone. */
  readonly text: string;
  readonly own: Peaks;
  /** Earlier turns that were shown, the newest first. */
  readonly turns: readonly PastTurn[];
  readonly judge: JudgeText;
}

/** Characters of larger sets that are judged for one request at most; the likeliest sets come first. */
const MOST_CHARS = 24_000;
/** And of pairs, which are never left out: a turn that is long on purpose would else hide what stands in it. */
const MOST_PAIR_CHARS = 120_000;
/** Less than any policy acts on. */
const LEAST_SCORE = 0.3;
/** How much the present turn must add to what the earlier ones say together: little, since drift goes in small steps. */
const LEAST_STEP = 0.1;
/** A set that says this much more than its parts is worth one more turn. */
const LEAST_GAIN = 0.02;
const BEAM = 3;
const ROUNDS = 2;
/** Of the last turns, so many are also joined without a space. */
const MOST_GLUED = 3;

/**
 * Categories that some set of turns adds up to together with the present one, with the strongest score. A set counts when
 * it says more than each of its turns alone, and more than it says without the present turn. Concatenating everything
 * dilutes what is staged with other turns between (measured), so sets are tried, and those that gain are extended.
 * @throws ImprimaturError CHECK_FAILED when the turns are longer than can be judged
 */
export function emergentRisk(emergence: Emergence): Map<Category, number> {
  const { text, turns } = emergence;
  const search = { ...emergence, payload: withoutEditWords(text), risks: new Map<Category, number>(), spent: { pairs: 0, others: 0 } };
  if (text === '' || turns.length === 0) return search.risks;
  const tried = new Set<string>();
  let frontier = trials(firstSets(turns.length), tried, search);
  for (let round = 0; round < ROUNDS; round++) {
    const best = frontier.filter(({ gain, set }) => gain >= LEAST_GAIN && set.length <= ROUNDS + 1).sort((a, b) => b.gain - a.gain);
    const longer = best.slice(0, BEAM).flatMap(({ set }) => extensions(set, turns.length));
    frontier = trials(longer, tried, search);
  }
  return search.risks;
}

interface Search extends Emergence {
  readonly payload: string;
  readonly risks: Map<Category, number>;
  readonly spent: { pairs: number; others: number };
}

interface Trial {
  readonly set: TurnSet;
  readonly gain: number;
}

function trials(sets: readonly TurnSet[], tried: Set<string>, search: Search): Trial[] {
  return sets.flatMap((set) => {
    const name = nameOf(set);
    if (tried.has(name)) return [];
    tried.add(name);
    return [{ set, gain: trySet(set, search) }];
  });
}

/** How much more the set says than its parts, in the category where that is most; what counts is kept in `risks`. */
function trySet(set: TurnSet, search: Search): number {
  const parts = set.flatMap((number) => search.turns[number] ?? []);
  const separators = isLastTurns(set) && set.length <= MOST_GLUED ? [' ', ''] : [' '];
  return Math.max(...separators.map((separator) => tryJoined({ parts, before: joined(parts, separator), separator }, search)));
}

interface Candidate {
  readonly parts: readonly PastTurn[];
  /** The parts without the present turn. */
  readonly before: string;
  readonly separator: string;
}

function tryJoined({ parts, before, separator }: Candidate, { payload, spent, own, judge, risks }: Search): number {
  const whole = `${before}${separator}${payload}`;
  if (!afford(spent, parts.length === 1, whole.length)) return 0;
  let most = 0;
  for (const signal of judge(whole)) {
    const { category, score } = signal;
    const gain = score - loudest(category, own, parts);
    most = Math.max(most, gain);
    if (score < LEAST_SCORE || score <= (risks.get(category) ?? 0) || !belongsTogether({ whole, payload, signal, gain })) continue;
    if (isOfPresentTurn(category, score, { before, parts, judge })) risks.set(category, score);
  }
  return most;
}

interface Earlier {
  readonly before: string;
  readonly parts: readonly PastTurn[];
  readonly judge: JudgeText;
}

/** False when the earlier turns add up to it by themselves: then it is not the present one's doing. */
function isOfPresentTurn(category: Category, score: number, { before, parts, judge }: Earlier): boolean {
  return parts.length === 1 || score >= (peaksOf(judge(before)).get(category) ?? 0) + LEAST_STEP;
}

/** Whether this much may still be judged. @throws ImprimaturError when a pair cannot be: then nobody can tell */
function afford(spent: Search['spent'], isPair: boolean, chars: number): boolean {
  if (isPair) {
    spent.pairs += chars;
    if (spent.pairs > MOST_PAIR_CHARS) throw new ImprimaturError('CHECK_FAILED', { detail: 'the turns of a conversation are too long' });
    return true;
  }
  if (spent.others + chars > MOST_CHARS) return false;
  spent.others += chars;
  return true;
}

function joined(parts: readonly PastTurn[], separator: string): string {
  return parts.map(({ text }, index) => (index === 0 ? text : withoutEditWords(text))).join(separator);
}

/** The strongest that any part says alone. */
function loudest(category: Category, own: Peaks, parts: readonly PastTurn[]): number {
  return Math.max(own.get(category) ?? 0, ...parts.map(({ evidence }) => evidence[category] ?? 0));
}

export function peaksOf(signals: readonly Signal[]): Peaks {
  const peaks = new Map<Category, number>();
  for (const { category, score } of signals) peaks.set(category, Math.max(score, peaks.get(category) ?? 0));
  return peaks;
}
