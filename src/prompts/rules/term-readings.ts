import { addTerm, type TermNode, type TermUse } from './term-trie.ts';
import type { TermWord, Vocabulary } from './vocabulary.ts';

/** Readings of one term, at most. */
export const MAX_READINGS = 10_000;

/**
 * Adds a term to the tree. A beginning in it stands for every word of the vocabulary that begins so; returns how many
 * readings there are. A term with more than `MAX_READINGS` is not added, and twice that number returned.
 */
export function addReadings(trie: TermNode, words: readonly TermWord[], use: TermUse, vocabulary: Vocabulary): number {
  const plain = words.map(({ text, isBeginning }) => (isBeginning ? undefined : vocabulary.idsMeant({ text, isBeginning })[0]));
  const ids = plain.filter((id) => id !== undefined);
  if (ids.length === words.length) {
    addTerm(trie, ids, use);
    return 1;
  }
  let readings: number[][] = [[]];
  for (const word of words) {
    const meant = vocabulary.idsMeant(word);
    readings = readings.flatMap((reading) => meant.map((id) => [...reading, id]));
    if (readings.length > MAX_READINGS) return MAX_READINGS * 2;
  }
  for (const reading of readings) addTerm(trie, reading, use);
  return readings.length;
}
