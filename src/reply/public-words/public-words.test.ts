import { describe, expect, it } from 'vitest';
import { LAWS, RESTRICTIONS, type ReasonsRecord } from '../../review/statements/reasons-record.ts';
import { LANGUAGES } from '../sentences/public-sentence.ts';
import { plainStatement } from '../statement-of-reasons.ts';
import { BOOKS } from './public-books.ts';

/** Every text of a book, by its path. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value ?? {}).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

const record: ReasonsRecord = {
  puid: 'dec_1',
  restriction: 'removed',
  content: 'picture',
  categories: ['hate', 'self_harm'],
  contentOn: '2026-11-20',
  decidedOn: '2026-11-22',
  detection: 'people',
  decision: 'not_automated',
  source: 'notice',
  by: 'operator',
  policy: 'standard@1.0.0',
  law: null,
};
const until = new Date('2027-05-22T00:00:00Z');
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

/** Names and short words that languages share. */
const SHARED = 0.06;

describe.each(OTHERS)('what the public pages say in %s', (language) => {
  it('is as complete as in English and in words of its own', () => {
    const [own, english] = [new Map(texts(BOOKS[language])), new Map(texts(BOOKS.en))];
    expect([...own.keys()]).toEqual([...english.keys()]);
    const same = [...own].filter(([path, text]) => english.get(path) === text);
    expect(same.length / own.size, same.join()).toBeLessThan(SHARED);
    for (const [path, text] of own) expect(text.trim(), path).not.toBe('');
  });

  it('renders every statement of reasons without a place left empty', () => {
    for (const law of [null, ...LAWS])
      for (const restriction of RESTRICTIONS) {
        const { sentences, language: spoken } = plainStatement({ ...record, law, restriction }, until, language);
        expect(spoken).toBe(language);
        expect(sentences.join(' ')).not.toMatch(/[{}]|undefined/);
        expect(sentences.join(' ')).not.toContain(plainStatement({ ...record, law, restriction }, until, 'en').sentences[0]);
      }
  });
});

describe('a statement of reasons in plain words', () => {
  it('says what, why, who noticed, who decided, the rule, and how to appeal', () => {
    expect(plainStatement(record, until, 'en').sentences).toEqual([
      'A picture that you made was taken down.',
      'The reason: it may involve self-harm, hate against people.',
      'Somebody reported it.',
      'A person decided.',
      'The rule stands in the published policy of this service (standard@1.0.0).',
      'It applies everywhere and has no end date.',
      'You can appeal free of charge until May 22, 2027. A person who had no part in the decision will answer.',
      'You can also turn to a certified out-of-court dispute settlement body, or to a court.',
    ]);
  });
});
