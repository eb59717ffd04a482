import { RARE } from './rare-words.ts';
import { fadedBy, TOPICS, type Topic, weightOf } from './topic.ts';
import { merged } from './topics.ts';
import { SIGNATURE_WORDS } from './word-signature.ts';

const WAYS = 8;
/** Of what is counted. */
export const HALF_LIFE_MS = 2 * 86_400_000;

/** What is counted of an account or device whose prompts were refused; each fades by half within two days. */
export interface Suspicion {
  /** Requests since the first refusal that is not forgotten. */
  asked: number;
  refused: number;
  /** Refusals whose words others were refused for, too. */
  shared: number;
  isLastRefused: boolean;
}

/** A row as it is kept and told to other processes. */
export interface SuspectRow extends Suspicion {
  /** Two times 32 bits of the account. */
  readonly key: readonly [number, number];
  readonly seenAtMs: number;
  readonly topics: readonly Topic[];
}

const COUNTS = 3;
const OF_TOPIC = 3;

/**
 * Accounts and devices that were ever refused, in a fixed amount of memory (8-way set-associative, 400 bytes a place): where all places are taken, whoever has the
 * least against them goes. Ordinary accounts, the great majority, have no place at all.
 */
export class SuspectTable {
  private readonly keys: Uint32Array;
  private readonly seen: Float64Array;
  private readonly counts: Float32Array;
  private readonly last: Uint8Array;
  private readonly changed: Uint8Array;
  private readonly words: Uint32Array;
  private readonly signatures: Uint32Array;
  private readonly topicCounts: Float32Array;
  private readonly sets: number;

  constructor(places: number) {
    this.sets = 2 ** Math.ceil(Math.log2(Math.max(1, places / WAYS)));
    const size = this.sets * WAYS;
    this.keys = new Uint32Array(size * 2);
    this.seen = new Float64Array(size);
    this.counts = new Float32Array(size * COUNTS);
    this.last = new Uint8Array(size);
    this.changed = new Uint8Array(size);
    this.words = new Uint32Array(size * TOPICS * RARE);
    this.signatures = new Uint32Array(size * TOPICS * SIGNATURE_WORDS);
    this.topicCounts = new Float32Array(size * TOPICS * OF_TOPIC);
  }

  /** The place of an account, or −1. */
  find(low: number, high: number): number {
    const start = (low & (this.sets - 1)) * WAYS;
    for (let at = start; at < start + WAYS; at++)
      if (this.keys[at * 2] === low && this.keys[at * 2 + 1] === high && this.seen[at] !== 0) return at;
    return -1;
  }

  /** The same, made where there is none. */
  place(low: number, high: number, atMs: number): number {
    const found = this.find(low, high);
    if (found >= 0) return found;
    const start = (low & (this.sets - 1)) * WAYS;
    let victim = start;
    let least = Number.POSITIVE_INFINITY;
    for (let at = start; at < start + WAYS; at++) {
      const weight = this.seen[at] === 0 ? -1 : this.weightAt(at, atMs);
      if (weight < least) [victim, least] = [at, weight];
    }
    this.keys.set([low, high], victim * 2);
    this.counts.fill(0, victim * COUNTS, (victim + 1) * COUNTS);
    this.last[victim] = 0;
    this.changed[victim] = 0;
    this.words.fill(0, victim * TOPICS * RARE, (victim + 1) * TOPICS * RARE);
    this.topicCounts.fill(0, victim * TOPICS * OF_TOPIC, (victim + 1) * TOPICS * OF_TOPIC);
    this.seen[victim] = atMs;
    return victim;
  }

  /** What stands against a place at this time. */
  read(at: number, atMs: number): Suspicion {
    const fading = this.fadingAt(at, atMs);
    const [asked = 0, refused = 0, shared = 0] = this.counts.subarray(at * COUNTS, (at + 1) * COUNTS);
    return { asked: asked * fading, refused: refused * fading, shared: shared * fading, isLastRefused: this.last[at] === 1 };
  }

  /** When it was charged last, in milliseconds. */
  seenAt(at: number): number {
    return this.seen[at] ?? 0;
  }

  /** Its topics at this time, always as many, those that are none with counts of 0. The words and signatures are the table's own. */
  topics(at: number, atMs: number): readonly Topic[] {
    const fading = this.fadingAt(at, atMs);
    return Array.from({ length: TOPICS }, (_, i) => {
      const slot = at * TOPICS + i;
      const [refused = 0, passed = 0, hidden = 0] = this.topicCounts.subarray(slot * OF_TOPIC, (slot + 1) * OF_TOPIC);
      return {
        words: this.words.subarray(slot * RARE, (slot + 1) * RARE),
        signature: this.signatures.subarray(slot * SIGNATURE_WORDS, (slot + 1) * SIGNATURE_WORDS),
        refused: refused * fading,
        passed: passed * fading,
        hidden: hidden * fading,
      };
    });
  }

  /** Both as they are from this time on, to be told to others. @param topics as many as `topics` gave */
  charge(at: number, suspicion: Suspicion, topics: readonly Topic[], atMs: number): void {
    this.write(at, suspicion, topics, atMs);
    this.changed[at] = 1;
  }

  private write(at: number, { asked, refused, shared, isLastRefused }: Suspicion, topics: readonly Topic[], atMs: number): void {
    this.counts.set([asked, refused, shared], at * COUNTS);
    this.last[at] = Number(isLastRefused);
    for (const [i, topic] of topics.slice(0, TOPICS).entries()) {
      const slot = at * TOPICS + i;
      this.topicCounts.set([topic.refused, topic.passed, topic.hidden], slot * OF_TOPIC);
      // A topic that did not change holds views of this very memory; copying it onto itself changes nothing.
      this.words.set(topic.words.subarray(0, RARE), slot * RARE);
      this.signatures.set(topic.signature.subarray(0, SIGNATURE_WORDS), slot * SIGNATURE_WORDS);
    }
    this.seen[at] = Math.max(atMs, this.seen[at] ?? 0);
  }

  /** Bytes that the table takes, whoever is in it. */
  get bytes(): number {
    const tables = [this.keys, this.seen, this.counts, this.last, this.changed, this.words, this.signatures, this.topicCounts];
    return tables.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** What was charged since the last call, for storage and for other processes; by whichever time, since a request may have come long before it was decided. */
  takeChanged(): readonly SuspectRow[] {
    const rows: SuspectRow[] = [];
    for (let at = this.changed.indexOf(1); at >= 0; at = this.changed.indexOf(1, at + 1)) {
      this.changed[at] = 0;
      const seenAtMs = this.seen[at] ?? 0;
      const key = [this.keys[at * 2] ?? 0, this.keys[at * 2 + 1] ?? 0] as const;
      const topics = this.topics(at, seenAtMs).filter(({ refused }) => refused > 0);
      rows.push({ key, seenAtMs, topics: topics.map(copied), ...this.read(at, seenAtMs) });
    }
    return rows;
  }

  /** They could not be told, and are changed still. */
  putBack(rows: readonly SuspectRow[]): void {
    for (const { key } of rows) {
      const at = this.find(...key);
      if (at >= 0) this.changed[at] = 1;
    }
  }

  /** Takes in what another process, or an earlier life of this one, knew: the higher of each count. */
  merge({ key: [low, high], seenAtMs, topics, ...theirs }: SuspectRow): void {
    const at = this.place(low, high, seenAtMs);
    const now = Math.max(seenAtMs, this.seen[at] ?? 0);
    const ours = this.read(at, now);
    const fading = 0.5 ** ((now - seenAtMs) / HALF_LIFE_MS);
    const counts = {
      asked: Math.max(ours.asked, theirs.asked * fading),
      refused: Math.max(ours.refused, theirs.refused * fading),
      shared: Math.max(ours.shared, theirs.shared * fading),
      isLastRefused: theirs.isLastRefused,
    };
    const told = fadedBy(topics, fading);
    const all = merged(this.topics(at, now), told);
    this.write(at, counts, all, now);
    // Whoever wrote later did not know what we know: the others hear it from us.
    if (amountOf(all) > amountOf(told) + LEAST_NEWS) this.changed[at] = 1;
  }

  private fadingAt(at: number, atMs: number): number {
    return 0.5 ** (Math.max(0, atMs - (this.seen[at] ?? atMs)) / HALF_LIFE_MS);
  }

  private weightAt(at: number, atMs: number): number {
    const { refused, shared } = this.read(at, atMs);
    return refused + shared + this.topics(at, atMs).reduce((sum, topic) => sum + 3 * weightOf(topic), 0);
  }
}

const LEAST_NEWS = 0.1;
const amountOf = (topics: readonly Topic[]) => topics.reduce((sum, { refused, passed }) => sum + refused + passed, 0);

/** Views of the table would change under whoever writes them down. */
const copied = (topic: Topic): Topic => ({ ...topic, words: topic.words.slice(), signature: topic.signature.slice() });
