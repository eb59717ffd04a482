import type { CapabilityUse } from '../contracts/capability.ts';

/**
 * The rows that one act on a generation writes, and its ledger entries. They are written by one statement: all of it is
 * durable when `writeActs` resolves, or none of it happened. Field names are column names; bytes travel as base64.
 */
export interface Act {
  readonly generation?: GenerationRow;
  readonly generationUpdate?: GenerationUpdate;
  readonly decision?: DecisionRow;
  readonly artifacts?: readonly ArtifactRow[];
  readonly artifactUpdates?: readonly ArtifactUpdate[];
  readonly openCase?: CaseRow;
  readonly credentials?: readonly CredentialRow[];
  readonly bindings?: readonly BindingRow[];
  readonly watermarks?: readonly WatermarkRow[];
  readonly parents?: readonly ParentRow[];
  /** Encoded ledger entries, in order. At least one: what is not in the ledger did not happen. */
  readonly entries: readonly [Uint8Array, ...Uint8Array[]];
}

export type GenerationState = 'running' | 'held' | 'published' | 'refused' | 'failed' | 'interrupted';

export interface GenerationRow {
  readonly id: string;
  readonly request_id: string;
  readonly key_id: string;
  readonly application: string;
  readonly surface: string;
  readonly operation: string;
  readonly model: string;
  readonly state: GenerationState;
  readonly body_digest: string;
  readonly idempotency_key: string | null;
  /** The process that runs it; when that process dies, the generation is interrupted. */
  readonly owner: string;
  /** Sealed submission (prompt, parameters, salts), base64. Deleting it leaves every proof whole. */
  readonly submission: string;
  readonly created_at: string;
  /** How many pictures of which size and quality were asked for, for billing; `auto` where nobody said. */
  readonly images?: number;
  readonly size?: string;
  readonly quality?: string;
  /** What to answer when the same intent arrives again; null while it runs. */
  readonly answer: unknown;
}

/** Moves a generation on. It fails, and everything beside it, unless the generation is in one of `from`. */
export interface GenerationUpdate {
  readonly id: string;
  readonly from: readonly GenerationState[];
  readonly state: GenerationState;
  readonly answer: unknown;
  /** The process that goes on with it, when that changes. */
  readonly owner?: string;
  /** True when the model never saw it, so that a retry of the same intent may try again. */
  readonly intent_released: boolean;
}

export interface DecisionRow {
  readonly id: string;
  readonly generation_id: string;
  readonly stage: string;
  readonly action: string;
  readonly policy: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly decided_at: string;
}

export interface ArtifactRow {
  readonly id: string;
  readonly generation_id: string;
  readonly position: number;
  readonly kind: 'partial' | 'final';
  readonly raw_sha256: string;
  readonly raw_blob: string;
  readonly created_at: string;
}

export interface ArtifactUpdate {
  readonly id: string;
  /** What it was made with: the commit fails while a kill switch stops that. */
  readonly use: CapabilityUse;
  readonly published_sha256: string;
  readonly published_blob: string;
  readonly published_format: string;
  readonly published_at: string;
  /** Hex leaf hash of the ledger entry that says so. */
  readonly ledger_leaf: string;
}

/** A new case; `src/review/open-case.ts` makes it. */
export interface CaseRow {
  readonly id: string;
  readonly kind: string;
  readonly generation_id: string | null;
  readonly stage: string | null;
  readonly decision_id: string | null;
  readonly upload_id: string | null;
  readonly subject: Readonly<Record<string, string | readonly string[]>> | null;
  readonly queue: string;
  readonly restricted: boolean;
  readonly categories: readonly string[];
  readonly region: string | null;
  readonly language: string | null;
  readonly prompt_digest: string | null;
  readonly user_digest: string | null;
  readonly excluded: readonly string[];
  readonly opened_at: string;
}

/** The credential of a published artifact. */
export interface CredentialRow {
  readonly manifest_id: string;
  readonly artifact_id: string;
  readonly format: string;
  /** Hex, of the file as it left. */
  readonly signed_sha256: string;
  /** Hex, of what a lossless stripper leaves of it. */
  readonly stripped_sha256: string;
  readonly segment: string;
  readonly segment_offset: number;
  readonly moving: string;
}

/** By what a credential is found again. */
export interface BindingRow {
  readonly manifest_id: string;
  readonly alg: string;
  readonly value: string;
  readonly is_asserted: boolean;
  /** A perceptual hash as `x` and 64 hex digits, with its bands; both null for what is compared byte by byte. */
  readonly pdq: string | null;
  readonly bands: readonly number[] | null;
}

/** The invisible mark of a published artifact. */
export interface WatermarkRow {
  readonly artifact_id: string;
  readonly payload: string;
  /** What the picture shows, coarsely; base64. */
  readonly sketch: string;
}

/** A published artifact that another one was made from. */
export interface ParentRow {
  readonly artifact_id: string;
  readonly parent_id: string;
  readonly found_by: 'bytes' | 'watermark';
}
