import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Category } from '../../contracts/category.ts';
import { type PdqBits, parsePdq } from '../pdq/pdq-bits.ts';
import { DigestIndex } from './digest-index.ts';
import type { HashAlgorithm, HashEntry } from './hash-entry.ts';
import { PdqIndex } from './pdq-index.ts';

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
  /** What is at most `maxDistance` of 256 bits from one of `hashes`. Lets others work in between. @throws the signal's reason */
  matchPdq(hashes: readonly PdqBits[], maxDistance: number, signal?: AbortSignal): Promise<HashMatch[]>;
}

/** How long a search may hold the process. */
const SLICE_MS = 5;

/** Lists while they are read, entry by entry; 32 bytes and a number stay of each. */
export class HashRegistryDraft {
  readonly #counts = new Map<string, { pdq: number; sha256: number; md5: number }>();
  readonly #categories = new Set<Category>();
  readonly #version = createHash('sha256');
  /** What entries say, each different one once; entries carry its place. */
  readonly #matches: HashMatch[] = [];
  readonly #tags = new Map<string, number>();
  readonly #digests = { sha256: new DigestIndex(32), md5: new DigestIndex(16) };
  readonly #pdq = new PdqIndex();
  readonly #pdqTags: number[] = [];

  /** A list that may turn out to be empty. */
  begin(list: string): void {
    this.#counts.set(list, this.#counts.get(list) ?? { pdq: 0, sha256: 0, md5: 0 });
  }

  /** @throws RangeError for more than 65,536 different pairs of list and category, or no memory for more */
  add(list: string, { algorithm, value, category }: HashEntry): void {
    this.begin(list);
    const counts = this.#counts.get(list);
    if (counts !== undefined) counts[algorithm] += 1;
    if (category !== undefined) this.#categories.add(category);
    this.#version.update(`${list} ${algorithm} ${value} ${category ?? ''}\n`);
    const tag = this.#tagOf({ list, algorithm, category });
    if (algorithm === 'pdq') this.#addPdq(value, tag);
    else this.#digests[algorithm].add(value, tag);
  }

  finish(): HashRegistry {
    const matchOf = (tag: number | undefined) => (tag === undefined ? undefined : this.#matches[tag]) ?? [];
    return {
      counts: [...this.#counts].map(([list, counts]) => ({ list, ...counts })),
      version: this.#version.digest('hex').slice(0, 16),
      categories: [...this.#categories],
      hasPdq: this.#pdq.size > 0,
      exactAlgorithms: (['sha256', 'md5'] as const).filter((algorithm) => this.#digests[algorithm].size > 0),
      matchExact: (algorithm, value) => this.#digests[algorithm].find(value).flatMap(matchOf),
      matchPdq: async (hashes, maxDistance, signal) => {
        const found: HashMatch[] = [];
        let began = performance.now();
        for (const positions of this.#pdq.near(hashes, maxDistance)) {
          found.push(...positions.flatMap((position) => matchOf(this.#pdqTags[position])));
          if (performance.now() - began < SLICE_MS) continue;
          await setImmediate();
          signal?.throwIfAborted();
          began = performance.now();
        }
        return found;
      },
    };
  }

  #addPdq(value: string, tag: number): void {
    const bits = parsePdq(value);
    if (bits === undefined) throw new RangeError('a PDQ hash has 64 hex digits');
    this.#pdq.add(bits);
    this.#pdqTags.push(tag);
  }

  #tagOf(match: HashMatch): number {
    const key = `${match.list} ${match.algorithm} ${match.category ?? ''}`;
    const known = this.#tags.get(key);
    if (known !== undefined) return known;
    if (this.#matches.length > 0xffff) throw new RangeError('more than 65,536 different pairs of hash list and category');
    this.#tags.set(key, this.#matches.length);
    return this.#matches.push(match) - 1;
  }
}

/** Of lists that are in memory already. */
export function createHashRegistry(lists: readonly { readonly name: string; readonly entries: Iterable<HashEntry> }[]): HashRegistry {
  const draft = new HashRegistryDraft();
  for (const { name, entries } of lists) {
    draft.begin(name);
    for (const entry of entries) draft.add(name, entry);
  }
  return draft.finish();
}
