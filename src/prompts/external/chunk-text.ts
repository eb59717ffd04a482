/** Characters that two neighbours share, so that nothing is hidden on a cut. */
const OVERLAP = 200;

/**
 * Cuts a text into pieces of at most `maxChars` UTF-16 code units, each beginning within the one before. Cuts at a space
 * where one is near, never inside a surrogate pair.
 */
export function chunkText(text: string, maxChars: number): string[] {
  const chunks: string[] = [];
  let from = 0;
  while (text.length - from > maxChars) {
    const space = text.lastIndexOf(' ', from + maxChars);
    const hard = isLowSurrogate(text, from + maxChars) ? from + maxChars - 1 : from + maxChars;
    const to = space > from + maxChars / 2 ? space : hard;
    chunks.push(text.slice(from, to));
    const next = Math.max(from + 1, to - Math.min(OVERLAP, Math.floor(maxChars / 4)));
    from = isLowSurrogate(text, next) ? next - 1 : next;
  }
  chunks.push(text.slice(from));
  return chunks;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
