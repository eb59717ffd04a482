import { z } from 'zod';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { Operation } from '../contracts/submission.ts';

const OPERATIONS = ['generate', 'edit', 'variation'] as const satisfies readonly Operation[];

export const slug = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'small letters, digits and dashes, beginning with a letter');
/** A score that can trigger something. Zero means "no risk at all", so nothing may be triggered by it. */
export const score = z.number().gt(0).max(1);
const surfaces = z.array(z.string().min(1)).min(1);
const operations = z.array(z.enum(OPERATIONS)).min(1);

/** Where a request comes from; the only thing that `not` may negate. */
type Setting = { readonly surface: readonly string[] } | { readonly operation: readonly Operation[] };

/**
 * When a rule applies. `not` takes a setting and nothing else: were a finding negatable, one more finding could make a
 * verdict milder, and an attacker would look for the prompt that adds it.
 */
export type Condition =
  | { readonly category: Category; readonly score: number }
  | { readonly check: string; readonly reason?: string }
  | Setting
  | { readonly any: readonly Condition[] }
  | { readonly all: readonly Condition[] }
  | { readonly not: Setting };

const surfaceSchema = z.strictObject({ surface: surfaces.describe('The request comes from one of these surfaces.') });
const operationSchema = z.strictObject({ operation: operations.describe('The request is one of these operations.') });
const children = z.lazy(() => z.array(conditionSchema).min(1));

export const conditionSchema: z.ZodType<Condition> = z
  .union([
    z.strictObject({
      category: z.enum(CATEGORIES).describe('Some check names this category'),
      score: score.describe('… with this score or a higher one.'),
    }),
    z.strictObject({
      check: slug.describe('This check reports a risk (a score above 0)'),
      reason: z.exactOptional(z.string().min(1)).describe('… for this reason; a star at the end stands for any ending.'),
    }),
    surfaceSchema,
    operationSchema,
    z.strictObject({ any: children.describe('At least one of these holds.') }),
    z.strictObject({ all: children.describe('Every one of these holds.') }),
    z.strictObject({ not: z.union([surfaceSchema, operationSchema]).describe('The request does not come from there.') }),
  ])
  .meta({ id: 'Condition' });
