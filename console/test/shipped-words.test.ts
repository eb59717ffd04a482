import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATEGORIES } from '../../src/contracts/category.ts';
import { SHIPPED_DEADLINES } from '../../src/policy/deadlines.ts';
import { obligationsUnder } from '../../src/review/clocks/obligations.ts';
import { reasonsFor } from '../../src/review/reasons.ts';
import { SHIPPED_SECOND_REVIEW } from '../../src/review/second-review.ts';
import { de } from '../src/words/de.ts';
import { shipped } from '../src/words/shipped.ts';
import { shippedWords } from '../src/words/shipped-words.ts';
import { type Key, phrase } from '../src/words/words.ts';

const REPO = new URL('../../', import.meta.url);
const policySchema = z.object({ rules: z.array(z.object({ id: z.string(), description: z.string() })) });

/** Descriptions of the rules of every policy that ships. */
function ruleTexts(): string[] {
  const folders = readdirSync(new URL('policies/', REPO), { withFileTypes: true }).filter(
    (one) => one.isDirectory() && one.name !== 'gazetteers',
  );
  return folders.flatMap(({ name }) => {
    const file = readFileSync(new URL(`policies/${name}/policy.yaml`, REPO), 'utf8');
    return policySchema.parse(parse(file)).rules.map(({ description }) => description);
  });
}

/** What the page on quality is told in sentences; the function that makes them is its route's own. */
function qualityNotes(): string[] {
  const source = readFileSync(new URL('src/http/routes/quality.ts', REPO), 'utf8');
  const made = source.slice(source.indexOf('function notesOf'));
  return [...made.matchAll(/['`]([A-Z][^'`]+\.)['`]/g)].map(([, text = '']) => text.replace(/\$\{\w+\}/, '7'));
}

const clocks = obligationsUnder(SHIPPED_DEADLINES);
const SENTENCES = {
  'reasons of decisions': reasonsFor(CATEGORIES).map(({ text }) => text),
  'names of clocks': clocks.map(({ name }) => name),
  'laws of clocks': clocks.flatMap(({ law }) => law ?? []),
  'rules of the policies': ruleTexts(),
  'rules of a second review': SHIPPED_SECOND_REVIEW.map(({ why }) => why),
  'notes on quality': qualityNotes(),
};
const nameOf = (text: string) => shippedWords(text, (key) => key);

describe('sentences of the gateway', () => {
  it.each(Object.entries(SENTENCES))('have words in every language: %s', (_, texts) => {
    expect(texts.length).toBeGreaterThan(3);
    expect(texts.filter((text) => !Object.hasOwn(shipped, nameOf(text)))).toEqual([]);
  });

  it('are all that the messages hold: what the gateway no longer says is not kept', () => {
    const said = new Set(Object.values(SENTENCES).flat().map(nameOf));
    // Where two policies or two clocks say the same, one of the names is enough.
    const texts = new Set(Object.entries(shipped).flatMap(([key, text]) => (said.has(key) ? [text] : [])));
    expect(Object.entries(shipped).filter(([, text]) => !texts.has(text))).toEqual([]);
  });

  it('are told in the language of the reader, with the number that they name', () => {
    const say = (key: Key, values?: { readonly n: number }) => phrase(de, key, values, 'de');
    expect(shippedWords('A protected work or mark.', say)).toBe('Ein geschütztes Werk oder Zeichen.');
    expect(shippedWords('Regulation (EU) 2021/784, article 3(3)', say)).toBe('Verordnung (EU) 2021/784, Artikel 3 Absatz 3');
    const [note = ''] = qualityNotes();
    expect(shippedWords(note.replace('7', '1234'), say)).toMatch(/^Zweimal angesehene Fälle: nur 1\.234\./);
  });

  it("stay as an operator wrote them where they are an operator's own, also under the name of a shipped rule", () => {
    const own = 'Pictures of our mascot in a bad light, 7 days a week.';
    expect(nameOf(own)).toBe(own);
    expect(nameOf('named-public-figure')).toBe('named-public-figure');
  });
});
