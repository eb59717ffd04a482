import { shipped } from './shipped.ts';
import { isKey, type Key } from './words.ts';

/** Keys by what is said, a number in it as `{n}`. */
const KEYS = new Map<string, Key>(Object.entries(shipped).flatMap(([key, text]) => (isKey(key) ? [[text, key] as const] : [])));

/** A sentence of the gateway as the reader's language says it. One that does not ship, such as of an operator's own policy, stays as it was written. */
export function shippedWords(text: string, t: (key: Key, values?: { readonly n: number }) => string): string {
  const whole = KEYS.get(text);
  if (whole !== undefined) return t(whole);
  const [number] = /\d+/.exec(text) ?? [];
  const counted = number === undefined ? undefined : KEYS.get(text.replace(number, '{n}'));
  return counted === undefined ? text : t(counted, { n: Number(number) });
}
