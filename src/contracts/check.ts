import type { Category } from './category.ts';
import type { Signal, SubjectRef } from './finding.ts';
import type { GenerationId, KeyId } from './ids.ts';
import type { ConversationClaims, Operation } from './submission.ts';

/** When a check looks: at the prompt, at each input image before generation, at each artifact after it. */
export type LooksAt = 'prompt' | 'input_image' | 'artifact';

/** Which request this is, and what links it to earlier ones. */
export interface ConversationRef {
  readonly turn: GenerationId;
  readonly keyId: KeyId;
  readonly application: string;
  readonly at: Date;
  readonly claims: ConversationClaims;
  /** Hex SHA-256 of the input pictures: one that was published here is the parent. */
  readonly inputHashes: readonly string[];
}

/** What a check gets to see of one subject. Bytes are compressed, as they arrived; text is what the user wrote. */
export interface CheckInput {
  readonly subject: SubjectRef;
  readonly prompt: string;
  /** Absent when the subject is the prompt. */
  readonly image?: Uint8Array;
  /** Hex digest of `image` where somebody made it already: a megabyte costs half a millisecond. */
  readonly sha256?: string;
  /** With an artifact of an edit or variation: the pictures that it was made from, masks left out. */
  readonly sources?: readonly Uint8Array[];
  /** With `sources`: where the first of them was to be changed, transparent there; absent where the caller gave none. */
  readonly mask?: Uint8Array;
  readonly surface: string;
  /** Absent where nobody asks for a picture. */
  readonly application?: string;
  /** What is asked for; a text that is merely moderated counts as `generate`. */
  readonly operation?: Operation;
  /** ISO 639 code of the language in which the caller wants to be answered; absent when nobody said. */
  readonly language?: string;
  /** Only with the prompt of a generation; a text that is merely moderated belongs to none. */
  readonly conversation?: ConversationRef;
}

/** Shares of 0–1, each over the examples of its kind. "Nobody measured it" is a value of its own, never a 0. */
export interface MeasuredError {
  /** Of what should have been found, the share that was not. */
  readonly missed: number | 'unmeasured';
  /** Of what should have been left alone, the share that was reported. */
  readonly falseAlarms: number | 'unmeasured';
}

/** What was measured of one category on one kind of subject, so that whoever relies on it can judge how far. */
export interface Coverage {
  readonly category: Category;
  readonly looksAt: LooksAt;
  readonly measured:
    | {
        /** By a name under which a reader finds it. */
        readonly dataset: string;
        /** Examples, of both kinds together. */
        readonly n: number;
        readonly error: MeasuredError;
        /** Day of the measurement, ISO 8601 such as `2026-11-21`. */
        readonly on: string;
      }
    | 'unmeasured';
  /** What a reader must know beside the numbers, such as what the data leave out. One sentence. */
  readonly note?: string;
}

/** A check looks and reports; it never decides. */
export type Detection =
  | { readonly kind: 'signals'; readonly signals: readonly Signal[] }
  | { readonly kind: 'abstained'; readonly reason: string };

/**
 * One check (before generation) or detector (after it). `detect` may throw or hang: the one runner in `detectors/`
 * turns that into a failed finding. It must honour `signal` where it can.
 */
export interface Check {
  readonly id: string;
  /** May change while the gateway runs: when a classifier is promoted. */
  readonly version: string;
  readonly looksAt: readonly LooksAt[];
  readonly categories: readonly Category[];
  /**
   * How well it looks. Who lists something claims nothing else: words in the metadata of a file do not cover what it shows. Left
   * out: it covers all its categories on everything it looks at, and nobody measured it.
   */
  readonly coverage?: readonly Coverage[];
  /** Time after which the runner stops waiting, unless the policy sets its own. */
  readonly deadlineMs: number;
  /**
   * Has no use for `signal`, and mostly answers at once, without a promise: so there is nothing to wait for, and thousands of
   * prompts a second pay for no timers.
   */
  readonly isImmediate?: boolean;
  /** Looks something up that changes from minute to minute, such as who agreed to what: it is asked again before a person's word lets a picture go. */
  readonly readsRegister?: boolean;
  detect(input: CheckInput, signal: AbortSignal): Detection | Promise<Detection>;
}
