import type { Words } from '../words/use-words.tsx';

/** What is known of where a picture or a file comes from, with the codes of an upload check (`situations`, `declaration`) in words. */
export function toldProvenance(facts: Readonly<Record<string, unknown>>, words: Words): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, valueIn(name, value, words)]));
}

function valueIn(name: string, value: unknown, { named, date }: Words): unknown {
  if (name === 'situations' && Array.isArray(value)) return value.map((one) => named('situation', String(one)));
  if (typeof value !== 'string') return value;
  if (name === 'declaration' || name === 'label') return named('declaration', value);
  return name === 'checked_at' ? date(value) : value;
}
