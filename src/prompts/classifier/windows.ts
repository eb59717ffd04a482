/**
 * Words of the windows over a long text, smallest first; the whole text is judged beside them. A prompt among harmless words is
 * found best by the window that is about as long as itself, and what a long text says all over is found in all of it.
 */
export const WINDOW_SCALES = [24, 48] as const;
/** A text up to this length is judged in one piece. */
export const WHOLE_WORDS = 42;

/**
 * Where windows of this size over a text of `words` words start and end, as start, end, start, end …: overlapping by three
 * quarters, none shorter than `size` unless the text is. Padding a prompt with harmless words moves no window that holds
 * the harmful ones.
 */
export function windowsOf(words: number, size: number): number[] {
  if (words <= size) return [0, words];
  const stride = Math.max(1, size >> 2);
  const bounds: number[] = [];
  for (let start = 0; start + size < words; start += stride) bounds.push(start, start + size);
  bounds.push(words - size, words);
  return bounds;
}

/** The sizes of the windows that a text of so many words is judged in: every scale where it is long, and itself as a whole. */
export function scalesOf(words: number): readonly number[] {
  return words <= WHOLE_WORDS ? [words] : [...WINDOW_SCALES, words];
}
