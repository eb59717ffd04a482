import type { Category } from '../../contracts/category.ts';
import { createCircuitBreaker } from '../../outbound/circuit-breaker.ts';
import type { Outbound } from '../../outbound/outcome.ts';
import { createCallBudget } from './call-budget.ts';
import { type CategoryScore, type Classification, type Post, unusable } from './classification.ts';
import { postJson } from './post-json.ts';

export interface CallLimits {
  /** From asking to the last byte of the last answer. */
  readonly deadlineMs: number;
  readonly callsPerMinute: number;
  readonly failuresToOpen: number;
  readonly coolDownMs: number;
}

interface GuardedOptions {
  readonly outbound: Outbound;
  readonly limits: CallLimits;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  /** Told of every call that goes out. */
  readonly onCall?: () => void;
}

/** Asks all questions at once and gives, for each category, the strongest answer; or the first failure. Never rejects. */
export type AskAll = (questions: (post: Post) => readonly Promise<Classification>[]) => Promise<Classification>;

/** Budget, deadline and circuit breaker of one service outside, for texts and pictures alike. */
export function guardCalls({ outbound, limits, clock, onCall = () => undefined }: GuardedOptions): AskAll {
  const budget = createCallBudget(limits.callsPerMinute, clock);
  const breaker = createCircuitBreaker({ failures: limits.failuresToOpen, coolDownMs: limits.coolDownMs, clock });
  return async (questions) => {
    if (!breaker.admits()) return { kind: 'failed', cause: 'CIRCUIT_OPEN', detail: 'it failed too often lately' };
    const until = clock() + limits.deadlineMs;
    const post: Post = async (call) => {
      if (!budget.take()) return { kind: 'failed', cause: 'BUDGET_SPENT', detail: 'no calls left this minute' };
      onCall();
      return postJson(call, { outbound, deadlineMs: Math.max(1, until - clock()) });
    };
    const merged = merge(await Promise.all(questions(post).map((answer) => answer.catch(() => unusable('the adapter threw')))));
    if (merged.kind === 'scores') breaker.succeeded();
    else if (merged.cause === 'BUDGET_SPENT') breaker.abandoned();
    else breaker.failed(merged.retryAfterMs);
    return merged;
  };
}

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
