import { APIConnectionError, APIError } from 'openai';

/** What the gateway did, as far as anybody outside can tell. */
export type Answer =
  /** Pictures came (base64), or the moderation flagged nothing. `dropped`: parameters that the gateway says the model did not get. */
  | { readonly kind: 'allowed'; readonly pictures: readonly string[]; readonly dropped: readonly string[] }
  /** `flagged`: by the moderations endpoint, which does not say whether it would block or hold. */
  | { readonly kind: 'flagged' | 'held' | 'blocked' }
  /** An orderly refusal of the request itself, before any decision: too large, not valid. */
  | { readonly kind: 'rejected'; readonly code: string }
  /** Neither success nor failure of an attack: it could not be told. */
  | { readonly kind: 'error'; readonly code: string };

/** True when no picture leaves: whether for good or until a person has looked. */
export function isStopped({ kind }: Answer): boolean {
  return kind === 'flagged' || kind === 'held' || kind === 'blocked';
}

/** Reads what the SDK threw. */
export function answerOfError(error: unknown): Answer {
  if (error instanceof APIConnectionError) return { kind: 'error', code: error.name === 'Error' ? 'connection' : error.name };
  if (!(error instanceof APIError)) return { kind: 'error', code: error instanceof Error ? error.name : 'unknown' };
  // An error inside a stream has a code and no status.
  return answerOfCode(error.code ?? 'no_code', error.status ?? 0);
}

/** Reads an error code of the gateway. */
export function answerOfCode(code: string, status: number): Answer {
  if (code === 'moderation_blocked') return { kind: 'blocked' };
  if (code === 'review_required') return { kind: 'held' };
  const isOrderly = [400, 413, 422].includes(status) && code !== 'no_code';
  return { kind: isOrderly ? 'rejected' : 'error', code: `${code} (${status})` };
}
