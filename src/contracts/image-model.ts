import type { Category } from './category.ts';
import type { ImageFormat, InputImage, Operation, ParameterNote, ParameterValue } from './submission.ts';

/** What a model is asked for: the cleared request, after the policy's clamps. */
export interface RenderRequest {
  readonly operation: Operation;
  readonly prompt: string;
  readonly n: number;
  readonly inputs: readonly InputImage[];
  readonly partialImages: number;
  readonly stream: boolean;
  readonly outputFormat: ImageFormat;
  /** The caller's other parameters by wire name, already clamped. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Pseudonymous end user, passed on as the upstream's safety identifier. */
  readonly endUser?: string;
  /** Policy wants this one made with the strictest settings that the model has; see `models/conservative.ts`. */
  readonly conservative?: true;
}

/** A picture as the model gave it. Nobody but the evidence store and the detectors may see it. */
export interface RawImage {
  readonly bytes: Uint8Array;
  readonly revisedPrompt?: string;
}

/** Token and size figures of the upstream, passed through as it gave them. */
export type UpstreamUsage = Readonly<Record<string, unknown>>;

/** Where the upstream stopped it. `account`: the whole account is blocked, whoever asked. */
export type RefusalStage = 'input' | 'output' | 'account' | 'unknown';

/** One upstream refusal, in one form, whichever of the twelve dialects it came in. */
export interface UpstreamRefusal {
  readonly stage: RefusalStage;
  readonly categories: readonly Category[];
  /** Upstream's own category words, an open set. */
  readonly upstreamCategories: readonly string[];
  readonly retryable: boolean;
  /** Null when the upstream does not say whether it charged. */
  readonly charged: boolean | null;
}

export type UpstreamFailureCause =
  | 'unreachable'
  | 'timed_out'
  | 'reset'
  | 'rate_limited'
  | 'unauthorized'
  | 'rejected_request'
  | 'server_error'
  | 'garbage';

/** The upstream could not do it, and nobody's content is to blame. */
export interface UpstreamFailure {
  readonly cause: UpstreamFailureCause;
  /** True when another attempt may help. */
  readonly retryable: boolean;
  /** False only when it is certain that the model never saw the request (so a retry cannot generate twice). */
  readonly reachedModel: boolean;
  readonly retryAfterMs?: number;
  /** For our logs: status and shape, never bodies, prompts or keys. */
  readonly detail: string;
}

/** What a model adapter yields, in order: any partial frames, then exactly one of the last three. */
export type RenderEvent =
  | { readonly kind: 'partial'; readonly index: number; readonly image: RawImage }
  | {
      readonly kind: 'final';
      readonly images: readonly RawImage[];
      readonly usage: UpstreamUsage | null;
      readonly modelVersion: string;
      /** What the upstream says it made (`size`, `quality`, `background`), by wire name; passed through to the caller. */
      readonly details?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'refused'; readonly refusal: UpstreamRefusal }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure };

/** How a request would go out, so that nothing is dropped in silence and the dry run can be tested. */
export interface RenderPlan {
  readonly notes: readonly ParameterNote[];
}

/**
 * One adapter per image-model API. `render` never throws for what an upstream did: bad statuses, broken bodies and
 * refusals are events. It stops when `signal` aborts.
 */
export interface ImageModel {
  readonly name: string;
  readonly kind: string;
  readonly operations: readonly Operation[];
  /** Names of parameters that cannot be passed on, and why; called before `render` with the same request. */
  plan(request: RenderRequest): RenderPlan;
  render(request: RenderRequest, signal: AbortSignal): AsyncIterable<RenderEvent>;
}
