import { readPrompt } from '../reading/read-prompt.ts';

/** The canonical words of the parts that ask for something; the same that a classifier scores in traffic. */
export function scoredWords(text: string): string[] {
  return readPrompt(text).parts.flatMap(({ role, canonical }) => (role === 'positive' ? canonical.words.map((word) => word.text) : []));
}
