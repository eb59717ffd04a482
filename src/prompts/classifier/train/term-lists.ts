import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { canonicalize } from '../../reading/canonicalize.ts';
import { hashJoin, hashText } from '../hash-text.ts';
import { MAX_TERM_WORDS } from '../term-hits.ts';

const phrases = z.array(z.string());
const fileSchema = z.strictObject({
  version: z.string(),
  classes: z.record(z.string(), z.strictObject({ heads: phrases, terms: phrases })),
  templates: z.array(z.strictObject({ heads: phrases, texts: phrases })),
  slots: z.record(z.string(), phrases),
  harmless: phrases,
});

/** Lists and templates to train with; see policies/standard/prompt-model.terms.yaml. */
export type TermFile = z.infer<typeof fileSchema>;

/** Reads the lists, and adds those public lists whose licence allows it where the data folder has them. */
export async function readTermLists(path: string, lexicons: string | undefined): Promise<TermFile> {
  const file = fileSchema.parse(parse(await readFile(path, 'utf8')));
  if (lexicons === undefined) return file;
  const surge = (await readFile(join(lexicons, 'surge_profanity_en.csv'), 'utf8')).split('\n').slice(1).flatMap(parseSurge);
  const profane = (await readFile(join(lexicons, 'ldnoobw_v1.tsv'), 'utf8')).split('\n').map((line) => line.split('\t'));
  const ofSurge = (wanted: RegExp) => surge.filter(({ kind, severity }) => wanted.test(kind) && severity >= 1.6).map(({ term }) => term);
  const profaneTerms = (english: boolean) =>
    profane.flatMap(([lang, term = '']) => ((lang === 'en') === english && term.length > 3 ? [term] : []));
  return {
    ...file,
    classes: {
      ...file.classes,
      sexual_slang: { heads: ['sexual'], terms: ofSurge(/^sexual anatomy/) },
      slur: { heads: ['hate'], terms: ofSurge(/racial|orientation|religious/) },
      profane: { heads: [], terms: profaneTerms(true) },
      profane_foreign: { heads: [], terms: profaneTerms(false) },
    },
  };
}

function parseSurge(line: string): { term: string; kind: string; severity: number }[] {
  const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((match) => (match[1] ?? '').replaceAll('"', ''));
  const [term = '', , , , kind = '', , , severity = ''] = cells;
  return term === '' ? [] : [{ term, kind, severity: Number(severity) }];
}

/** The words of a term as the reader sees them; none for what is left of a masked word. */
export function termWords(term: string): string[] {
  const words = canonicalize(term).words.map(({ text }) => text);
  const whole = words.join('').length;
  return words.length > MAX_TERM_WORDS || whole < 3 || (words.length > 1 && words.every(({ length }) => length < 2)) ? [] : words;
}

/** The hash of each term, and the classes that it belongs to, a bit each. */
export function hashTerms({ classes }: TermFile): Map<number, number> {
  const hashes = new Map<number, number>();
  Object.values(classes).forEach(({ terms }, bit) => {
    for (const term of terms) {
      const words = termWords(term);
      if (words.length === 0) continue;
      const hash = phraseHash(words);
      hashes.set(hash, (hashes.get(hash) ?? 0) | (1 << bit));
    }
  });
  return hashes;
}

function phraseHash(words: readonly string[]): number {
  return words.slice(1).reduce((phrase, word) => hashJoin(phrase, hashText(word)), hashText(words[0] ?? ''));
}
