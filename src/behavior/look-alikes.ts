import { bandsOf, PDQ_MATCH_DISTANCE } from '../registries/pdq/pdq-bands.ts';
import { PDQ_WORDS, pdqDistance } from '../registries/pdq/pdq-bits.ts';
import { CountSketch } from './count-sketch.ts';
import { mix } from './word-hashes.ts';

/** Accounts remembered of each picture; more add nothing to what is known. */
const ACCOUNTS = 16;
const BANDS = 16;
const BUCKETS = 2 ** 14;
const WAYS = 4;
const DAY_MS = 86_400_000;
/** Accounts of whom it is known at once that they keep making one picture. */
const MOST_REPEATERS = 50_000;
/** From so many on somebody is remembered as making the same picture again and again. */
const REPEATS = 5;
/** Pictures of one account a day that are half way to 1. */
const COPIES_HALF = 25;

/** Pictures that look like one another, and who made them. */
export interface PictureGroup {
  /** The eight words of the PDQ hash of the first of them. */
  readonly marks: readonly number[];
  /** Numbers of accounts, at most 16. */
  readonly accounts: readonly number[];
  readonly seenAtMs: number;
}

interface Repeater {
  readonly copies: number;
  readonly atMs: number;
}

/**
 * Which accounts make pictures that look alike, in a fixed amount of memory (8 MB): a picture is compared with the first one of each group by PDQ, found through 16 bands
 * of 16 bits. Of look-alikes at 16 bits' distance, 98 in 100 share a band; of those at 31 bits, nine in ten.
 */
export class LookAlikes {
  private readonly hashes: Uint32Array;
  private readonly accounts: Uint32Array;
  private readonly seen: Float64Array;
  /** One more than the place of a group; 0: none. */
  private readonly buckets = new Uint32Array(BANDS * BUCKETS * WAYS);
  private readonly copies = new CountSketch(2 ** 16, 3);
  private readonly repeaters = new Map<number, Repeater>();
  private readonly groups: number;
  private next = 0;
  private day = 0;

  constructor(groups = 2 ** 15) {
    this.groups = groups;
    this.hashes = new Uint32Array(groups * PDQ_WORDS);
    this.accounts = new Uint32Array(groups * ACCOUNTS);
    this.seen = new Float64Array(groups);
  }

  /** An account made this picture. @returns whether one like it had been made before, by whomever */
  add(hash: Uint32Array, account: number, atMs: number): boolean {
    const today = Math.floor(atMs / DAY_MS);
    if (today > this.day) this.copies.age();
    this.day = Math.max(today, this.day);
    const found = this.find(hash);
    const at = found >= 0 ? found : this.begin(hash);
    this.seen[at] = Math.max(atMs, this.seen[at] ?? 0);
    this.enter(at, account);
    const copies = this.copies.add(mix(account ^ mix(at + 1)));
    if (copies >= REPEATS) this.remember(account, { copies, atMs });
    return found >= 0;
  }

  /** The same, made or told before: only who made it is remembered, so that hearing of one's own picture counts nothing twice. */
  hear(hash: Uint32Array, account: number, atMs: number): void {
    const found = this.find(hash);
    const at = found >= 0 ? found : this.begin(hash);
    this.seen[at] = Math.max(atMs, this.seen[at] ?? 0);
    this.enter(at, account);
  }

  /** From 0 to 1: how often this account made its most repeated picture of the last days; half of it is forgotten each day. */
  scoreOf(account: number, atMs: number): number {
    const known = this.repeaters.get(account);
    if (known === undefined) return 0;
    const copies = known.copies * 0.5 ** (Math.max(0, atMs - known.atMs) / DAY_MS);
    return copies / (copies + COPIES_HALF);
  }

  /** Groups that several accounts made, seen since a time. */
  *shared(sinceMs: number, accountsAtLeast: number): Generator<PictureGroup> {
    for (let at = 0; at < this.groups; at++) {
      const seenAtMs = this.seen[at] ?? 0;
      if (seenAtMs === 0 || seenAtMs < sinceMs) continue;
      const accounts = [...this.accounts.subarray(at * ACCOUNTS, (at + 1) * ACCOUNTS)].filter((account) => account !== 0);
      if (accounts.length >= accountsAtLeast) yield { marks: [...this.hashAt(at)], accounts, seenAtMs };
    }
  }

  get bytes(): number {
    return this.hashes.byteLength + this.accounts.byteLength + this.seen.byteLength + this.buckets.byteLength + this.copies.bytes;
  }

  private hashAt(at: number): Uint32Array {
    return this.hashes.subarray(at * PDQ_WORDS, (at + 1) * PDQ_WORDS);
  }

  private find(hash: Uint32Array): number {
    let [nearest, least] = [-1, PDQ_MATCH_DISTANCE + 1];
    for (const start of startsOf(hash)) {
      for (let way = start; way < start + WAYS; way++) {
        const at = (this.buckets[way] ?? 0) - 1;
        if (at < 0 || at === nearest) continue;
        const distance = pdqDistance(this.hashAt(at), hash);
        if (distance < least) [nearest, least] = [at, distance];
      }
    }
    return nearest;
  }

  /** In a full table the groups go in turn; one of several accounts is spared while it is of today or yesterday. */
  private begin(hash: Uint32Array): number {
    for (let tries = 0; tries < WAYS && this.isWorthKeeping(this.next); tries++) this.next = (this.next + 1) % this.groups;
    const at = this.next;
    this.next = (at + 1) % this.groups;
    this.hashes.set(hash, at * PDQ_WORDS);
    this.accounts.fill(0, at * ACCOUNTS, (at + 1) * ACCOUNTS);
    this.seen[at] = 0;
    for (const start of startsOf(hash)) {
      this.buckets.copyWithin(start + 1, start, start + WAYS - 1);
      this.buckets[start] = at + 1;
    }
    return at;
  }

  private isWorthKeeping(at: number): boolean {
    return (this.accounts[at * ACCOUNTS + 1] ?? 0) !== 0 && Math.floor((this.seen[at] ?? 0) / DAY_MS) >= this.day - 1;
  }

  private enter(at: number, account: number): void {
    for (let i = at * ACCOUNTS; i < (at + 1) * ACCOUNTS; i++) {
      if (this.accounts[i] === account) return;
      if (this.accounts[i] !== 0) continue;
      this.accounts[i] = account;
      return;
    }
    this.accounts[at * ACCOUNTS + (account % ACCOUNTS)] = account;
  }

  private remember(account: number, seen: Repeater): void {
    if (this.scoreOf(account, seen.atMs) > seen.copies / (seen.copies + COPIES_HALF)) return;
    this.repeaters.delete(account);
    this.repeaters.set(account, seen);
    const [oldest] = this.repeaters.keys();
    if (this.repeaters.size > MOST_REPEATERS && oldest !== undefined) this.repeaters.delete(oldest);
  }
}

/** Where the groups stand that share a band with a hash. */
function startsOf(hash: Uint32Array): readonly number[] {
  return bandsOf(hash).map((key, band) => (band * BUCKETS + (mix(key) % BUCKETS)) * WAYS);
}
