import type { EndUser } from './end-user.ts';
import type { GenerationId, KeyId, RequestId } from './ids.ts';

export type Operation = 'generate' | 'edit' | 'variation';
export const IMAGE_FORMATS = ['png', 'jpeg', 'webp', 'gif', 'avif', 'svg'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** An image that arrived with the request. `index` counts images and masks together, in the order of the request. */
export interface InputImage {
  readonly index: number;
  readonly role: 'image' | 'mask';
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** One request for pictures, in our words, whatever dialect it came in. */
export interface ImageRequest {
  readonly operation: Operation;
  /** The configured model that will serve it, aliases resolved. */
  readonly model: string;
  /** The name that the caller wrote. */
  readonly requestedModel: string;
  /** Empty for a variation. */
  readonly prompt: string;
  readonly n: number;
  readonly inputs: readonly InputImage[];
  readonly stream: boolean;
  /** Partial frames wanted while streaming, 0–3. */
  readonly partialImages: number;
  readonly responseFormat: 'b64_json' | 'url';
  readonly outputFormat: ImageFormat;
  /** Everything else the caller set (`size`, `quality`, `seed`, unknown ones too), by its wire name. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** By this parameter a caller asks for the visible label. It is ours and goes to no model. */
export const LABEL_PARAMETER = 'visible_label';

export type ParameterValue = string | number | boolean | null | readonly ParameterValue[] | { readonly [key: string]: ParameterValue };

/** A parameter that did not go through as sent. Named in a response header, so nothing is dropped in silence. */
export interface ParameterNote {
  readonly name: string;
  readonly what: 'clamped' | 'unsupported';
  /** The value used instead, when there is one. */
  readonly to?: string;
}

/**
 * What the caller says this request belongs to. Personal data: beyond the sealed submission it is kept only as keyed
 * digests. Absent members were not said.
 */
export interface ConversationClaims {
  /** Ids of conversations: the header, the body and its metadata may each name one. */
  readonly conversations: readonly string[];
  /** An id of an earlier answer of ours, or of somebody else's. */
  readonly previousResponse?: string;
  /** `safety_identifier` and `user`. */
  readonly endUsers: readonly string[];
}

/** Who asks. A caller makes pictures on one surface; an operator runs the gateway. */
export interface Caller {
  readonly keyId: KeyId;
  readonly application: string;
  readonly surface: string;
  /** Whom the platform vouches for; absent: it said nothing, and policy takes them for the least known. */
  readonly user?: EndUser;
}

/** One request in flight. */
export interface Submission {
  readonly id: GenerationId;
  readonly requestId: RequestId;
  readonly caller: Caller;
  readonly request: ImageRequest;
  readonly receivedAt: Date;
  /** Hex SHA-256 over the canonical request; the same request again has the same digest. */
  readonly bodyDigest: string;
  readonly idempotencyKey?: string;
  /** True when the SDK says this is a retry of an earlier attempt. */
  readonly isRetry: boolean;
  readonly notes: readonly ParameterNote[];
  readonly conversation?: ConversationClaims;
  /** ISO 639 code of the language in which the caller wants to be answered; absent when nobody said. */
  readonly language?: string;
}
