import type { TrickKind } from './prompt-reading.ts';

/** A word on its way into the canonical view. `start` and `end` are positions in the text that was read. */
export interface DraftWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What had to be undone to read it; each kind once. */
  readonly tricks: readonly TrickKind[];
  /** Width of the white space before it. */
  readonly gap: number;
}

/** `words` read as one word. */
export function joined(words: readonly DraftWord[], text: string, trick: TrickKind): DraftWord {
  const [first] = words;
  return {
    text,
    start: Math.min(...words.map(({ start }) => start)),
    end: Math.max(...words.map(({ end }) => end)),
    tricks: withTricks(
      words.flatMap(({ tricks }) => tricks),
      trick,
    ),
    gap: first?.gap ?? 0,
  };
}

export function withTricks(tricks: readonly TrickKind[], ...more: readonly TrickKind[]): readonly TrickKind[] {
  return [...new Set([...tricks, ...more])];
}

/** The words that a run of letters holds, each placed over the letters of `parts` that it was read from. */
export function divided(parts: readonly DraftWord[], texts: readonly string[], trick: TrickKind): DraftWord[] {
  const owners = parts.flatMap((part) => Array.from({ length: part.text.length }, () => part));
  let at = 0;
  return texts.map((text, index) => {
    const read = owners.slice(at, at + text.length);
    const isOnlyPart = read.every((part) => part === read[0]);
    const offset = at - owners.indexOf(read[0] ?? NOWHERE);
    at += text.length;
    const word = joined([...new Set(read)], text, trick);
    return isOnlyPart ? inside(word, offset, read[0]) : { ...word, gap: index === 0 ? word.gap : 1 };
  });
}

const NOWHERE: DraftWord = { text: '', start: 0, end: 0, tricks: [], gap: 0 };

/** Letter for letter while the user wrote one unit a letter; otherwise the whole part is the place. */
function inside(word: DraftWord, offset: number, part: DraftWord | undefined): DraftWord {
  const isPlain = part !== undefined && part.end - part.start === part.text.length;
  return isPlain ? { ...word, start: part.start + offset, end: part.start + offset + word.text.length } : word;
}
