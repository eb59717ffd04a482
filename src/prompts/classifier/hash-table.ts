/** A table from 32-bit hashes to 32-bit values in two flat arrays, as it lies in a model file. Zero means empty. */
export interface HashTable {
  readonly keys: Uint32Array;
  readonly values: Uint32Array;
}

/** The value of a hash, or 0. Open addressing; a table that is never more than half full ends every search soon. */
export function lookUp({ keys, values }: HashTable, hash: number): number {
  const mask = keys.length - 1;
  const key = hash === 0 ? 1 : hash;
  for (let at = key & mask, steps = 0; steps <= mask; at = (at + 1) & mask, steps++) {
    const found = keys[at];
    if (found === key) return values[at] ?? 0;
    if (found === 0) return 0;
  }
  return 0;
}

/** A table of these entries, at most half full. Values of the same hash are joined by OR. */
export function buildTable(entries: ReadonlyMap<number, number>): HashTable {
  let size = 16;
  while (size < entries.size * 2) size *= 2;
  const keys = new Uint32Array(size);
  const values = new Uint32Array(size);
  for (const [hash, value] of entries) {
    const key = hash === 0 ? 1 : hash;
    let at = key & (size - 1);
    while (keys[at] !== 0 && keys[at] !== key) at = (at + 1) & (size - 1);
    keys[at] = key;
    values[at] = (values[at] ?? 0) | value;
  }
  return { keys, values };
}

/** True when no search in this table can run through all of it. */
export function isSound({ keys, values }: HashTable): boolean {
  const size = keys.length;
  if (size < 16 || (size & (size - 1)) !== 0 || values.length !== size) return false;
  let used = 0;
  for (let at = 0; at < size; at++) if (keys[at] !== 0) used += 1;
  return used * 2 <= size;
}
