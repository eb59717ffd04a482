import { performance } from 'node:perf_hooks';
import type { Category } from '../../contracts/category.ts';
import type { Outbound } from '../../outbound/outcome.ts';
import { type AnswerCache, createAnswerCache } from './answer-cache.ts';
import { chunkText } from './chunk-text.ts';
import type { Classification, ClassifierDialect } from './classification.ts';
import { type ClassifierUsage, createUsageCounter } from './classifier-usage.ts';
import { type CallLimits, guardCalls } from './guarded-calls.ts';

/** A classifier that can be asked without harm: it answers in bounded time, within its budget, and never throws. */
export interface ExternalClassifier {
  readonly name: string;
  readonly version: string;
  readonly categories: readonly Category[];
  classify(text: string, signal?: AbortSignal): Promise<Classification>;
  usage(): ClassifierUsage;
}

export interface GuardLimits extends CallLimits {
  readonly cacheEntries: number;
  readonly cacheTtlMs: number;
}

interface GuardedOptions {
  readonly name: string;
  readonly dialect: ClassifierDialect;
  readonly outbound: Outbound;
  readonly limits: GuardLimits;
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

/** A prompt of 32,000 characters fits; what is longer is not looked at in part. */
const MAX_CHUNKS = 8;

/** Puts cache, budget, deadline, breaker and counters round a dialect. The same text asked twice at once is one call. */
export function guardClassifier({ name, dialect, outbound, limits, clock = () => performance.now() }: GuardedOptions): ExternalClassifier {
  const cache = createAnswerCache({ entries: limits.cacheEntries, ttlMs: limits.cacheTtlMs, clock });
  const counter = createUsageCounter(name);
  const askAll = guardCalls({ outbound, limits, clock, onCall: counter.called });
  const asking = new Map<string, Promise<Classification>>();

  const ask = (chunks: readonly string[]) =>
    askAll((post) =>
      chunks.map((chunk) => {
        counter.sent(chunk.length);
        return dialect.classify(chunk, post);
      }),
    );

  return {
    name,
    version: dialect.version,
    categories: dialect.categories,
    usage: counter.read,
    async classify(text, signal) {
      counter.asked();
      const digest = cache.digest(dialect.version, text);
      const answer = fromCache(cache, digest, counter) ?? (await unlessAborted(startOrJoin(), signal));
      if (answer.kind === 'failed') counter.failed(answer.cause);
      return answer;

      function startOrJoin(): Promise<Classification> {
        const running = asking.get(digest);
        if (running !== undefined) return running;
        const chunks = chunkText(text, dialect.maxChars);
        if (chunks.length > MAX_CHUNKS)
          return Promise.resolve({ kind: 'failed', cause: 'TEXT_TOO_LONG', detail: `${text.length} characters` });
        const started = ask(chunks).then((given) => {
          asking.delete(digest);
          if (given.kind === 'scores') cache.put(digest, given.scores);
          return given;
        });
        asking.set(digest, started);
        return started;
      }
    },
  };
}

function fromCache(cache: AnswerCache, digest: string, counter: { answeredFromCache(): void }): Classification | undefined {
  const scores = cache.get(digest);
  if (scores === undefined) return undefined;
  counter.answeredFromCache();
  return { kind: 'scores', scores };
}

/** The call goes on for others who asked the same, and for the cache; it ends at its own deadline. */
function unlessAborted(answer: Promise<Classification>, signal: AbortSignal | undefined): Promise<Classification> {
  if (signal === undefined) return answer;
  const aborted: Classification = { kind: 'failed', cause: 'TIMED_OUT', detail: 'nobody waits any more' };
  return new Promise((resolve) => {
    const stop = () => resolve(aborted);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    void answer.then(resolve).finally(() => signal.removeEventListener('abort', stop));
  });
}
