import { createHash } from 'node:crypto';
import { z } from 'zod';
import { plantTerms, preparedTermsSchema, prepareTerms } from '../rules/prepared-terms.ts';
import type { TermTree } from '../rules/term-trie.ts';
import { createTermReader } from '../rules/term-words.ts';
import type { Vocabulary } from '../rules/vocabulary.ts';
import { kindSchema, type Pack, type PackEntry } from './pack.ts';

/** The names of all packs, ready to be found. */
export interface Gazetteer {
  /** Names, versions and a digest of the packs. */
  readonly version: string;
  readonly vocabulary: Vocabulary;
  /** `rule` of a use is the kind (index into `kinds`); `part` is 1 for a weak alias, else 0. */
  readonly names: TermTree;
  readonly kinds: readonly PackEntry['kind'][];
  readonly nameCount: number;
}

/** The names of packs as plain data: read and numbered, which is most of the work of loading them. */
export const preparedNamesSchema = z.strictObject({
  version: z.string(),
  kinds: z.array(kindSchema),
  names: preparedTermsSchema,
});

export type PreparedNames = z.output<typeof preparedNamesSchema>;

/** Reads the names of all packs as canonical words. A name that folds to nothing, or one letter, is left out. */
export function prepareNames(packs: readonly Pack[]): PreparedNames {
  const entries = packs.flatMap((pack) => pack.entries);
  const kinds = [...new Set(entries.map(({ kind }) => kind))];
  const indexOf = new Map(kinds.map((kind, index) => [kind, index]));
  const read = createTermReader();
  const phrases = entries.flatMap(({ kind, names }) =>
    names.flatMap(({ text, isWeak }) =>
      spellings(text.toLowerCase()).map((name) => ({ words: read(name), use: { rule: indexOf.get(kind) ?? 0, part: isWeak ? 1 : 0 } })),
    ),
  );
  const usable = phrases.filter(({ words }) => words.reduce((letters, { text }) => letters + text.length, 0) > 1);
  return { version: versionOf(packs), kinds, names: prepareTerms(usable).terms };
}

/** A name with an apostrophe ("Levi's") is as often written without it. */
function spellings(name: string): readonly string[] {
  return name.includes("'") ? [name, name.replaceAll("'", '')] : [name];
}

/** Puts prepared names into one tree over canonical words. */
export function plantNames({ version, kinds, names }: PreparedNames): Gazetteer {
  const { vocabulary, terms, phraseCount } = plantTerms(names);
  return { version, vocabulary, names: terms, kinds, nameCount: phraseCount };
}

export function createGazetteer(packs: readonly Pack[]): Gazetteer {
  return plantNames(prepareNames(packs));
}

function versionOf(packs: readonly Pack[]): string {
  const digest = createHash('sha256').update(JSON.stringify(packs)).digest('hex').slice(0, 12);
  return `${packs.map(({ name, version }) => `${name}@${version}`).join('+')}+${digest}`;
}
