import { z } from 'zod';
import { BEHAVIORS, type BehaviorName } from '../contracts/behavior-scores.ts';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import { AGE_METHODS, type AgeMethod, TIERS, type Tier } from '../contracts/end-user.ts';
import type { Operation } from '../contracts/submission.ts';

const OPERATIONS = ['generate', 'edit', 'variation'] as const satisfies readonly Operation[];

export const slug = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'small letters, digits and dashes, beginning with a letter');
/** A score that can trigger something. Zero means "no risk at all", so nothing may be triggered by it. */
export const score = z.number().gt(0).max(1);
const surfaces = z.array(z.string().min(1)).min(1);
const operations = z.array(z.enum(OPERATIONS)).min(1);

/**
 * What an end user lacks. Each also holds of somebody of whom nothing was said, so leaving a claim out makes no verdict milder; and none can be
 * negated, so that saying more does not make one stricter.
 */
type Shortfall =
  | { readonly tier: { readonly below: Tier } }
  | { readonly verified: false }
  | { readonly age: { readonly below: number; readonly unless?: AgeMethod; readonly withinDays?: number } }
  | { readonly region: readonly string[] };

/** Where a request comes from; the only thing that `not` may negate. */
type Setting = { readonly surface: readonly string[] } | { readonly operation: readonly Operation[] };

/**
 * When a rule applies. `not` takes a setting and nothing else: were a finding negatable, one more finding could make a
 * verdict milder, and an attacker would look for the prompt that adds it.
 */
export type Condition =
  | { readonly category: Category; readonly score: number }
  | { readonly check: string; readonly reason?: string }
  | { readonly behavior: BehaviorName; readonly score: number }
  | Setting
  | Shortfall
  | { readonly any: readonly Condition[] }
  | { readonly all: readonly Condition[] }
  | { readonly not: Setting };

const surfaceSchema = z.strictObject({ surface: surfaces.describe('The request comes from one of these surfaces.') });
const operationSchema = z.strictObject({ operation: operations.describe('The request is one of these operations.') });
/** ISO 3166-1 or 3166-2, or EU. */
const region = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/, 'a region such as EU, CN or US-CA');
const years = z.int().min(1).max(120);
const ageMethod = z.enum(AGE_METHODS);
const days = z.int().min(1).max(36_500);

/** What a rule may ask of an end user: whoever has all of it passes. */
export const requirementSchema = z.strictObject({
  tier: z.exactOptional(z.enum(TIERS).exclude(['anonymous'])).describe('This tier or a higher one.'),
  verified: z.exactOptional(z.literal(true)).describe('The platform knows who it is.'),
  age: z
    .exactOptional(
      z.strictObject({
        over: years.describe('At least this old,'),
        method: z.exactOptional(ageMethod).describe('assured by this method or a stronger one,'),
        withinDays: z.exactOptional(days).describe('within so many days.'),
      }),
    )
    .describe('An assured age.'),
});

const shortfalls = [
  z.strictObject({ tier: z.strictObject({ below: z.enum(TIERS).describe('The end user is of a lower tier, or nobody said.') }) }),
  z.strictObject({ verified: z.literal(false).describe('The platform does not know who the end user is, or nobody said.') }),
  z.strictObject({
    age: z.strictObject({
      below: years.describe('Nobody assured that the end user is this old,'),
      unless: z.exactOptional(ageMethod).describe('by this method or a stronger one,'),
      withinDays: z.exactOptional(days).describe('within so many days.'),
    }),
  }),
  z.strictObject({ region: z.array(region).min(1).describe('The end user is in one of these regions, or nobody said where.') }),
] as const;
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
    z.strictObject({
      behavior: z.enum(BEHAVIORS).describe('The account behaves like this (only where the caller says which end user asks)'),
      score: score.describe('… with this score or a higher one.'),
    }),
    surfaceSchema,
    operationSchema,
    ...shortfalls,
    z.strictObject({ any: children.describe('At least one of these holds.') }),
    z.strictObject({ all: children.describe('Every one of these holds.') }),
    z.strictObject({ not: z.union([surfaceSchema, operationSchema]).describe('The request does not come from there.') }),
  ])
  .meta({ id: 'Condition' });
