import { setImmediate as nextTurn } from 'node:timers/promises';
import { CATEGORIES, type Category } from '../../contracts/category.ts';
import type { LabeledExample } from './labeled-examples.ts';
import { logOdds, type TermCounts } from './log-odds.ts';
import { scoredWords } from './scored-words.ts';

/** A word or a pair of words that confirmed cases of a category share, with what speaks for it. */
export interface SuggestedTerm {
  readonly category: Category;
  /** Canonical words with one space between them. */
  readonly term: string;
  /** Confirmed prompts that have it, and the callers that they came from. */
  readonly confirmed: number;
  readonly callers: number;
  /** Harmless prompts that have it. */
  readonly benign: number;
  /** Standard deviations; see `log-odds.ts`. */
  readonly z: number;
  /** Ids of confirmed cases and labels that have it; at most `MOST_IDS`. */
  readonly examples: readonly string[];
}

export interface SuggestParts {
  readonly examples: readonly LabeledExample[];
  /** Published prompts that nobody labeled; they count as harmless. */
  readonly traffic: readonly LabeledExample[];
  /** True when the rules in force find this term for this category already. */
  isKnown(term: string, category: Category): Promise<boolean>;
}

/** One person cannot make a word: it takes so many callers, and none of them counts for more than `MOST_PER_CALLER` prompts. */
const LEAST_CALLERS = 3;
const LEAST_CONFIRMED = 4;
const MOST_PER_CALLER = 2;
/** Nor can one person drown a word in harmless prompts. Callers without a name are many people, so nothing limits them there. */
const MOST_BENIGN_PER_CALLER = 20;
/** About one chance find in a thousand terms; an operator looks at each. */
const LEAST_Z = 3;
const MOST_PER_CATEGORY = 50;
const MOST_IDS = 20;
const TEXTS_PER_TURN = 200;

/** Terms that are significantly more frequent in confirmed prompts of a category than in harmless ones; strongest first. */
export async function suggestTerms({ examples, traffic, isKnown }: SuggestParts): Promise<readonly SuggestedTerm[]> {
  const read = await readAll(examples);
  const ordinary = await readAll(traffic);
  const suggested: SuggestedTerm[] = [];
  for (const category of CATEGORIES) {
    const labeled = (as: boolean) => read.filter(({ example }) => example.labels[category] === as);
    const found = withoutEchoes(
      significantTerms(
        category,
        tally(labeled(true), () => MOST_PER_CALLER),
        tally([...labeled(false), ...ordinary], mostBenign),
      ),
    );
    let left = MOST_PER_CATEGORY;
    for (const one of found.toSorted((a, b) => b.z - a.z)) {
      if (left === 0) break;
      if (await isKnown(one.term, category)) continue;
      suggested.push(one);
      left -= 1;
    }
  }
  return suggested;
}

function significantTerms(category: Category, confirmed: Tally, benign: Tally): SuggestedTerm[] {
  return [...confirmed.byTerm].flatMap(([term, { ids, callers }]) => {
    if (callers.size < LEAST_CALLERS || ids.length < LEAST_CONFIRMED) return [];
    const z = logOdds(term, confirmed, benign);
    if (z < LEAST_Z) return [];
    const seen = benign.byTerm.get(term)?.ids.length ?? 0;
    return [{ category, term, confirmed: ids.length, callers: callers.size, benign: seen, z, examples: ids.slice(0, MOST_IDS) }];
  });
}

interface Read {
  readonly example: LabeledExample;
  /** Each term once. */
  readonly terms: ReadonlySet<string>;
}

async function readAll(examples: readonly LabeledExample[]): Promise<readonly Read[]> {
  const read: Read[] = [];
  for (const [index, example] of examples.entries()) {
    if (index % TEXTS_PER_TURN === TEXTS_PER_TURN - 1) await nextTurn();
    read.push({ example, terms: termsOf(scoredWords(example.text)) });
  }
  return read;
}

/** A term longer than this is no word. */
const LONGEST_WORD = 40;
const HAS_LETTERS = /\p{L}{2}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function termsOf(words: readonly string[]): ReadonlySet<string> {
  const terms = new Set<string>();
  words.forEach((word, index) => {
    if (word.length > LONGEST_WORD) return;
    if (HAS_LETTERS.test(word)) terms.add(word);
    const next = words[index + 1];
    if (next !== undefined && next.length <= LONGEST_WORD && HAS_LETTERS.test(word + next)) terms.add(`${word} ${next}`);
  });
  return terms;
}

interface Tally extends TermCounts {
  readonly byTerm: ReadonlyMap<string, { readonly ids: string[]; readonly callers: ReadonlyMap<string, number> }>;
}

function mostBenign(caller: string): number {
  return caller.endsWith('/') ? Number.POSITIVE_INFINITY : MOST_BENIGN_PER_CALLER;
}

/** Counts prompts, not occurrences, and no caller beyond a few: repeating a word a thousand times is one piece of evidence. */
function tally(read: readonly Read[], mostOf: (caller: string) => number): Tally {
  const byTerm = new Map<string, { ids: string[]; callers: Map<string, number> }>();
  const counts = new Map<string, number>();
  let total = 0;
  for (const { example, terms } of read) {
    for (const term of terms) {
      const met = byTerm.get(term) ?? { ids: [], callers: new Map<string, number>() };
      byTerm.set(term, met);
      met.ids.push(example.id);
      const before = met.callers.get(example.caller) ?? 0;
      met.callers.set(example.caller, before + 1);
      if (before >= mostOf(example.caller)) continue;
      counts.set(term, (counts.get(term) ?? 0) + 1);
      total += 1;
    }
  }
  return { byTerm, counts, total };
}

/** A pair goes where one of its words says as much, and a word goes where it is only ever met in that pair. */
function withoutEchoes(found: readonly SuggestedTerm[]): SuggestedTerm[] {
  const byTerm = new Map(found.map((one) => [one.term, one]));
  const echoes = new Set<string>();
  for (const { term, confirmed, benign } of found) {
    const words = term.split(' ');
    if (words.length < 2) continue;
    for (const word of words.map((one) => byTerm.get(one))) {
      if (word === undefined) continue;
      if (word.confirmed === confirmed && word.benign > benign) echoes.add(word.term);
      else echoes.add(term);
    }
  }
  return found.filter(({ term }) => !echoes.has(term));
}
