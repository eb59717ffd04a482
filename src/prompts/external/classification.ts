import type { Category } from '../../contracts/category.ts';
import type { Headers } from '../../outbound/outcome.ts';

/** Why a classifier gave nothing that counts. Upper case, since it becomes the code of an error. */
export type ClassifyFailure =
  | 'UNREACHABLE'
  | 'TIMED_OUT'
  | 'RATE_LIMITED'
  | 'REJECTED'
  | 'UNUSABLE_ANSWER'
  | 'BUDGET_SPENT'
  | 'CIRCUIT_OPEN'
  | 'TEXT_TOO_LONG';

/** One category of ours, from 0 to 1, and the classifier's own name for what it saw. */
export interface CategoryScore {
  readonly category: Category;
  readonly score: number;
  readonly label: string;
}

/** "Could not tell" is a value: there is no answer that means nothing found unless the classifier said so. */
export type Classification =
  | { readonly kind: 'scores'; readonly scores: readonly CategoryScore[] }
  | {
      readonly kind: 'failed';
      readonly cause: ClassifyFailure;
      /** Shapes and status codes, never text. */
      readonly detail: string;
      readonly retryAfterMs?: number;
    };

/** One POST of JSON. */
export interface JsonCall {
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What came back: status 200 with JSON, or why not. */
export type JsonAnswer = { readonly kind: 'json'; readonly body: unknown } | Extract<Classification, { kind: 'failed' }>;

/** Sends one call; budget, deadline and counting are in it. */
export type Post = (call: JsonCall) => Promise<JsonAnswer>;

/** The dialect of one service. It knows the wire and nothing of caches, budgets and time. */
export interface ClassifierDialect {
  /** Changes when the same text could get another answer: kind, model, taxonomy. */
  readonly version: string;
  /** Categories of ours that it answers for, whether it finds something or not. */
  readonly categories: readonly Category[];
  /** Longest text of one call, in UTF-16 code units. */
  readonly maxChars: number;
  classify(text: string, post: Post): Promise<Classification>;
}

/** The answer came and cannot be used. `detail` names its shape, never its content. */
export function unusable(detail: string): Classification {
  return { kind: 'failed', cause: 'UNUSABLE_ANSWER', detail };
}
