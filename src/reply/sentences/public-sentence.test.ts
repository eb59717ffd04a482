import { describe, expect, it } from 'vitest';
import { CATEGORIES } from '../../contracts/category.ts';
import { LANGUAGES, publicSentence } from './public-sentence.ts';

const refusal = { categories: ['violence_gore' as const], held: false, mayRephrase: true };

describe('what an end user is told', () => {
  it('is in the language that they want most, of those that we speak', () => {
    expect(publicSentence(refusal, 'sv, de-CH;q=0.8, en;q=0.9')).toMatchObject({ language: 'en' });
    expect(publicSentence(refusal, 'de-CH, en;q=0.9')?.text).toMatch(/^Das wurde nicht erstellt/);
    expect(publicSentence(refusal, 'fr;q=0, PT-br;q=0.2')).toMatchObject({ language: 'pt' });
  });

  it.each([undefined, '', '*', ';;;', 'xx', 'de;q=2', '__proto__', 'constructor', 'a'.repeat(100_000)])('is English for %j', (header) => {
    expect(publicSentence(refusal, header)).toMatchObject({ language: 'en' });
  });

  it('has a whole sentence for every category in at least ten languages, alike in none', () => {
    expect(LANGUAGES.length).toBeGreaterThanOrEqual(10);
    for (const category of CATEGORIES) {
      for (const held of [true, false]) {
        const texts = LANGUAGES.map(
          (language) => publicSentence({ categories: [category], held, mayRephrase: true }, language)?.text ?? '',
        );
        expect(new Set(texts).size).toBe(LANGUAGES.length);
        for (const text of texts) expect(text).toMatch(/^(?!.*[{}]).{12,}$/s);
      }
    }
  });

  it('advises other words only where other words are wanted', () => {
    expect(publicSentence(refusal, 'en')?.text).toContain('try again');
    expect(publicSentence({ ...refusal, mayRephrase: false }, 'en')?.text).not.toContain('try again');
    expect(publicSentence({ ...refusal, held: true }, 'en')?.text).not.toContain('try again');
  });

  it('names what weighs most, and nothing when nothing is known', () => {
    expect(publicSentence({ ...refusal, categories: ['ip', 'sexual_minors', 'sexual'] }, 'en')?.text).toContain('safety of children');
    expect(publicSentence({ ...refusal, categories: [] }, 'en')).toBeNull();
  });

  it('never names a rule, a score or a category by its code', () => {
    for (const category of CATEGORIES) {
      const { text = '' } = publicSentence({ ...refusal, categories: [category] }, 'en') ?? {};
      expect(text).not.toMatch(/\d|_|lexicon|classifier|threshold/);
    }
  });
});
