import { describe, expect, it } from 'vitest';
import { forTerminal, printable } from './printable.ts';

/** 8-bit CSI, ESC ] title BEL, right-to-left override, isolates, a tag character, a line separator, DEL. */
const HOSTILE = ['\u009b2J', '\u001b]0;title\u0007', '\u202egnp.exe', '\u2066a\u2069', '\u{e0041}', '\u2028', '\u007f', '\u001b[31m', '\r'];

describe('a stranger’s text on a terminal', () => {
  it.each(HOSTILE)('loses what the terminal would obey, in words and in JSON: %j', (text) => {
    for (const shown of [printable(text), forTerminal(`a${text}b`), forTerminal(JSON.stringify({ file: text }))])
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  });

  it.each(HOSTILE)('still says the same to whoever reads the JSON: %j', (text) => {
    expect(JSON.parse(forTerminal(JSON.stringify({ file: text })))).toEqual({ file: text });
  });

  it('keeps lines, tabs, our own bold words, joiners, and the letters of every script', () => {
    const own = 'a\n\tb \u001b[1mbold\u001b[0m می\u200cخواهم 👩\u200d🔬 日本 \u00e9';
    expect(forTerminal(own)).toBe(own);
  });
});
