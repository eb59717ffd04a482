import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../reply/sentences/public-sentence.ts';
import { pageBook } from './page-books.ts';

const sentences = (language: string) => {
  const { mark } = pageBook(language);
  const { changes, ...rest } = mark;
  return { ...rest, ...changes };
};

describe('what the page says of our invisible mark', () => {
  it.each(LANGUAGES.filter((language) => language !== 'en'))('stands in %s in its own words, each of them its own', (language) => {
    const [own, english] = [sentences(language), sentences('en')];
    expect(Object.keys(own)).toEqual(Object.keys(english));
    for (const [name, text] of Object.entries(own)) expect(text, name).not.toBe(new Map(Object.entries(english)).get(name));
    expect(new Set(Object.values(own)).size).toBe(Object.values(own).length);
    expect(own.since).toContain('{changes}');
    expect(own.turned).toContain('{degrees}');
  });
});
