import type { BehaviorScores } from './behavior-scores.ts';
import type { Category } from './category.ts';
import type { DecisionStage } from './decision.ts';
import type { UserRequirement } from './end-user.ts';
import type { ErrorCode } from './errors.ts';
import type { Finding, SubjectRef } from './finding.ts';
import type { ArtifactId, CaseId, DecisionId, KillId } from './ids.ts';
import type { UpstreamUsage } from './image-model.ts';
import type { ImageFormat, ParameterNote, Submission } from './submission.ts';

/** A question that must have been answered: this check, about this subject. */
export interface ExpectedFinding {
  readonly check: string;
  readonly subject: SubjectRef;
}

/** What was found, and what should have been: anything missing counts as a failed finding. */
export interface Judged {
  readonly findings: readonly Finding[];
  readonly expected: readonly ExpectedFinding[];
  /** What checks on trial said. It is stored and compared, and no decision sees it. Absent: there are none. */
  readonly shadows?: readonly Finding[];
  /** Version of each check at the time when it looked, by id. */
  readonly versions?: Readonly<Record<string, string>>;
}

/** A submission whose prompt and input images were looked at. */
export interface Prechecked extends Judged {
  readonly stage: 'prompt';
  /** How the account behaved before. Absent: nobody says which end user asks. */
  readonly behavior?: BehaviorScores;
  readonly submission: Submission;
}

/** A picture whose raw form is sealed. `bytes` is what detectors look at: the raw bytes, or their raster for GIF and SVG. */
export interface SealedArtifact {
  readonly id: ArtifactId;
  readonly position: number;
  readonly bytes: Uint8Array;
  /** Hex, over `bytes`. */
  readonly sha256: string;
  readonly format: ImageFormat;
  readonly revisedPrompt?: string;
  /** What a person changed in it before they let it go, in this order. Absent: nothing. */
  readonly edits?: readonly PictureEdit[];
}

/** `blur`: parts were made unrecognizable. `crop`: all but one part was cut away. */
export type PictureEdit = 'blur' | 'crop';

/** What the model gave for one frame of the stream, or the end result. Nobody outside has seen it. */
export interface Rendered {
  readonly kind: 'rendered';
  readonly submission: Submission;
  /** The configured model that made it, where that is not the one that was asked for. */
  readonly madeBy?: string;
  readonly promptDecision: DecisionId;
  /** What was found in prompt and input pictures: policy weighs it together with what the output shows. */
  readonly promptFindings: readonly Finding[];
  /** The decision about the prompt asked for a visible label. What the pixels show does not take it back. */
  readonly isLabelAsked: boolean;
  readonly frame: { readonly kind: 'partial'; readonly index: number } | { readonly kind: 'final' };
  readonly artifacts: readonly SealedArtifact[];
  readonly usage: UpstreamUsage | null;
  readonly modelVersion: string;
  /** What the model says it made: `size`, `quality`, `background`. */
  readonly details: Readonly<Record<string, string>>;
  readonly notes: readonly ParameterNote[];
}

/** A rendering whose pixels were looked at. */
export interface Analyzed extends Judged {
  readonly stage: 'output';
  readonly rendered: Rendered;
  /** Why pictures could not bear the invisible mark that policy requires; each a stable word. Absent: nobody has tried, or they could. */
  readonly unmarkable?: readonly [string, ...string[]];
  /** The kill switch that stops this from leaving. Absent: none did. */
  readonly stopped?: KillId | 'unnamed';
}

/** Policy requires an invisible mark, and a picture could not bear one. Nothing has left; policy has to be asked again. */
export interface Unmarkable {
  /** A stable word for each. */
  readonly unmarkable: readonly [string, ...string[]];
}

/** A kill switch was thrown before this could leave. Nothing has left; policy holds it for a person. */
export interface Stopped {
  /** `unnamed`: the database refused the commit, and which switch made it so was not asked. */
  readonly stopped: KillId | 'unnamed';
}

/** A picture as it left: marked, signed, stored. */
export interface PublishedArtifact {
  readonly id: ArtifactId;
  readonly format: ImageFormat;
  readonly sha256: string;
  readonly revisedPrompt?: string;
  /** What is wrong with the credentials of the pictures that it was made from, as codes of C2PA 2.4 §15.2; absent when nobody verified. */
  readonly inputCodes?: readonly string[];
  /** `missing`: a time-stamp authority was asked for, none answered well, and the operator lets pictures leave all the same. Absent: none was wanted. */
  readonly timestamp?: 'stamped' | 'missing';
}

export interface PublishedArtifactWithBytes extends PublishedArtifact {
  readonly bytes: Uint8Array;
}

/** One frame, or the end result, on its way to the caller. `outcome` is null for a partial frame. */
export interface Published {
  readonly frame: Rendered['frame'];
  readonly artifacts: readonly PublishedArtifactWithBytes[];
  readonly decisionId: DecisionId;
  readonly policy: string;
  readonly notes: readonly ParameterNote[];
  readonly details: Readonly<Record<string, string>>;
  readonly outcome: Outcome | null;
}

/** What a caller may learn about a refusal. */
export interface RefusalFacts {
  readonly decisionId: DecisionId;
  readonly stage: DecisionStage;
  readonly categories: readonly Category[];
  readonly policy: string;
  /** `policy`: ours. `model`: the upstream refused. `operator`: a person did. */
  readonly by: 'policy' | 'model' | 'operator';
  /** What the end user could bring to be allowed. */
  readonly wouldHelp?: UserRequirement;
}

/** What the model said beside its pictures. */
export interface RenderingFacts {
  readonly madeBy?: string;
  readonly usage: UpstreamUsage | null;
  readonly modelVersion: string;
  readonly details: Readonly<Record<string, string>>;
  readonly notes: readonly ParameterNote[];
  /** By position; null where the model gave none. */
  readonly revisedPrompts: readonly (string | null)[];
}

/**
 * How a generation ended, or that a person has to look first. This is what is stored as its answer, so that the same
 * intent gets the same answer again.
 */
export type Outcome =
  | {
      readonly kind: 'published';
      readonly createdAt: string;
      readonly decisionId: DecisionId;
      readonly policy: string;
      readonly artifacts: readonly PublishedArtifact[];
      readonly usage: UpstreamUsage | null;
      readonly details: Readonly<Record<string, string>>;
      readonly notes: readonly ParameterNote[];
    }
  | { readonly kind: 'refused'; readonly refusal: RefusalFacts }
  | {
      readonly kind: 'held';
      readonly caseId: CaseId;
      readonly refusal: RefusalFacts;
      /** What a release needs besides the sealed pictures; never shown. Null when the prompt itself is held. */
      readonly rendering: RenderingFacts | null;
    }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly retryAfterMs?: number };

/** The model gave nothing to look at: it refused, or it failed. Already in the ledger. */
export interface Ended {
  readonly kind: 'ended';
  readonly outcome: Outcome;
}

/** Anything policy can judge. */
export type Judgeable = Prechecked | Analyzed;

/** The generation that a judged thing belongs to. */
export function submissionOf(judged: Judgeable): Submission {
  return judged.stage === 'prompt' ? judged.submission : judged.rendered.submission;
}
