/** Words of a window, and words between the starts of two windows. */
export const WINDOW_WORDS = 32;
export const WINDOW_STRIDE = 6;
/** A text up to this length is judged in one piece. */
export const WHOLE_WORDS = 42;

/**
 * Where windows over a text of `words` words start and end, as start, end, start, end …: overlapping, none shorter than
 * a window unless the text is. Padding a prompt with harmless words moves no window that holds the harmful ones.
 */
export function windowsOf(words: number): number[] {
  if (words <= WHOLE_WORDS) return [0, words];
  const bounds: number[] = [];
  for (let start = 0; start + WINDOW_WORDS < words; start += WINDOW_STRIDE) bounds.push(start, start + WINDOW_WORDS);
  bounds.push(words - WINDOW_WORDS, words);
  return bounds;
}
