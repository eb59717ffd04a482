import { describe, expect, it } from 'vitest';
import { languageIn, wishedLanguages } from './wished-languages.ts';

describe('the languages of a caller', () => {
  it('come in the order in which they are wanted', () => {
    expect(wishedLanguages('en;q=0.4, pt-BR, de;q=0.8, fr;q=0')).toEqual(['pt', 'de', 'en']);
  });

  it.each([undefined, '', '*', 'en;q=7', '<script>', ';;;,,,', 'a'.repeat(10_000)])('are none in %s', (header) => {
    expect(wishedLanguages(header)).toEqual([]);
    expect(languageIn(header)).toEqual({});
  });

  it('are told to the checks as one ISO 639 code', () => {
    expect(languageIn('tlh;q=0.9, sv-SE')).toEqual({ language: 'sv' });
    expect(languageIn('i')).toEqual({});
  });
});
