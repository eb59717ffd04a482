import { describe, expect, it } from 'vitest';
import { remembered } from './remembered.ts';

describe('what is remembered of words', () => {
  it('is asked once for a word, also when nothing is known of it', () => {
    let asked = 0;
    const of = remembered((word) => {
      asked += 1;
      return word === 'teapot' ? 1 : undefined;
    });
    expect([of('teapot'), of('teapot'), of('kettle'), of('kettle')]).toEqual([1, 1, undefined, undefined]);
    expect(asked).toBe(2);
  });

  it('does not grow with words that somebody makes up, and keeps no long ones', () => {
    let asked = 0;
    const of = remembered((word) => {
      asked += 1;
      return word.length;
    });
    for (let at = 0; at < 100_000; at++) of(`word${at}`);
    for (let at = 0; at < 20_000; at++) of(`word${at}`);
    expect(asked).toBeGreaterThan(110_000);
    const long = 'x'.repeat(1_000);
    const before = asked;
    expect([of(long), of(long)]).toEqual([1_000, 1_000]);
    expect(asked - before).toBe(2);
  });
});
