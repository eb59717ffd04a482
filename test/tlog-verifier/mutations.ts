import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../bench/random.ts';
import { formatBundle, parseBundle } from '../../src/ledger/entry-bundle.ts';
import { HASH_BYTES } from '../../src/ledger/merkle.ts';

export const MUTATION_KINDS = [
  'flip_bit',
  'swap_entries',
  'drop_entry',
  'swap_hashes',
  'truncate',
  'extend',
  'replace_file',
  'delete_file',
  'change_size',
  'roll_back',
] as const;
export type MutationKind = (typeof MUTATION_KINDS)[number];

export interface Mutation {
  readonly kind: MutationKind;
  readonly path: string;
  readonly before: Uint8Array;
  /** Null: the file is gone. */
  readonly after: Uint8Array | null;
}

export interface FuzzOptions {
  /** An exported log that verifies. It is restored after each mutation. */
  readonly dir: string;
  /** A checkpoint of the same log that was signed and cosigned earlier. */
  readonly olderCheckpoint: string;
  readonly count: number;
  readonly seed: number;
  /** Runs the verifiers on `dir`; true when they all refused it. */
  readonly detected: (mutation: Mutation) => Promise<boolean>;
  readonly onProgress?: (done: number) => void;
}

export interface FuzzResult {
  readonly tried: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly undetected: readonly { readonly kind: MutationKind; readonly path: string }[];
}

interface Place {
  readonly path: string;
  readonly before: Buffer;
  readonly other: Uint8Array;
  readonly olderCheckpoint: string;
  below(n: number): number;
}

const isTile = (path: string) => /^tile\/\d/.test(path);
const isBundle = (path: string) => path.startsWith('tile/entries/');

/** Exchanges item `i` with the next one that differs; null when there is none. */
function swapped(items: readonly Uint8Array[], i: number): Uint8Array[] | null {
  const first = items[i];
  const j = items.findIndex((item, k) => k > i && first !== undefined && Buffer.compare(item, first) !== 0);
  if (first === undefined || j < 0) return null;
  return items.map((item, k) => (k === i ? items[j]! : k === j ? first : item));
}

/** Each gives the new content, null for a deleted file, or undefined when it does not fit this file. */
const MUTATORS: Record<MutationKind, (place: Place) => Uint8Array | null | undefined> = {
  flip_bit: ({ before, below }) => {
    const after = Buffer.from(before);
    const at = below(after.length);
    after[at] = after[at]! ^ (1 << below(8));
    return after;
  },
  swap_entries: ({ path, before, below }) => {
    const entries = isBundle(path) ? parseBundle(before) : null;
    const after = entries && swapped(entries, below(entries.length));
    return after ? formatBundle(after) : undefined;
  },
  drop_entry: ({ path, before, below }) => {
    const entries = isBundle(path) ? parseBundle(before) : null;
    return entries ? formatBundle(entries.toSpliced(below(entries.length), 1)) : undefined;
  },
  swap_hashes: ({ path, before, below }) => {
    if (!isTile(path)) return undefined;
    const hashes = Array.from({ length: before.length / HASH_BYTES }, (_, i) => before.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES));
    const after = swapped(hashes, below(hashes.length));
    return after ? Buffer.concat(after) : undefined;
  },
  truncate: ({ before, below }) => before.subarray(0, before.length - 1 - below(Math.min(before.length, 2 * HASH_BYTES))),
  extend: ({ before, below }) => Buffer.concat([before, Buffer.of(below(256))]),
  replace_file: ({ before, other }) => (Buffer.compare(before, other) === 0 ? undefined : other),
  delete_file: () => null,
  change_size: ({ path, before, below }) => {
    if (path !== 'checkpoint') return undefined;
    return Buffer.from(before.toString().replace(/^\d+$/m, (size) => String(Number(size) - 1 - below(100))));
  },
  roll_back: ({ path, olderCheckpoint }) => (path === 'checkpoint' ? Buffer.from(olderCheckpoint) : undefined),
};

async function listFiles(dir: string): Promise<string[]> {
  const found = await readdir(dir, { recursive: true, withFileTypes: true });
  return found.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name).slice(dir.length + 1));
}

async function nextMutation(
  files: readonly string[],
  { dir, olderCheckpoint }: FuzzOptions,
  kind: MutationKind,
  random: () => number,
): Promise<Mutation> {
  const below = (n: number) => Math.floor(random() * n);
  const onlyCheckpoint = kind === 'change_size' || kind === 'roll_back';
  for (;;) {
    // The few upper tiles and the checkpoint would hardly ever be hit if every file had the same chance.
    const rare = files.filter((path) => !isBundle(path) && !path.startsWith('tile/0/'));
    const pool = below(4) === 0 ? rare : files;
    const path = onlyCheckpoint ? 'checkpoint' : pool[below(pool.length)]!;
    const siblings = files.filter((file) => file.split('/')[1] === path.split('/')[1]);
    const [before, other] = await Promise.all([path, siblings[below(siblings.length)]!].map((file) => readFile(join(dir, file))));
    const after = MUTATORS[kind]({ path, before: before!, other: other!, olderCheckpoint, below });
    if (after !== undefined) return { kind, path, before: before!, after };
  }
}

/** Tampers with an exported log `count` times, one change at a time, every kind in turn, and asks `detected` each time. */
export async function fuzzLog(options: FuzzOptions): Promise<FuzzResult> {
  const { dir, count, seed, detected, onProgress } = options;
  const random = seededRandom(seed);
  const files = (await listFiles(dir)).sort();
  const byKind: Record<string, number> = {};
  const undetected: { kind: MutationKind; path: string }[] = [];
  for (let i = 0; i < count; i++) {
    const kind = MUTATION_KINDS[i % MUTATION_KINDS.length]!;
    const mutation = await nextMutation(files, options, kind, random);
    const file = join(dir, mutation.path);
    if (mutation.after === null) await rm(file);
    else await writeFile(file, mutation.after);
    try {
      if (!(await detected(mutation))) undetected.push({ kind, path: mutation.path });
    } finally {
      await writeFile(file, mutation.before);
    }
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    onProgress?.(i + 1);
  }
  return { tried: count, byKind, undetected };
}
