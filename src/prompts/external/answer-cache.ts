import { createHmac, randomBytes } from 'node:crypto';
import type { CategoryScore } from './classification.ts';

interface Kept {
  readonly scores: readonly CategoryScore[];
  readonly until: number;
}

interface CacheOptions {
  /** 0 keeps nothing. */
  readonly entries: number;
  readonly ttlMs: number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
}

/** Answers that were given lately, by digest; the least recently used goes first. */
export interface AnswerCache {
  /** A keyed digest of version and text: it says nothing about the text to whoever sees it. */
  digest(version: string, text: string): string;
  get(digest: string): readonly CategoryScore[] | undefined;
  put(digest: string, scores: readonly CategoryScore[]): void;
}

/** Holds no text. The key is drawn here and never leaves, so a dump of the cache cannot be searched for known prompts. */
export function createAnswerCache({ entries, ttlMs, clock }: CacheOptions): AnswerCache {
  const key = randomBytes(32);
  const kept = new Map<string, Kept>();
  return {
    digest: (version, text) => createHmac('sha256', key).update(version).update('\0').update(text, 'utf8').digest('base64'),
    get(digest) {
      const found = kept.get(digest);
      if (found === undefined) return undefined;
      kept.delete(digest);
      if (found.until <= clock()) return undefined;
      kept.set(digest, found);
      return found.scores;
    },
    put(digest, scores) {
      if (entries === 0) return;
      kept.delete(digest);
      kept.set(digest, { scores, until: clock() + ttlMs });
      const [oldest] = kept.keys();
      if (kept.size > entries && oldest !== undefined) kept.delete(oldest);
    },
  };
}
