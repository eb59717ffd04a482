/** Longer lines are not kept: a page of a thousand records of an exchange has a tenth of this. */
export const MOST_LINE_CHARS = 8 * 1024 * 1024;

/** A line without its end; null for one that is longer than `MOST_LINE_CHARS`. */
export type TextLine = string | null;

/** The lines of a stream of UTF-8, a byte order mark left out, in bounded memory whatever comes. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TextLine> {
  const decoder = new TextDecoder();
  let rest = '';
  let isTooLong = false;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield isTooLong || line.length > MOST_LINE_CHARS ? null : line;
      isTooLong = false;
    }
    if (rest.length <= MOST_LINE_CHARS) continue;
    isTooLong = true;
    rest = '';
  }
  rest += decoder.decode();
  if (isTooLong) yield null;
  else if (rest !== '') yield rest;
}
