/** How an account behaves, each from 0 to 1. Policy asks `{ behavior: probing, score: 0.8 }`. */
export const BEHAVIORS = ['probing', 'campaign', 'burst', 'copies'] as const;
export type BehaviorName = (typeof BEHAVIORS)[number];

export interface BehaviorScores {
  /** Refused prompts come back in other words. */
  readonly probing: number;
  /** Words that several other accounts were refused with. 1, and only then: words of a campaign that a person has stopped. */
  readonly campaign: number;
  /** Requests of the last minute. */
  readonly burst: number;
  /** Near-duplicates among the pictures that it made lately. */
  readonly copies: number;
  /**
   * Stable codes, the strongest first: `behavior:stopped-campaign`, `behavior:mutations-refused`, `behavior:mutations`, `behavior:hidden`,
   * `behavior:refusals`, `behavior:shared-words`, `behavior:burst`, `behavior:copies`, `behavior:device`.
   */
  readonly reasons: readonly string[];
}
