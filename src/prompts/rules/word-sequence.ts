import type { Canonical, PartRole, PromptReading } from '../reading/prompt-reading.ts';
import { isUnspaced } from './term-words.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Words of a prompt as the rules know them; −1 for a word that no rule knows and for the gap between two parts. */
export interface WordSequence {
  readonly ids: number[];
  /** UTF-16 positions in the text of the user. */
  readonly starts: number[];
  readonly ends: number[];
}

/** The words of all parts with this role, one after the other. Linear. */
export function sequenceOf({ parts }: PromptReading, role: PartRole, vocabulary: Vocabulary): WordSequence {
  const sequence: WordSequence = { ids: [], starts: [], ends: [] };
  for (const part of parts) {
    if (part.role !== role) continue;
    if (sequence.ids.length > 0) push(sequence, -1, part.canonical.words[0]?.span.start ?? 0, part.canonical.words[0]?.span.start ?? 0);
    takePart(sequence, part.canonical, vocabulary);
  }
  return sequence;
}

function takePart(sequence: WordSequence, { words }: Canonical, vocabulary: Vocabulary): void {
  for (const { text, span } of words) {
    if (isUnspaced(text)) takeCharacters(sequence, text, span.start, span.end, vocabulary);
    else push(sequence, vocabulary.idOf(text) ?? -1, span.start, span.end);
  }
}

/** A run without spaces, character by character; the places are exact where folding kept the length. */
function takeCharacters(sequence: WordSequence, text: string, start: number, end: number, vocabulary: Vocabulary): void {
  const isExact = text.length === end - start;
  let at = start;
  for (const char of text) {
    const next = at + char.length;
    push(sequence, vocabulary.idOf(char) ?? -1, isExact ? at : start, isExact ? next : end);
    at = next;
  }
}

function push({ ids, starts, ends }: WordSequence, id: number, start: number, end: number): void {
  ids.push(id);
  starts.push(start);
  ends.push(end);
}
