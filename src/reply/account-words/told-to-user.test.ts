import { describe, expect, it } from 'vitest';
import { AGE_METHODS } from '../../contracts/end-user.ts';
import { LANGUAGES } from '../sentences/public-sentence.ts';
import { helpForUser, standingForUser } from './told-to-user.ts';

describe('what an end user is told about themselves', () => {
  it('is whole in every language, with each number and date in it', () => {
    for (const language of LANGUAGES) {
      const texts = AGE_METHODS.map((method) => {
        const told = helpForUser({ tier: 'paid', verified: true, age: { over: 18, method, withinDays: 90 } }, language);
        expect(told?.language).toBe(language);
        expect(told?.text, language).toMatch(/18.*90/s);
        return told?.text;
      });
      expect(new Set(texts).size, language).toBe(AGE_METHODS.length);
      const until = new Date('2031-05-17T08:00:00Z');
      const facts = { until, decisionId: null, generationId: null };
      const told = ['suspend', 'limit', 'step_up'].map((action) => standingForUser({ ...facts, action }, language).text);
      expect(
        told.slice(0, 2).every((text) => /2031|٢٠٣١|२०३१/.test(text)),
        language,
      ).toBe(true);
      expect(new Set([...told, standingForUser({ ...facts, action: 'ban', until: null }, language).text]).size, language).toBe(4);
      expect(`${texts} ${told}`).not.toMatch(/[{}]/);
    }
  });

  it('comes in the first language that is wished and known, and says nothing where nothing would help', () => {
    expect(helpForUser({ verified: true }, 'tlh, de-AT;q=0.9, fr;q=0.1')).toEqual({
      language: 'de',
      text: 'Ihre Identität muss bestätigt sein.',
    });
    expect(helpForUser({ verified: true }, 'tlh')?.language).toBe('en');
    expect(helpForUser({}, 'de')).toBeNull();
  });
});
