import { existsSync, readFileSync } from 'node:fs';

export type Json = { readonly [key: string]: unknown };

export const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const loaded = new Map<string, Json>();

export function result(name: string): Json {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const path = `bench/results/${name}.json`;
  const parsed: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const found = isRecord(parsed) ? parsed : {};
  loaded.set(name, found);
  return found;
}

/** The value under a path such as `ledger.embedded.leavesPerSecond` or `hash-search.sizes.0.count`; the first part names the result. */
export function value(path: string): unknown {
  const [name = '', ...rest] = path.split('.');
  return rest.reduce<unknown>((at, key) => (Array.isArray(at) ? at[Number(key)] : isRecord(at) ? at[key] : undefined), result(name));
}

export function list(path: string): readonly Json[] {
  const found = value(path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

export const number = (found: unknown) => (typeof found === 'number' && Number.isFinite(found) ? found : null);

export const ratio = (a: unknown, b: unknown) => {
  const [x, y] = [number(a), number(b)];
  return x === null || y === null ? undefined : x / y;
};

export const percent = (share: unknown) => {
  const n = number(share);
  return n === null ? undefined : 100 * n;
};
