import { ENGLISH, isKey, type Key } from './words.ts';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** A queue as the reader's language calls it. What an operator named otherwise than it ships is shown as they named it. */
export function queueWords(
  { id, name, description }: Named,
  t: (key: Key) => string,
): { readonly name: string; readonly description: string } {
  const said = (key: string, text: string) => (isKey(key) && ENGLISH[key] === text ? t(key) : text);
  return { name: said(`queue.${id}`, name), description: said(`queueText.${id}`, description) };
}
