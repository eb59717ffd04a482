import { createHash } from 'node:crypto';
import type { Category } from '../../contracts/category.ts';
import { parsePdq } from '../pdq/pdq-bits.ts';
import type { HashAlgorithm, HashEntry } from './hash-entry.ts';
import type { HashList } from './load-hash-list.ts';
import { createPdqIndex } from './pdq-index.ts';

/** A list knows this content. */
export interface HashMatch {
  readonly list: string;
  readonly algorithm: HashAlgorithm;
  /** What the list says that it is; without one it is known bad and no more. */
  readonly category: Category | undefined;
}

/** How many hashes of each kind a list holds. */
export type HashCounts = { readonly list: string } & Readonly<Record<HashAlgorithm, number>>;

/** All hash lists of the gateway, in memory. No list is shipped: lists come from their owners, under agreement. */
export interface HashRegistry {
  /** Empty when nothing is loaded. */
  readonly counts: readonly HashCounts[];
  /** Sixteen hex digits over all entries, so that a finding can say which state of the lists it saw. */
  readonly version: string;
  /** Categories that entries may map to, besides `known_bad`. */
  readonly categories: readonly Category[];
  readonly hasPdq: boolean;
  /** Which digests of a picture are worth making; none that no list has. */
  readonly exactAlgorithms: readonly ('sha256' | 'md5')[];
  /** `value` in lower-case hex. */
  matchExact(algorithm: 'sha256' | 'md5', value: string): HashMatch[];
  /** At most `maxDistance` of 256 bits away. */
  matchPdq(hash: Uint32Array, maxDistance: number): HashMatch[];
}

export function createHashRegistry(lists: readonly HashList[]): HashRegistry {
  const listed = lists.flatMap(({ name, entries }) => entries.map((entry) => ({ list: name, entry })));
  const exact = new Map<string, HashMatch[]>();
  for (const { list, entry } of listed) {
    if (entry.algorithm === 'pdq') continue;
    const key = `${entry.algorithm} ${entry.value}`;
    exact.set(key, [...(exact.get(key) ?? []), toMatch(list, entry)]);
  }
  const perceptual = listed.flatMap(({ list, entry }) => {
    const bits = entry.algorithm === 'pdq' ? parsePdq(entry.value) : undefined;
    return bits === undefined ? [] : [{ bits, match: toMatch(list, entry) }];
  });
  const index = createPdqIndex(perceptual.map(({ bits }) => bits));
  return {
    counts: lists.map(countsOf),
    version: versionOf(listed),
    categories: [...new Set(listed.flatMap(({ entry }) => entry.category ?? []))],
    hasPdq: perceptual.length > 0,
    exactAlgorithms: (['sha256', 'md5'] as const).filter((algorithm) => listed.some(({ entry }) => entry.algorithm === algorithm)),
    matchExact: (algorithm, value) => exact.get(`${algorithm} ${value}`) ?? [],
    matchPdq: (hash, maxDistance) => index.near(hash, maxDistance).flatMap((position) => perceptual[position]?.match ?? []),
  };
}

function toMatch(list: string, { algorithm, category }: HashEntry): HashMatch {
  return { list, algorithm, category };
}

function countsOf({ name, entries }: HashList): HashCounts {
  const count = (algorithm: HashAlgorithm) => entries.filter((entry) => entry.algorithm === algorithm).length;
  return { list: name, pdq: count('pdq'), sha256: count('sha256'), md5: count('md5') };
}

function versionOf(listed: readonly { readonly list: string; readonly entry: HashEntry }[]): string {
  const digest = createHash('sha256');
  for (const { list, entry } of listed) digest.update(`${list} ${entry.algorithm} ${entry.value} ${entry.category ?? ''}\n`);
  return digest.digest('hex').slice(0, 16);
}
