import type { TermWord, Vocabulary } from './vocabulary.ts';

/** Readings of one term, at most. */
export const MAX_READINGS = 10_000;

/** A term as ids of words. `count` is larger than the readings given only where there are too many, and then none is given. */
interface Readings {
  readonly readings: readonly (readonly number[])[];
  readonly count: number;
}

/**
 * Every sequence of words that a term stands for: a beginning in it stands for each word of the vocabulary that begins so.
 * Of a term with more than `MAX_READINGS` none is given, and twice that number told.
 */
export function readingsOf(words: readonly TermWord[], vocabulary: Vocabulary): Readings {
  let readings: number[][] = [[]];
  for (const word of words) {
    const meant = vocabulary.idsMeant(word);
    readings = readings.flatMap((reading) => meant.map((id) => [...reading, id]));
    if (readings.length > MAX_READINGS) return { readings: [], count: MAX_READINGS * 2 };
  }
  return { readings, count: readings.length };
}
