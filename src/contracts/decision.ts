import type { Category } from './category.ts';
import type { CaseId, DecisionId, KeyId } from './ids.ts';

/** From the mildest to the strongest; the strongest one wins. */
export const ACTIONS = ['allow', 'label', 'hold', 'block'] as const;
export type Action = (typeof ACTIONS)[number];

/** The stronger of two actions. */
export function strongest(a: Action, b: Action): Action {
  return ACTIONS.indexOf(a) >= ACTIONS.indexOf(b) ? a : b;
}

/** Which policy decided: `name@version+digest`, the digest over its canonical form. */
export interface PolicyRef {
  readonly name: string;
  readonly version: string;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}

/** A rule that fired, and what made it fire. */
export interface RuleHit {
  readonly rule: string;
  readonly action: Action;
  /** True when no policy may relax it. */
  readonly floor: boolean;
  readonly categories: readonly Category[];
  readonly evidence: readonly { readonly check: string; readonly reason: string; readonly score: number }[];
}

/** `required`: what cannot be marked is held for a person. `preferred`: it leaves, and the ledger says why it bears none. */
export const WATERMARK_WISHES = ['required', 'preferred', 'off'] as const;
export type WatermarkWish = (typeof WATERMARK_WISHES)[number];

/** What an allow still requires before anything leaves. */
export interface Obligations {
  /** A signed content credential. */
  readonly credential: boolean;
  /** A visible "AI-generated" label. */
  readonly label: boolean;
  /** An invisible mark that leads back to the record. */
  readonly watermark: WatermarkWish;
  /** How it looks, where the policy says. */
  readonly labelStyle?: {
    readonly position?: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';
    /** Height as a share of the shorter side. */
    readonly size?: number;
    /** ISO 639 code; left out, the caller's own. */
    readonly language?: string;
  };
}

/** `prompt`: before anything is paid for. `output`: before anybody sees it. `review`: by a person, on a held case. */
export type DecisionStage = 'prompt' | 'output' | 'review';

/** The outcome of policy over findings, before it has an id and is written down. */
export interface Verdict {
  readonly action: Action;
  readonly policy: PolicyRef;
  readonly rules: readonly RuleHit[];
  readonly categories: readonly Category[];
  readonly obligations: Obligations;
}

/** A verdict that stands in the ledger. */
export interface Decision extends Verdict {
  readonly id: DecisionId;
  readonly stage: DecisionStage;
  readonly decidedAt: Date;
  readonly decidedBy: { readonly kind: 'policy' } | { readonly kind: 'operator'; readonly keyId: KeyId | 'local' };
  readonly caseId?: CaseId;
}
