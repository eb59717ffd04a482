import type { Canonical, PartRole, PromptReading } from '../reading/prompt-reading.ts';
import { isUnspaced } from '../reading/scripts.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Words of a prompt as the rules know them; −1 for a word that no rule knows and for the gap between two parts. */
export interface WordSequence {
  readonly ids: number[];
  /** UTF-16 positions in the text of the user. */
  readonly starts: number[];
  readonly ends: number[];
  /** Ids of words that two neighbors make together, by the index of the first. */
  pairs: Map<number, number>;
}

const MIN_HALF = 3;
/** Most texts have none; never written to. */
const NO_PAIRS = new Map<number, number>();

/** The words of all parts with this role, one after the other. Linear. */
export function sequenceOf({ parts }: PromptReading, role: PartRole, vocabulary: Vocabulary): WordSequence {
  const sequence: WordSequence = { ids: [], starts: [], ends: [], pairs: NO_PAIRS };
  for (const part of parts) {
    if (part.role !== role) continue;
    if (sequence.ids.length > 0) push(sequence, -1, part.canonical.words[0]?.span.start ?? 0, part.canonical.words[0]?.span.start ?? 0);
    takePart(sequence, part.canonical, vocabulary);
  }
  return sequence;
}

function takePart(sequence: WordSequence, { words }: Canonical, vocabulary: Vocabulary): void {
  /** The word before, where a word of the rules begins with it. */
  let before = '';
  for (const { text, span } of words) {
    const isHalf = text.length >= MIN_HALF && text < '{';
    if (isHalf && before !== '' && before.length + text.length <= vocabulary.longest) takePair(sequence, before + text, vocabulary);
    if (isUnspaced(text)) {
      before = '';
      takeCharacters(sequence, text, span.start, span.end, vocabulary);
      continue;
    }
    const { id, isBeginning } = vocabulary.entryOf(text);
    before = isHalf && isBeginning ? text : '';
    push(sequence, id, span.start, span.end);
  }
}

/** The word was cut in two that are words as well, so the reading could not know; only words of the rules are asked for. */
function takePair(sequence: WordSequence, text: string, vocabulary: Vocabulary): void {
  const id = vocabulary.wholeIdOf(text);
  if (id === undefined) return;
  if (sequence.pairs === NO_PAIRS) sequence.pairs = new Map();
  sequence.pairs.set(sequence.ids.length - 1, id);
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
