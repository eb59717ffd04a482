import { createHash } from 'node:crypto';

export type IntentKind = 'plain' | 'two' | 'stream' | 'job' | 'blocked' | 'held' | 'refused' | 'large';

/** One wish of a caller, with the Idempotency-Key under which it may be repeated. */
export interface Intent {
  readonly key: string;
  readonly kind: IntentKind;
  readonly prompt: string;
}

/** What a caller was told, in full. */
export interface Answer {
  readonly intent: Intent;
  readonly status: number;
  readonly code: string | null;
  readonly shouldRetry: string | null;
  readonly generation: string | null;
  readonly decision: string | null;
  /** Digests of finished pictures. */
  readonly pictures: readonly string[];
  /** It was asked again after an interruption. */
  readonly isRepeat: boolean;
}

/** Everything that the outside world saw, which no crash may make untrue. */
export interface Book {
  readonly answers: Answer[];
  /** SHA-256 of each picture that left, partial frames too, and of the generation it left under. */
  readonly served: { readonly sha256: string; readonly generation: string }[];
  /** Signed checkpoints by their text. */
  readonly checkpoints: Set<string>;
  /** Wishes that nobody answered (yet): the connection broke, or the answer asked to try again. */
  readonly interrupted: Map<string, Intent>;
  /** Answers that should not exist. */
  readonly surprises: string[];
}

export function createBook(): Book {
  return { answers: [], served: [], checkpoints: new Set(), interrupted: new Map(), surprises: [] };
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Answers that commit the gateway to something: pictures, jobs, refusals and holds. */
export function isAcknowledged({ status }: Answer): boolean {
  return status === 200 || status === 202 || status === 400 || status === 403;
}
