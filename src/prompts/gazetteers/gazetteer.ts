import { createHash } from 'node:crypto';
import { addReadings } from '../rules/term-readings.ts';
import { createTrie, type TermNode } from '../rules/term-trie.ts';
import { createTermReader } from '../rules/term-words.ts';
import { createVocabulary, type Vocabulary } from '../rules/vocabulary.ts';
import type { Pack, PackEntry } from './pack.ts';

/** The names of all packs, ready to be found. */
export interface Gazetteer {
  /** Names, versions and a digest of the packs. */
  readonly version: string;
  readonly vocabulary: Vocabulary;
  /** `rule` of a use is the kind (index into `kinds`); `part` is 1 for a weak alias, else 0. */
  readonly names: TermNode;
  readonly kinds: readonly PackEntry['kind'][];
  readonly nameCount: number;
}

/** Puts the names of all packs into one tree over canonical words. A name that folds to nothing, or one letter, is left out. */
export function createGazetteer(packs: readonly Pack[]): Gazetteer {
  const entries = packs.flatMap((pack) => pack.entries);
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  const indexOf = new Map(kinds.map((kind, index) => [kind, index]));
  const read = createTermReader();
  const phrases = entries.flatMap(({ kind, names }) =>
    names.map(({ text, isWeak }) => ({ words: read(text.toLowerCase()), use: { rule: indexOf.get(kind) ?? 0, part: isWeak ? 1 : 0 } })),
  );
  const usable = phrases.filter(({ words }) => words.reduce((letters, { text }) => letters + text.length, 0) > 1);
  const vocabulary = createVocabulary(usable.flatMap(({ words }) => words));
  const names = createTrie();
  for (const { words, use } of usable) addReadings(names, words, use, vocabulary);
  return { version: versionOf(packs), vocabulary, names, kinds, nameCount: usable.length };
}

function versionOf(packs: readonly Pack[]): string {
  const digest = createHash('sha256').update(JSON.stringify(packs)).digest('hex').slice(0, 12);
  return `${packs.map(({ name, version }) => `${name}@${version}`).join('+')}+${digest}`;
}
