import { z } from 'zod';
import type { ArtifactId, GenerationId } from '../contracts/ids.ts';
import type { Outcome } from '../contracts/stages.ts';
import type { Submission } from '../contracts/submission.ts';
import type { GenerationState } from '../storage/act.ts';
import type { Database } from '../storage/database.ts';
import { outcomeSchema } from './outcome-schema.ts';

/** A generation as it stands in the database. */
export interface GenerationRecord {
  readonly id: GenerationId;
  readonly keyId: string;
  readonly surface: string;
  readonly model: string;
  readonly operation: string;
  readonly state: GenerationState;
  readonly bodyDigest: string;
  readonly createdAt: Date;
  readonly outcome: Outcome | null;
  /** Sealed; null when it was deleted. */
  readonly submission: Uint8Array | null;
}

export interface ArtifactRecord {
  readonly id: ArtifactId;
  readonly generationId: GenerationId;
  readonly position: number;
  readonly kind: 'partial' | 'final';
  readonly rawBlob: string;
  readonly rawSha256: string;
  readonly published: {
    readonly sha256: string;
    readonly blob: string;
    readonly format: string;
    readonly at: Date;
    readonly ledgerLeaf: string;
  } | null;
}

/** An SDK retries within seconds; after this long the same words are a new wish. */
const RETRY_WINDOW = '15 minutes';

const state = z.enum(['running', 'held', 'published', 'refused', 'failed', 'interrupted']);
const generationRow = z.object({
  id: z.templateLiteral(['gen_', z.string()]),
  key_id: z.string(),
  surface: z.string(),
  model: z.string(),
  operation: z.string(),
  state,
  body_digest: z.string(),
  created_at: z.date(),
  answer: outcomeSchema.nullable(),
  submission: z.instanceof(Uint8Array).nullable(),
});

const artifactRow = z.object({
  id: z.templateLiteral(['art_', z.string()]),
  generation_id: z.templateLiteral(['gen_', z.string()]),
  position: z.number(),
  kind: z.enum(['partial', 'final']),
  raw_blob: z.string(),
  raw_sha256: z.string(),
  published_sha256: z.string().nullable(),
  published_blob: z.string().nullable(),
  published_format: z.string().nullable(),
  published_at: z.date().nullable(),
  ledger_leaf: z.string().nullable(),
});

const GENERATION = 'select id, key_id, surface, model, operation, state, body_digest, created_at, answer, submission from generations';
const ARTIFACT =
  'select id, generation_id, position, kind, raw_blob, raw_sha256, published_sha256, published_blob, published_format, published_at, ledger_leaf from artifacts';

export interface GenerationStore {
  find(id: GenerationId): Promise<GenerationRecord | null>;
  /** The earlier generation that this submission is a repetition of: by its idempotency key, or as a retry of the same body. */
  findIntent(submission: Submission): Promise<GenerationRecord | null>;
  artifact(id: ArtifactId): Promise<ArtifactRecord | null>;
  artifactByHash(sha256: string): Promise<ArtifactRecord | null>;
  finalArtifacts(id: GenerationId): Promise<readonly ArtifactRecord[]>;
}

/** Reads generations and artifacts. Writing goes through the journal only. */
export function createGenerationStore(db: Database): GenerationStore {
  async function oneGeneration(name: string, where: string, values: readonly unknown[]): Promise<GenerationRecord | null> {
    const { rows } = await db.query({ name, text: `${GENERATION} where ${where}`, values });
    return rows[0] === undefined ? null : toGeneration(rows[0]);
  }
  async function artifacts(name: string, where: string, values: readonly unknown[]): Promise<readonly ArtifactRecord[]> {
    const { rows } = await db.query({ name, text: `${ARTIFACT} where ${where} order by position`, values });
    return rows.map(toArtifact);
  }
  return {
    find: (id) => oneGeneration('generation-by-id', 'id = $1', [id]),
    findIntent({ caller, idempotencyKey, isRetry, bodyDigest }) {
      if (idempotencyKey !== undefined) {
        return oneGeneration('generation-by-intent', 'key_id = $1 and idempotency_key = $2 and not intent_released', [
          caller.keyId,
          idempotencyKey,
        ]);
      }
      if (!isRetry) return Promise.resolve(null);
      const where = `key_id = $1 and body_digest = $2 and not intent_released and created_at > clock_timestamp() - interval '${RETRY_WINDOW}'
        order by created_at desc limit 1`;
      return oneGeneration('generation-by-body', where, [caller.keyId, bodyDigest]);
    },
    artifact: async (id) => (await artifacts('artifact-by-id', 'id = $1', [id]))[0] ?? null,
    artifactByHash: async (sha256) => (await artifacts('artifact-by-hash', 'published_sha256 = $1', [sha256]))[0] ?? null,
    finalArtifacts: (id) => artifacts('artifacts-of-generation', "generation_id = $1 and kind = 'final'", [id]),
  };
}

function toGeneration(row: unknown): GenerationRecord {
  const { key_id: keyId, body_digest: bodyDigest, created_at: createdAt, answer: outcome, ...rest } = generationRow.parse(row);
  return { ...rest, keyId, bodyDigest, createdAt, outcome };
}

function toArtifact(row: unknown): ArtifactRecord {
  const found = artifactRow.parse(row);
  const { published_sha256: sha256, published_blob: blob, published_format: format, published_at: at, ledger_leaf: ledgerLeaf } = found;
  const published =
    sha256 !== null && blob !== null && format !== null && at !== null && ledgerLeaf !== null
      ? { sha256, blob, format, at, ledgerLeaf }
      : null;
  return {
    id: found.id,
    generationId: found.generation_id,
    position: found.position,
    kind: found.kind,
    rawBlob: found.raw_blob,
    rawSha256: found.raw_sha256,
    published,
  };
}
