import { createHash } from 'node:crypto';
import type { Signal } from '../../contracts/finding.ts';
import type { OptOutId } from '../../contracts/ids.ts';
import type { PromptReading } from '../../prompts/reading/prompt-reading.ts';
import { type Phrase, plantTerms, prepareTerms } from '../../prompts/rules/prepared-terms.ts';
import { termsAt } from '../../prompts/rules/term-trie.ts';
import { createTermReader, flawOfTerm } from '../../prompts/rules/term-words.ts';
import { sequenceOf } from '../../prompts/rules/word-sequence.ts';
import type { OptOut } from './opt-out.ts';

/** Names of who opted out, ready to be found in prompts and in what files say of their makers. */
export interface OptOutNames {
  /** Empty when nobody opted out; changes with every change. */
  readonly version: string;
  /** What they were made of, so that another process can make the same. */
  readonly findable: readonly Findable[];
  /** `opt-out:<id>` for each whose name or work the prompt names. Linear; negative parts are not looked at. */
  judge(reading: PromptReading): Signal[];
  /** Who of those named as makers of a picture wants no training with it. */
  notForTraining(makers: readonly string[]): readonly OptOutId[];
}

/** A whole name says who is meant. It is refused or held: somebody asked for it, and a name is easily left out. */
const NAMED = 0.9;
/** One word that is no name of its own, such as the title of a work, can mean anything. */
const SINGLE_WORD = 0.5;
const MAX_SPANS = 32;

export const NOBODY_OPTED_OUT: OptOutNames = { version: '', findable: [], judge: () => [], notForTraining: () => [] };

/** What is to be found of an opt-out. */
export type Findable = Pick<OptOut, 'id' | 'name' | 'aliases' | 'works' | 'what' | 'expiresAt'>;

/** Equal entries in an equal order, equal version. */
export function createOptOutNames(given: readonly Findable[]): OptOutNames {
  if (given.length === 0) return NOBODY_OPTED_OUT;
  const optOuts = given.map(({ id, name, aliases, works, what, expiresAt }): Findable => ({ id, name, aliases, works, what, expiresAt }));
  const { vocabulary, terms } = plantTerms(prepareTerms(optOuts.flatMap(phrasesOf)).terms);
  const makers = optOuts.filter(({ what }) => what.includes('training')).map((one) => ({ one, names: makerNames(one) }));
  return {
    version: createHash('sha256').update(JSON.stringify(optOuts)).digest('hex').slice(0, 12),
    findable: optOuts,
    judge(reading) {
      const sequence = sequenceOf(reading, 'positive', vocabulary);
      const found = new Map<number, { score: number; spans: { start: number; end: number }[] }>();
      for (let from = 0; from < sequence.ids.length; from++) {
        if (sequence.ids[from] === -1 && !sequence.pairs.has(from)) continue;
        termsAt(terms, sequence, from, ({ rule, part }, last) => {
          const hit = found.get(rule) ?? { score: 0, spans: [] };
          hit.score = Math.max(hit.score, part === 1 ? SINGLE_WORD : NAMED);
          if (hit.spans.length < MAX_SPANS) hit.spans.push({ start: sequence.starts[from] ?? 0, end: sequence.ends[last] ?? 0 });
          found.set(rule, hit);
        });
      }
      return [...found].flatMap(([rule, { score, spans }]): Signal[] => {
        const optOut = optOuts[rule];
        return optOut === undefined || isOver(optOut) ? [] : [{ category: 'ip', score, reason: `opt-out:${optOut.id}`, spans }];
      });
    },
    notForTraining(given) {
      const said = given.map((maker) => ` ${foldedWords(maker)} `);
      const isMeant = (names: readonly string[]) => said.some((maker) => names.some((name) => isIn(name, maker)));
      return makers.filter(({ one, names }) => !isOver(one) && isMeant(names)).map(({ one }) => one.id);
    },
  };
}

/** A name of one word must be all that is said; one of several may stand within more, as in "Photo: … / Agency". */
function isIn(name: string, maker: string): boolean {
  return name.includes(' ') ? maker.includes(` ${name} `) : maker === ` ${name} `;
}

function makerNames({ name, aliases }: Findable): readonly string[] {
  return [name, ...aliases].map(foldedWords).filter((folded) => folded !== '');
}

function foldedWords(text: string): string {
  return wordsIn(text)
    .map((word) => word.text)
    .join(' ');
}

const wordsIn = (text: string) => createTermReader()(text.toLowerCase().replaceAll('*', ' '));

function phrasesOf({ name, aliases, works, what }: Findable, rule: number): Phrase[] {
  const isNamed = what.includes('name') || what.includes('style');
  const texts = [
    ...(isNamed ? [{ text: name, isWhole: true }] : []),
    ...(isNamed ? aliases : []).map((text) => ({ text, isWhole: false })),
    ...(what.includes('works') ? works : []).map((text) => ({ text, isWhole: false })),
  ];
  return texts.flatMap(({ text, isWhole }) => {
    const words = wordsIn(text);
    return isFindable(words) ? [{ words, use: { rule, part: isWhole || words.length > 1 ? 0 : 1 } }] : [];
  });
}

/** What folds to nothing, or to one letter, would be found in most prompts. */
function isFindable(words: ReturnType<typeof wordsIn>): boolean {
  return words.length > 0 && flawOfTerm(words) === undefined;
}

/** The member of an opt-out, such as `aliases[1]`, that nobody could ever find in a text. */
export function unfindableIn({ name, aliases, works }: Pick<Findable, 'name' | 'aliases' | 'works'>): string | undefined {
  const texts = [
    ['name', name],
    ...aliases.map((text, at) => [`aliases[${at}]`, text]),
    ...works.map((text, at) => [`works[${at}]`, text]),
  ] as const;
  return texts.find(([, text = '']) => !isFindable(wordsIn(text)))?.[0];
}

function isOver({ expiresAt }: Findable): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now();
}
