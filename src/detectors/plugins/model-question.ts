import { z } from 'zod';
import type { FileLimits } from '../containers/container-report.ts';
import type { ModelManifest } from './model-manifest.ts';

/** Which model, and how it wants to be asked. Everything that a job needs, and it can be cloned. */
export interface ModelRecipe {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly input: ModelManifest['input'];
  readonly output: ModelManifest['output'];
  /** How many scores the model must give. */
  readonly scores: number;
}

export interface AskModelInput {
  readonly bytes: Uint8Array;
  readonly limits: FileLimits;
  readonly model: ModelRecipe;
}

/** One score for each label, the highest of all frames and views. A process that opened a hostile file says it, so it is parsed. */
export const modelAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scores'), scores: z.array(z.number().min(0).max(1)).max(1_000).readonly() }),
  z.object({ kind: z.literal('unreadable') }),
]);

export type ModelAnswer = z.output<typeof modelAnswerSchema>;

/** What is wrong with a model, in words for whoever wrote the manifest; null when it fits. */
export const probeAnswerSchema = z.object({ problem: z.string().max(2_000).nullable() });
