import { type SourceText, SourceWriter } from './source-text.ts';

/** From an override of direction to what ends it. */
const OVERRIDDEN = /[\u202d\u202e]([^\u202a-\u202e\n]*)/g;

/**
 * Puts text under a right-to-left override, which readers see in the opposite order, into the order in which they see
 * it; `isBetter` decides, since many an override stands before letters that are in order.
 */
export function undoOverride(source: SourceText, isBetter: (turned: string, stored: string) => boolean): SourceText {
  if (!source.text.includes('\u202e')) return source;
  const writer = new SourceWriter(source);
  let copied = 0;
  for (const match of source.text.matchAll(OVERRIDDEN)) {
    const stored = match[1] ?? '';
    const chars = Array.from(stored);
    const turned = [...chars].reverse();
    if (!match[0].startsWith('\u202e') || !isBetter(turned.join(''), stored)) continue;
    const end = match.index + match[0].length;
    writer.copy(copied, match.index);
    let at = end;
    for (const char of turned) {
      writer.put(char, at - char.length, at);
      at -= char.length;
    }
    writer.note('direction', match.index, end);
    copied = end;
  }
  writer.copy(copied, source.text.length);
  return writer.finish();
}
