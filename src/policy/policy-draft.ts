import { z } from 'zod';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import {
  type CheckEntry,
  checkEntrySchema,
  type ObligationsEntry,
  obligationsSchema,
  type Rule,
  ruleSchema,
  type ShadowEntry,
  shadowEntrySchema,
  type ThresholdLine,
  thresholdLineSchema,
} from './document.ts';
import { type ParameterLimit, parameterLimitSchema } from './parameter-clamp.ts';

/**
 * The parts of a document that can be understood, each at its own place, so that the questions that go beyond the schema
 * can be asked although another part is broken, and the author sees all problems at once.
 */
export interface PolicyDraft {
  readonly checks: readonly (CheckEntry | undefined)[];
  readonly shadow: readonly (ShadowEntry | undefined)[];
  readonly rules: readonly (Rule | undefined)[];
  readonly thresholds: readonly (readonly [Category, ThresholdLine])[];
  readonly parameters: readonly (readonly [string, ParameterLimit])[];
  readonly obligations: ObligationsEntry | undefined;
  readonly appeal: Readonly<Record<string, unknown>> | undefined;
}

const mapping = z.record(z.string(), z.unknown());

function listOf<T>(schema: z.ZodType<T>, value: unknown): (T | undefined)[] {
  return Array.isArray(value) ? value.map((item) => schema.safeParse(item).data) : [];
}

function entriesOf<T>(schema: z.ZodType<T>, value: unknown): (readonly [string, T])[] {
  return Object.entries(mapping.safeParse(value).data ?? {}).flatMap(([key, item]) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [[key, parsed.data] as const] : [];
  });
}

function isCategory(text: string): text is Category {
  return CATEGORIES.some((category) => category === text);
}

/** Takes from an unchecked value whatever parses on its own. Positions in lists are kept. */
export function draftOf(value: unknown): PolicyDraft {
  const parts = mapping.safeParse(value).data ?? {};
  return {
    checks: listOf(checkEntrySchema, parts['checks']),
    shadow: listOf(shadowEntrySchema, parts['shadow']),
    rules: listOf(ruleSchema, parts['rules']),
    thresholds: entriesOf(thresholdLineSchema, parts['thresholds']).flatMap(([key, line]) =>
      isCategory(key) ? [[key, line] as const] : [],
    ),
    parameters: entriesOf(parameterLimitSchema, parts['parameters']),
    obligations: obligationsSchema.safeParse(parts['obligations']).data,
    appeal: mapping.safeParse(parts['appeal']).data,
  };
}
