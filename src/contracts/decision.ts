import type { Category } from './category.ts';
import type { UserRequirement } from './end-user.ts';
import type { SubjectRef } from './finding.ts';
import type { CaseId, DecisionId, Id, StaffId } from './ids.ts';

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
  readonly evidence: readonly {
    readonly check: string;
    readonly reason: string;
    readonly score: number;
    /** Absent where a whole check could not tell. */
    readonly subject?: SubjectRef;
  }[];
  /** What of the end user would have let the request pass this rule. */
  readonly lacking?: UserRequirement;
  /** The exception because of which it stopped nothing. */
  readonly exception?: Id<'exc'>;
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
  /** The model is asked with its strictest settings. Absent: as the caller wishes. */
  readonly conservative?: true;
  /** Seconds for which the request waits before the model is asked. Absent: it does not. */
  readonly delaySeconds?: number;
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

/** One signal, who gave it, about what. `score` is a risk above 0, up to 1. */
export interface Evidence {
  readonly check: string;
  readonly category: Category;
  readonly reason: string;
  readonly score: number;
  readonly subject: SubjectRef;
  /** It was known, and judged, at an earlier stage of the same generation. */
  readonly isEarlier: boolean;
}

/** What one signal adds to a fused risk: 0 where a stronger one of its family speaks for it. */
export interface Contribution extends Evidence {
  /** Where it has its knowledge from; see `evidence-family.ts`. */
  readonly family: string;
  readonly added: number;
}

/** The risk of one category from everything that was found. `added` of all contributions sums up to `risk`. */
export interface FusedRisk {
  readonly category: Category;
  readonly risk: number;
  /** The one that adds most first. */
  readonly contributions: readonly Contribution[];
}

/** A rule or threshold that would have fired, had every score been a little higher. */
export interface NearMiss {
  readonly rule: string;
  readonly action: Action;
  readonly why: string;
}

/** How far a floor was from firing. `peak` is the risk that counted, null when no check named the category. */
export interface FloorState {
  readonly category: Category;
  readonly from: number;
  readonly peak: number | null;
}

/** How the halves of a floor stand that needs two. `open`: nothing was seen, and a detector that would have seen it could not tell. */
export interface CrossFloorState {
  readonly rule: string;
  readonly sides: readonly { readonly side: string; readonly state: 'there' | 'open' | 'absent' }[];
}

/** What led to a decision, beside the rules that fired. Codes and numbers; no text of a user. */
export interface Reasoning {
  readonly risks: readonly FusedRisk[];
  readonly nearly: readonly NearMiss[];
  readonly floors: readonly FloorState[];
  readonly crossFloors: readonly CrossFloorState[];
}

/** A verdict that stands in the ledger. */
export interface Decision extends Verdict {
  readonly id: DecisionId;
  readonly stage: DecisionStage;
  readonly decidedAt: Date;
  readonly decidedBy: { readonly kind: 'policy' } | { readonly kind: 'operator'; readonly keyId: StaffId };
  readonly caseId?: CaseId;
  /** What led to it; absent for a person's decision. */
  readonly reasoning?: Reasoning;
}
