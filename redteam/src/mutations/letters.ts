import type { LetterTrick } from './mutation.ts';

/** Writes each letter as another one; the way back is the same table turned round. */
export function substitution(name: string, table: Readonly<Record<string, string>>): LetterTrick {
  const back = new Map(Object.entries(table).map(([from, to]) => [to, from]));
  return {
    name,
    apply: (text) => mapLetters(text, (letter) => table[letter] ?? letter),
    undo: (text) => mapLetters(text, (letter) => back.get(letter) ?? letter),
  };
}

/** `a`…`z` onto an alphabet of consecutive code points, such as the mathematical ones. `holes` are where Unicode has the letter elsewhere. */
export function alphabet(name: string, firstCodePoint: number, holes: Readonly<Record<string, string>> = {}): LetterTrick {
  const table = [...'abcdefghijklmnopqrstuvwxyz'].map((letter, index) => [letter, String.fromCodePoint(firstCodePoint + index)]);
  return substitution(name, { ...Object.fromEntries(table), ...holes });
}

/** Each code point through `change`. */
export function mapLetters(text: string, change: (letter: string) => string): string {
  return Array.from(text, change).join('');
}

/** Each word through `change`; the gaps stay. */
export function mapWords(text: string, change: (word: string) => string): string {
  return text.replace(/[\p{L}\p{M}\p{N}]+/gu, change);
}

/** Takes out of a text whatever matches. */
export function without(pattern: RegExp): (text: string) => string {
  return (text) => text.replace(pattern, '');
}
