import { performance } from 'node:perf_hooks';
import type { Category } from '../../contracts/category.ts';
import { createCircuitBreaker } from '../../outbound/circuit-breaker.ts';
import type { Outbound } from '../../outbound/outcome.ts';
import { type AnswerCache, createAnswerCache } from './answer-cache.ts';
import { createCallBudget } from './call-budget.ts';
import { chunkText } from './chunk-text.ts';
import { type CategoryScore, type Classification, type ClassifierDialect, type Post, unusable } from './classification.ts';
import { type ClassifierUsage, createUsageCounter } from './classifier-usage.ts';
import { postJson } from './post-json.ts';

/** A classifier that can be asked without harm: it answers in bounded time, within its budget, and never throws. */
export interface ExternalClassifier {
  readonly name: string;
  readonly version: string;
  readonly categories: readonly Category[];
  classify(text: string, signal?: AbortSignal): Promise<Classification>;
  usage(): ClassifierUsage;
}

export interface GuardLimits {
  readonly deadlineMs: number;
  readonly callsPerMinute: number;
  readonly failuresToOpen: number;
  readonly coolDownMs: number;
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
  const budget = createCallBudget(limits.callsPerMinute, clock);
  const breaker = createCircuitBreaker({ failures: limits.failuresToOpen, coolDownMs: limits.coolDownMs, clock });
  const counter = createUsageCounter(name);
  const asking = new Map<string, Promise<Classification>>();

  async function ask(chunks: readonly string[]): Promise<Classification> {
    if (!breaker.admits()) return { kind: 'failed', cause: 'CIRCUIT_OPEN', detail: 'it failed too often lately' };
    const until = clock() + limits.deadlineMs;
    const post: Post = async (call) => {
      if (!budget.take()) return { kind: 'failed', cause: 'BUDGET_SPENT', detail: 'no calls left this minute' };
      counter.called();
      return postJson(call, { outbound, deadlineMs: Math.max(1, until - clock()) });
    };
    const answers = await Promise.all(
      chunks.map((chunk) => {
        counter.sent(chunk.length);
        return dialect.classify(chunk, post).catch(() => unusable('the adapter threw'));
      }),
    );
    const merged = merge(answers);
    if (merged.kind === 'scores') breaker.succeeded();
    else if (merged.cause === 'BUDGET_SPENT') breaker.abandoned();
    else breaker.failed(merged.retryAfterMs);
    return merged;
  }

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

/** The first failure, or for each category the strongest score of any piece. */
function merge(answers: readonly Classification[]): Classification {
  const strongest = new Map<Category, CategoryScore>();
  for (const answer of answers) {
    if (answer.kind === 'failed') return answer;
    for (const score of answer.scores) {
      if (score.score > (strongest.get(score.category)?.score ?? -1)) strongest.set(score.category, score);
    }
  }
  return { kind: 'scores', scores: [...strongest.values()] };
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
