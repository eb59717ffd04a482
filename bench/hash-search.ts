/**
 * What a search in the lists of known pictures takes: `npx tsx bench/run.ts hash-search`. Random hashes with planted neighbors, at one and at ten
 * million; in the same run a plain count of bits over the same hashes, and the loading of a list file of a million rows.
 */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHashLists } from '../src/registries/hash-lists/load-hash-list.ts';
import { PdqIndex } from '../src/registries/hash-lists/pdq-index.ts';
import { formatPdq, PDQ_WORDS, popcount } from '../src/registries/pdq/pdq-bits.ts';
import { seededRandom } from './random.ts';
import { note, writeResult } from './results.ts';
import { median, quantile, rounded } from './statistics.ts';

const MOST_BITS = 31;
const QUERIES = 200;

const random = seededRandom(20_261_121);
const word = () => Math.floor(random() * 2 ** 32);
const hash = () => Uint32Array.from({ length: PDQ_WORDS }, word);

/** A hash that is `bits` away. */
function turned(from: Uint32Array, bits: number): Uint32Array {
  const to = from.slice();
  const places = new Set<number>();
  while (places.size < bits) places.add(Math.floor(random() * 256));
  for (const place of places) to[place >> 5] = ((to[place >> 5] ?? 0) ^ (1 << (place & 31))) >>> 0;
  return to;
}

/** Milliseconds of CPU and of the clock. */
function timed<T>(work: () => T): { readonly result: T; readonly cpuMs: number; readonly ms: number } {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const result = work();
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { result, cpuMs: (user + system) / 1000, ms };
}

const spread = (runs: readonly { readonly cpuMs: number; readonly ms: number }[]) => ({
  cpuMsMedian: rounded(median(runs.map(({ cpuMs }) => cpuMs))),
  p50Ms: rounded(median(runs.map(({ ms }) => ms))),
  p95Ms: rounded(
    quantile(
      runs.map(({ ms }) => ms),
      0.95,
    ),
  ),
});

function plainScan(packed: Uint32Array, query: Uint32Array): number[] {
  const found: number[] = [];
  for (let at = 0; at < packed.length; at += PDQ_WORDS) {
    let distance = 0;
    for (let i = 0; i < PDQ_WORDS && distance <= MOST_BITS; i++) distance += popcount((packed[at + i] ?? 0) ^ (query[i] ?? 0));
    if (distance <= MOST_BITS) found.push(at / PDQ_WORDS);
  }
  return found;
}

function searchAmong(count: number) {
  note(`${count.toLocaleString('en-US')} hashes`);
  const index = new PdqIndex();
  const packed = new Uint32Array(count * PDQ_WORDS);
  const queries: { readonly query: Uint32Array; readonly at: number; readonly bits: number }[] = [];
  const every = Math.floor(count / QUERIES);
  for (let i = 0; i < count; i++) {
    const one = hash();
    index.add(one);
    packed.set(one, i * PDQ_WORDS);
    if (i % every !== every - 1) continue;
    const bits = Math.floor(random() * 40);
    queries.push({ query: turned(one, bits), at: i, bits });
  }
  const search = (all: readonly Uint32Array[]) => [...index.near(all, MOST_BITS)].flat();
  const one = queries.map(({ query }) => timed(() => search([query])));
  const eight = queries.slice(0, 50).map(({ query }) => timed(() => search([query, ...Array.from({ length: 7 }, hash)])));
  const plain = queries.slice(0, 50).map(({ query }) => timed(() => plainScan(packed, query)));
  const differ = plain.filter(({ result }, i) => JSON.stringify(result) !== JSON.stringify(one[i]?.result)).length;
  const isRight = ({ at, bits }: (typeof queries)[number], result: readonly number[]) => result.includes(at) === bits <= MOST_BITS;
  const wrong = queries.filter((query, i) => !isRight(query, one[i]?.result ?? [])).length;
  return {
    count,
    queries: one.length,
    wrong,
    differFromPlain: differ,
    one: spread(one),
    eightOrientations: spread(eight),
    plain: spread(plain),
  };
}

async function loadMillion() {
  const folder = await mkdtemp(join(tmpdir(), 'hash-search-'));
  try {
    const path = join(folder, 'million.csv');
    const file = createWriteStream(path);
    for (let i = 0; i < 1_000_000; i++) if (!file.write(`pdq,${formatPdq(hash())}\n`)) await once(file, 'drain');
    file.end();
    await once(file, 'close');
    const cpu = process.cpuUsage();
    const began = performance.now();
    const lists = await loadHashLists([{ name: 'million', path }]);
    const { user, system } = process.cpuUsage(cpu);
    return {
      rows: lists.counts[0]?.pdq ?? 0,
      seconds: rounded((performance.now() - began) / 1000),
      cpuSeconds: rounded((user + system) / 1e6),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const load = await loadMillion();
const sizes = [1_000_000, 10_000_000].map(searchAmong);
await writeResult('hash-search', { load, sizes });
