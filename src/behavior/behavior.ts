import type { BehaviorScores } from '../contracts/behavior-scores.ts';
import { SHARED_TRIPLES } from './campaigns.ts';
import { CountSketch } from './count-sketch.ts';
import { LookAlikes } from './look-alikes.ts';
import { tellingWords } from './rare-words.ts';
import { RequestRate } from './request-rate.ts';
import { type Against, scoresOf } from './score-behavior.ts';
import { SharedTemplates, triplesIn } from './shared-templates.ts';
import { SuspectTable } from './suspect-table.ts';
import type { Topic } from './topic.ts';
import { type Return, returnTo, type Said, withPassed, withRefused } from './topics.ts';
import { TripleFates } from './triple-fates.ts';
import { hashWord } from './word-hashes.ts';
import { signatureOf } from './word-signature.ts';

/** One request, before it is decided. */
export interface Attempt {
  /** Pseudonym of the end user, or of the key where nobody is named. */
  readonly account: string;
  /** What the platform says of the device, where it says anything; of a key, its application. */
  readonly device?: string;
  /** Many people may stand behind the account. */
  readonly isMany?: boolean;
  readonly atMs: number;
  /** The prompt's words once tricks are undone. They are hashed, and not kept. */
  readonly words: readonly string[];
}

/** What must be told again when the request was decided. */
export interface Ticket {
  readonly attempt: Attempt;
  readonly scores: BehaviorScores;
  /** All triples of its words. */
  readonly said: readonly number[];
  /** Those of them that a template may have. */
  readonly triples: readonly number[];
  readonly words: Said;
}

interface BehaviorOptions {
  /** Accounts and devices that were refused, at once. 2^18: 105 MB. */
  readonly suspects?: number;
  /** Triples of words. 2^19: 42 MB. */
  readonly triples?: number;
  /** Groups of pictures. 2^15: 8 MB. */
  readonly pictures?: number;
  /** Of the installation. */
  readonly seed?: number;
}

/** Triples of words of campaigns that a person has decided. */
export interface DecidedWords {
  /** Whoever uses three of them belongs to it. */
  readonly stopped: ReadonlySet<number>;
  /** No campaign: they count for nothing. */
  readonly cleared: ReadonlySet<number>;
}

/** Requests of one account a minute that are half way to 1. */
const BURST_HALF = 30;
/** Of a key that names nobody. */
const BURST_HALF_OF_MANY = 600;
/** Of a prompt; whoever hides something behind more of them says it to a model that does not read them either. */
const MOST_WORDS = 160;
/** A new installation takes every word for as rare as one in so many prompts, until it knows better. */
const RARE_AT_FIRST = 2 ** 13;
/** So many requests make counts of words half as heavy. */
const AGE_EVERY = 2 ** 22;

/**
 * What accounts do, over time and side by side, in bounded memory: state exists for those who were refused, and sketches count the rest. Nothing of a prompt is kept but
 * hashes of its rarest words. Not shared by itself: `suspects.takeChanged` and `merge` are for storage and for other processes.
 */
export class Behavior {
  readonly suspects: SuspectTable;
  readonly templates: SharedTemplates;
  readonly lookAlikes: LookAlikes;
  private decided: DecidedWords = { stopped: new Set(), cleared: new Set() };
  private readonly wordCounts = new CountSketch(2 ** 20, 3);
  private readonly fates = new TripleFates();
  private readonly rate = new RequestRate();
  private total = 0;
  /** As many as the counts of words stand for. */
  private prompts = 0;
  private readonly seed: number;

  constructor({ suspects = 2 ** 18, triples = 2 ** 19, pictures = 2 ** 15, seed = 0 }: BehaviorOptions = {}) {
    this.suspects = new SuspectTable(suspects);
    this.templates = new SharedTemplates(triples);
    this.lookAlikes = new LookAlikes(pictures);
    this.seed = seed;
  }

  /** Of all tables. */
  get bytes(): number {
    const sketches = [this.wordCounts, this.fates, this.rate];
    return this.suspects.bytes + this.templates.bytes + this.lookAlikes.bytes + sketches.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Scores a request as it comes. */
  observe(attempt: Attempt): Ticket {
    const { account, device, atMs } = attempt;
    this.prompts++;
    if (++this.total % AGE_EVERY === 0) this.age();
    const hashes = attempt.words.slice(0, MOST_WORDS).map((word) => hashWord(word, this.seed));
    for (const word of hashes) this.wordCounts.add(word);
    const said = triplesIn(hashes);
    const { telling, suspicious } = this.fates.read(hashes, said);
    const triples = suspicious.filter((triple) => !this.decided.cleared.has(triple));
    const words = { telling, signature: signatureOf(hashes) };
    const shared = this.templates.countTemplates(triples, this.numberOf(account));
    const scores = scoresOf({
      own: this.againstNow(account, words, atMs),
      ofDevice: device === undefined ? undefined : this.againstNow(device, words, atMs),
      shared,
      isStopped: this.isStopped(said),
      burst: this.burstOf(attempt),
      isMany: attempt.isMany === true,
      copies: this.lookAlikes.scoreOf(this.numberOf(account), atMs),
    });
    return { attempt, said, triples, words, scores };
  }

  /** What became of it. A hold counts as a refusal: it is what somebody who probes sees. */
  conclude(ticket: Ticket, outcome: 'refused' | 'held' | 'published'): void {
    const { account, device, atMs } = ticket.attempt;
    const isRefused = outcome !== 'published';
    for (const name of device === undefined ? [account] : [account, device]) this.charge(name, ticket, isRefused);
    if (isRefused) this.templates.add(ticket.triples, this.numberOf(account), atMs);
    this.fates.add(ticket.said, isRefused);
  }

  /** An account was given this picture. @param hash its PDQ. @returns whether one like it had been made before */
  pictured(account: string, hash: Uint32Array, atMs: number): boolean {
    return this.lookAlikes.add(hash, this.numberOf(account), atMs);
  }

  /** What people decided about campaigns, in place of what was known of that. */
  setDecided(decided: DecidedWords): void {
    this.decided = decided;
  }

  /** The number under which an account stands in `templates`. */
  numberOf(account: string): number {
    return hashWord(account, this.seed);
  }

  private age(): void {
    this.wordCounts.age();
    this.prompts /= 2;
  }

  private isStopped(triples: readonly number[]): boolean {
    const { stopped } = this.decided;
    if (stopped.size === 0) return false;
    let found = 0;
    for (const triple of triples) if (stopped.has(triple) && ++found >= SHARED_TRIPLES) return true;
    return false;
  }

  /** How rare a word is among the prompts so far. */
  private readonly bitsOf = (word: number): number =>
    Math.log2(Math.max(1, (this.prompts + RARE_AT_FIRST) / (this.wordCounts.count(word) + 1)));

  private keyOf(name: string): readonly [number, number] {
    return [hashWord(name, this.seed), hashWord(name, this.seed ^ 0x5bd1e995)];
  }

  private burstOf({ account, isMany, atMs }: Attempt): number {
    const count = this.rate.add(this.numberOf(account), atMs);
    return count / (count + (isMany === true ? BURST_HALF_OF_MANY : BURST_HALF));
  }

  /** With this attempt, as if it were let through. */
  private againstNow(name: string, words: Said, atMs: number): Against | undefined {
    const at = this.suspects.find(...this.keyOf(name));
    if (at < 0) return undefined;
    const topics = this.suspects.topics(at, atMs);
    const back = returnTo(topics, words, { bitsOf: this.bitsOf, atMs, lastMs: this.suspects.seenAt(at) });
    const suspicion = this.suspects.read(at, atMs);
    return { suspicion, topics: back === null ? topics : withPassed(topics, back), index: back?.index ?? null };
  }

  private charge(name: string, { attempt: { atMs }, words, scores }: Ticket, isRefused: boolean): void {
    const key = this.keyOf(name);
    const at = isRefused ? this.suspects.place(...key, atMs) : this.suspects.find(...key);
    if (at < 0) return;
    const known = this.suspects.read(at, atMs);
    const topics = this.suspects.topics(at, atMs);
    const back = returnTo(topics, words, { bitsOf: this.bitsOf, atMs, lastMs: this.suspects.seenAt(at) });
    const isNew = isRefused && back?.isRepeat !== true;
    const changed = {
      asked: known.asked + 1,
      refused: known.refused + Number(isNew),
      shared: known.shared + Number(isNew && scores.campaign > 0),
      isLastRefused: isRefused,
    };
    this.suspects.charge(
      at,
      changed,
      isNew ? this.refusedNow(topics, back, words) : back === null ? topics : withPassed(topics, back),
      atMs,
    );
  }

  private refusedNow(topics: readonly Topic[], back: Return | null, { telling, signature }: Said): readonly Topic[] {
    const earlier = new Set(back === null ? [] : topics[back.index]?.words);
    return withRefused(topics, back, { words: tellingWords(telling, this.wordCounts, earlier), signature });
  }
}
