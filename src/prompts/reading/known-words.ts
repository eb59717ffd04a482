import type { Vocabulary } from '../rules/vocabulary.ts';
import { isLetterSign, otherReadings } from './look-alikes.ts';
import { normalize, type Piece } from './normalize.ts';

/** A word of the rules, where the user wrote it; `id` is −1 for a word that no rule knows. */
export interface KnownWord {
  readonly id: number;
  readonly start: number;
  readonly end: number;
}

/** Pieces that one hidden word may be broken into. */
const MAX_BROKEN_PIECES = 32;
const MIN_SPACED_LETTERS = 3;
const MAX_SPACED_LETTERS = 64;

/**
 * Reads a prompt as words of the rules. A word that no rule knows is read with its tricks undone; words broken by
 * signs (`n.u.d.e`, `p@rk`) or spelled with spaces (`n u d e`) count when the whole is a word of the rules. Linear.
 */
export function knownWords(text: string, vocabulary: Vocabulary): KnownWord[] {
  const pieces = normalize(text);
  const words: KnownWord[] = [];
  for (let at = 0; at < pieces.length; ) {
    const joined = readBroken(pieces, at, vocabulary) ?? readSpaced(pieces, at, vocabulary);
    if (joined !== undefined) words.push({ id: joined.id, start: pieces[at]?.start ?? 0, end: pieces[joined.last]?.end ?? 0 });
    else pushWord(words, pieces[at], vocabulary);
    at = joined === undefined ? at + 1 : joined.last + 1;
  }
  return words;
}

interface Joined {
  readonly id: number;
  /** Index of the last piece of the word. */
  readonly last: number;
}

function pushWord(words: KnownWord[], piece: Piece | undefined, vocabulary: Vocabulary): void {
  if (piece?.kind === 'word') words.push({ id: lookUp(piece.text, vocabulary) ?? -1, start: piece.start, end: piece.end });
}

function lookUp(word: string, vocabulary: Vocabulary): number | undefined {
  const id = vocabulary.idOf(word);
  if (id !== undefined || word.length > vocabulary.longest * 4) return id;
  for (const reading of otherReadings(word)) {
    const found = vocabulary.idOf(reading);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The longest run of touching words and signs that makes one word, unless its parts are words of the rules already. */
function readBroken(pieces: readonly Piece[], from: number, vocabulary: Vocabulary): Joined | undefined {
  if (!mayStartBroken(pieces, from)) return undefined;
  let spelled: Spelling = { withSigns: '', withoutSigns: '', allKnown: true };
  let best: Joined | undefined;
  for (let at = from; at < from + MAX_BROKEN_PIECES; at++) {
    const piece = pieces[at];
    if (piece === undefined || piece.kind === 'space') break;
    if (piece.kind === 'sign' && !isLetterSign(piece.text)) continue;
    spelled = extended(spelled, piece, vocabulary);
    if (!mayBecomeWord(spelled, vocabulary)) break;
    const id = at === from || spelled.allKnown ? undefined : idOfSpelling(spelled, piece, vocabulary);
    if (id !== undefined) best = { id, last: at };
  }
  return best;
}

/** A word in the making: signs read as letters, or left out. */
interface Spelling {
  readonly withSigns: string;
  readonly withoutSigns: string;
  /** True while every part is a word of the rules by itself and no mere particle, as in `see-through`. */
  readonly allKnown: boolean;
}

function extended({ withSigns, withoutSigns, allKnown }: Spelling, { kind, text }: Piece, vocabulary: Vocabulary): Spelling {
  const isWord = kind === 'word';
  return {
    withSigns: withSigns + text,
    withoutSigns: isWord ? withoutSigns + text : withoutSigns,
    allKnown: allKnown && isWord && text.length > 2 && vocabulary.idOf(text) !== undefined,
  };
}

/** Keeps the search linear: `a.a.a.a…` is given up as soon as no word of the rules begins that way. */
function mayBecomeWord({ withSigns, withoutSigns }: Spelling, vocabulary: Vocabulary): boolean {
  // A sign alone has no reading yet: `$` of `$ex` waits for its first letter.
  return withoutSigns === '' || readsAsBeginning(withSigns, vocabulary) || readsAsBeginning(withoutSigns, vocabulary);
}

function readsAsBeginning(letters: string, vocabulary: Vocabulary): boolean {
  return vocabulary.beginsWord(letters) || otherReadings(letters).some((reading) => vocabulary.beginsWord(reading));
}

function idOfSpelling({ withSigns, withoutSigns }: Spelling, { kind }: Piece, vocabulary: Vocabulary): number | undefined {
  return lookUp(withSigns, vocabulary) ?? (kind === 'word' ? lookUp(withoutSigns, vocabulary) : undefined);
}

function mayStartBroken(pieces: readonly Piece[], from: number): boolean {
  const [first, second] = [pieces[from], pieces[from + 1]];
  if (first === undefined || second === undefined || second.kind === 'space') return false;
  if (first.kind === 'word') return true;
  return isLetterSign(first.text) && second.kind === 'word' && pieces[from - 1]?.kind !== 'word';
}

/** Single letters with the same space between all of them; a wider space ends the word. Only the whole run counts. */
function readSpaced(pieces: readonly Piece[], from: number, vocabulary: Vocabulary): Joined | undefined {
  const gap = pieces[from + 1];
  if (gap?.kind !== 'space' || gap.end - gap.start > 3 || !isSingle(pieces[from]) || isSpacedBefore(pieces, from)) return undefined;
  let word = '';
  let last = from;
  for (let at = from; isSingle(pieces[at]) && word.length <= MAX_SPACED_LETTERS; at += 2) {
    word += pieces[at]?.text ?? '';
    last = at;
    const next = pieces[at + 1];
    if (next?.kind !== 'space' || next.end - next.start !== gap.end - gap.start) break;
  }
  const id = word.length < MIN_SPACED_LETTERS ? undefined : lookUp(word, vocabulary);
  return id === undefined ? undefined : { id, last };
}

/** Inside a run that was read from its start already; reading every tail of it would be quadratic, and find S E X in E S S E X. */
function isSpacedBefore(pieces: readonly Piece[], from: number): boolean {
  const [gap, next] = [pieces[from - 1], pieces[from + 1]];
  return gap?.kind === 'space' && isSingle(pieces[from - 2]) && next !== undefined && gap.end - gap.start === next.end - next.start;
}

function isSingle(piece: Piece | undefined): boolean {
  return piece?.kind === 'word' && piece.text.length === 1;
}
