import { ImprimaturError } from '../contracts/errors.ts';

export type CanonicalJson = string | number | boolean | null | readonly CanonicalJson[] | { readonly [key: string]: CanonicalJson };

/** Far deeper than any entry, far shallower than the stack. */
const MAX_DEPTH = 64;

const refuse = (path: string, why: string) => new ImprimaturError('INTERNAL', { detail: `no canonical form at ${path}: ${why}` });

function canonicalString(text: string, path: string): string {
  // RFC 8785 §3.2.2.2: a lone surrogate has no UTF-8 form and must stop the encoder.
  if (/\p{Surrogate}/u.test(text)) throw refuse(path, 'lone surrogate');
  return JSON.stringify(text);
}

function canonicalObject(value: object, path: string, depth: number): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(path, 'not a plain object');
  const members = Object.entries(value)
    // `<` on strings compares UTF-16 code units, which is the order that RFC 8785 §3.2.3 asks for.
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${canonicalString(key, path)}:${encode(member, `${path}.${key}`, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function encode(value: unknown, path: string, depth: number): string {
  if (depth > MAX_DEPTH) throw refuse(path, 'too deep');
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return canonicalString(value, path);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refuse(path, 'not a finite number');
    // RFC 8785 §3.2.2.3 takes its number format from this very function.
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${Array.from(value, (item, i) => encode(item, `${path}[${i}]`, depth + 1)).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value, path, depth);
  throw refuse(path, `a ${typeof value}`);
}

/**
 * Canonical JSON, RFC 8785 (JCS): equal values give equal bytes in every language. Throws INTERNAL for what has no such form
 * (undefined, dates and other objects with a prototype, NaN, infinities, lone surrogates) and beyond 64 levels; the message
 * names the place and never the value.
 */
export function canonicalJson(value: CanonicalJson): string {
  return encode(value, '$', 0);
}
