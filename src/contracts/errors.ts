import type { UserRequirement } from './end-user.ts';
import { CATALOG } from './error-catalog.ts';

export type ErrorCode = keyof typeof CATALOG;

export const ERROR_CODES: readonly ErrorCode[] = Object.keys(CATALOG).filter((code): code is ErrorCode => code in CATALOG);

/** Why an end user is turned away, for whoever tells them: it can be appealed where a decision is named. */
export interface StandingFacts {
  readonly action: string;
  /** Null: until somebody lifts it. */
  readonly until: Date | null;
  readonly decisionId: string | null;
  /** Of the statement of reasons. */
  readonly generationId: string | null;
}

interface ErrorOptions {
  /** For our logs: may name rules, checks and limits; never a prompt, an image, a token or a key. */
  readonly detail?: string;
  /** What the caller may additionally know: which field, which limit. Shown after the catalogue's sentence. */
  readonly hint?: string;
  /** The request field at fault, for OpenAI's `param`. */
  readonly param?: string;
  readonly retryAfterMs?: number;
  /** What the end user could bring to be let in. */
  readonly wouldHelp?: UserRequirement;
  /** Of a refusal that is about the end user, whatever they ask for. */
  readonly standing?: StandingFacts;
  readonly cause?: unknown;
}

/** The one class of failure. What the caller reads is the catalogue's text and `hint`; `message` is for our logs. */
export class ImprimaturError extends Error {
  override readonly name = 'ImprimaturError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly type: string;
  readonly retryable: boolean;
  readonly publicMessage: string;
  /** The part of it that is about this request alone. */
  readonly hint: string | null;
  readonly param: string | null;
  readonly retryAfterMs: number | undefined;
  readonly standing: StandingFacts | undefined;
  readonly wouldHelp: UserRequirement | undefined;

  constructor(code: ErrorCode, { detail, hint, param, retryAfterMs, standing, wouldHelp, cause }: ErrorOptions = {}) {
    const entry = CATALOG[code];
    super(detail ?? hint ?? entry.publicMessage, { cause });
    this.code = code;
    this.status = entry.status;
    this.type = entry.type;
    this.retryable = entry.retryable;
    this.publicMessage = hint === undefined ? entry.publicMessage : `${entry.publicMessage} ${hint}`;
    this.hint = hint ?? null;
    this.param = param ?? null;
    this.retryAfterMs = retryAfterMs;
    this.standing = standing;
    this.wouldHelp = wouldHelp;
  }
}
