/**
 * One line of a stranger's text (a file's name, what a file says of itself) without what a terminal obeys: control characters, escape
 * sequences, marks that turn the direction of text.
 */
export function printable(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
}
