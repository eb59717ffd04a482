import type { Category } from '../../contracts/category.ts';
import type { ConversationRef } from '../../contracts/check.ts';
import type { Action } from '../../contracts/decision.ts';

/** Scores by category, from 0 to 1; a category that is absent had none worth keeping. */
export type Evidence = Readonly<Partial<Record<Category, number>>>;

/** One request of the past, as far as it matters to the next one. */
export interface PastTurn {
  /** Canonical text of what was to be shown. */
  readonly text: string;
  readonly evidence: Evidence;
  /** What policy decided about its prompt. A prompt that was held or blocked made no picture. */
  readonly action: Action;
  readonly at: Date;
}

/** The last turns of the conversations that a request belongs to. All failures are ImprimaturError. */
export interface ConversationMemory {
  /** Newest first. Null when nothing links the request to anything. Rejects when the state cannot be read whole. */
  recall(ref: ConversationRef): Promise<readonly PastTurn[] | null>;
  /** Durable when it resolves. */
  remember(ref: ConversationRef, turn: Omit<PastTurn, 'at'>): Promise<void>;
  /** Deletes what is over; resolves to how many turns that were. */
  sweep(now: Date): Promise<number>;
}
