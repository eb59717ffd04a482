import { hashTriple } from './word-hashes.ts';

/** Accounts remembered of each triple of words; more add nothing to what is known. */
const ACCOUNTS = 16;
const WAYS = 4;
/** So many accounts that were refused with the same three words in a row make a template. */
const ACCOUNTS_OF_TEMPLATE = 5;
/** Every three words in a row. */
export function triplesIn(words: readonly number[]): readonly number[] {
  const triples: number[] = [];
  for (let i = 0; i + 2 < words.length; i++) triples.push(hashTriple(words[i] ?? 0, words[i + 1] ?? 0, words[i + 2] ?? 0));
  return triples;
}

/** Three words in a row that several accounts were refused with. */
export interface Template {
  readonly triple: number;
  /** First 32 bits of each account, at most 16. */
  readonly accounts: readonly number[];
  readonly seenAtMs: number;
}

/**
 * Which accounts were refused for the same words, in a fixed amount of memory (84 bytes a triple): templates with slots, handed from account to account, share their triples of
 * words whatever stands in the slots.
 */
export class SharedTemplates {
  private readonly triples: Uint32Array;
  private readonly seen: Float64Array;
  private readonly accounts: Uint32Array;
  private readonly sets: number;

  constructor(places: number) {
    this.sets = 2 ** Math.ceil(Math.log2(Math.max(1, places / WAYS)));
    this.triples = new Uint32Array(this.sets * WAYS);
    this.seen = new Float64Array(this.sets * WAYS);
    this.accounts = new Uint32Array(this.sets * WAYS * ACCOUNTS);
  }

  /** How many of these triples are templates of others: of five accounts or more. */
  countTemplates(triples: readonly number[], account: number): number {
    let count = 0;
    for (const triple of triples) {
      const at = this.find(triple);
      if (at >= 0 && this.othersAt(at, account) >= ACCOUNTS_OF_TEMPLATE - 1) count++;
    }
    return count;
  }

  /** This account was refused with these words. */
  add(triples: readonly number[], account: number, atMs: number): void {
    for (const triple of triples) {
      const at = this.place(triple, atMs);
      this.seen[at] = atMs;
      this.enter(at * ACCOUNTS, account);
    }
  }

  /** Every template that was seen since a time. */
  *templates(sinceMs: number): Generator<Template> {
    for (let at = 0; at < this.triples.length; at++) {
      const seenAtMs = this.seen[at] ?? 0;
      if (seenAtMs === 0 || seenAtMs < sinceMs) continue;
      const accounts = [...this.accounts.subarray(at * ACCOUNTS, (at + 1) * ACCOUNTS)].filter((account) => account !== 0);
      if (accounts.length >= ACCOUNTS_OF_TEMPLATE) yield { triple: this.triples[at] ?? 0, accounts, seenAtMs };
    }
  }

  get bytes(): number {
    return this.triples.byteLength + this.seen.byteLength + this.accounts.byteLength;
  }

  /** In a full list a new account takes the place of another, so that over time a large campaign shows all of its parts. */
  private enter(start: number, account: number): void {
    let free = start + (account % ACCOUNTS);
    for (let i = start; i < start + ACCOUNTS; i++) {
      if (this.accounts[i] === account) return;
      if (this.accounts[i] === 0) {
        free = i;
        break;
      }
    }
    this.accounts[free] = account;
  }

  private othersAt(at: number, account: number): number {
    let others = 0;
    for (let i = at * ACCOUNTS; i < (at + 1) * ACCOUNTS; i++) {
      const known = this.accounts[i] ?? 0;
      if (known !== 0 && known !== account) others++;
    }
    return others;
  }

  private find(triple: number): number {
    const start = (triple & (this.sets - 1)) * WAYS;
    for (let at = start; at < start + WAYS; at++) if (this.triples[at] === triple && this.seen[at] !== 0) return at;
    return -1;
  }

  /** In a full set the one that was seen longest ago goes. */
  private place(triple: number, atMs: number): number {
    const found = this.find(triple);
    if (found >= 0) return found;
    const start = (triple & (this.sets - 1)) * WAYS;
    let victim = start;
    for (let at = start; at < start + WAYS; at++) if ((this.seen[at] ?? 0) < (this.seen[victim] ?? 0)) victim = at;
    this.triples[victim] = triple;
    this.accounts.fill(0, victim * ACCOUNTS, (victim + 1) * ACCOUNTS);
    this.seen[victim] = atMs;
    return victim;
  }
}
