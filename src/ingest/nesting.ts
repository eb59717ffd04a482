import { ImprimaturError } from '../contracts/errors.ts';

/** Deeper than any model's options, and shallow enough for every later walk, which recurses. */
const MAX_DEPTH = 64;

/** Goes level by level, since a body of 120 MB can be nested deeper than the stack. @throws ImprimaturError REQUEST_INVALID */
export function requireShallow(fields: Readonly<Record<string, unknown>>): void {
  let level: unknown[] = Object.values(fields);
  for (let depth = 1; level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (depth > MAX_DEPTH)
        throw new ImprimaturError('REQUEST_INVALID', { hint: `Fields may be nested ${MAX_DEPTH} levels deep.`, param: 'body' });
      for (const item of Object.values(value)) next.push(item);
    }
    level = next;
  }
}
