/**
 * One line of a stranger's text (a file's name, what a file says of itself) without what a terminal obeys: control characters, escape
 * sequences, marks that turn the direction of text.
 */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}

/** Line break and tab, and the two joiners that scripts and emoji need. */
const KEPT: ReadonlySet<string> = new Set(['\n', '\t', '\u200c', '\u200d']);
/** Bold and plain: what our own words use. */
const OWN_ESCAPES = ['\u001b[1m', '\u001b[0m'] as const;

/** A whole answer as a terminal may have it: what it would obey is written as `\u009b`, which in JSON says the same. */
export function forTerminal(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (found: string, at: number) =>
    KEPT.has(found) || OWN_ESCAPES.some((own) => text.startsWith(own, at)) ? found : escaped(found),
  );
}

/** By UTF-16 code units, as JSON has it. */
function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');
}
