import { z } from 'zod';
import { CATEGORIES } from '../../contracts/category.ts';
import type { HashTable } from './hash-table.ts';
import { WINDOW_SCALES } from './windows.ts';

const finite = z.number().min(-1e6).max(1e6);

const headSchema = z.strictObject({
  /** What it was trained on, such as `disturbing`; several heads may speak to one category. */
  name: z.string().regex(/^[a-z][a-z_]{0,31}$/),
  category: z.enum(CATEGORIES),
  /** Worth of one step of an int8 weight. */
  scale: z.number().positive().max(1e3),
  bias: finite,
  /** Taken off the best window's value for every doubling of the number of windows; one for each of `WINDOW_SCALES`. The whole text has none. */
  windowPenalties: z.array(z.number().min(0).max(100)).length(WINDOW_SCALES.length),
  /** Taken off the value of a text of mostly unknown words, where a few chance n-grams weigh too much. */
  foreignPenalty: z.number().min(0).max(100),
  /** Value and score, both rising: between two knots the score runs straight. */
  knots: z
    .array(z.tuple([finite, z.number().min(0).max(1)]))
    .min(2)
    .max(32)
    .refine((knots) => knots.every(([value, score], at) => at === 0 || isAbove(knots[at - 1], value, score)), {
      error: 'knots must rise',
    }),
});

function isAbove(before: readonly [number, number] | undefined, value: number, score: number): boolean {
  return before !== undefined && value > before[0] && score >= before[1];
}

const count = z.int().min(0).max(1e8);

/** The JSON header of a model file. */
export const modelHeaderSchema = z.strictObject({
  format: z.literal('imprimatur/prompt-model/2'),
  version: z.string().regex(/^[\w.+-]{1,64}$/),
  bucketBits: z.int().min(8).max(20),
  heads: z.array(headSchema).min(1).max(16),
  /** Names of the classes of terms, in the order of their bits. */
  classes: z.array(z.string().regex(/^[a-z][a-z_]{0,31}$/)).max(31),
  /** Bytes of each section of the body, in this order. */
  sections: z.strictObject({ weights: count, classWeights: count, terms: count, known: count, repairable: count }),
  /** Rows of each source that the weights were made of, and who asks to be named. */
  provenance: z.strictObject({
    seed: z.int(),
    rows: z.record(z.string().max(64), count),
    synthetic: count,
    attribution: z.array(z.string().max(200)).max(64),
  }),
  /** SHA-256 of the body, hex. */
  bodySha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type ModelHeader = z.infer<typeof modelHeaderSchema>;
export type ModelHead = ModelHeader['heads'][number];

/** A trained classifier, ready to score; plain data. */
export interface PromptModel {
  readonly header: ModelHeader;
  /** `weights[bucket * heads + head]`. */
  readonly weights: Int8Array;
  /** `classWeights[feature * heads + head]`; see `classFeatures`. */
  readonly classWeights: Float32Array;
  /** Hashes of terms, and the classes that they belong to. */
  readonly terms: HashTable;
  /** Hashes of ordinary words, which no repair touches. */
  readonly known: HashTable;
  /** Words that a misspelling is repaired to. */
  readonly repairable: readonly string[];
}
