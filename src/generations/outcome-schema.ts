import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { AGE_METHODS, TIERS } from '../contracts/end-user.ts';
import { ERROR_CODES } from '../contracts/errors.ts';
import { isId } from '../contracts/ids.ts';
import type { Outcome } from '../contracts/stages.ts';
import { IMAGE_FORMATS } from '../contracts/submission.ts';

const idOf = <Prefix extends string>(prefix: Prefix) =>
  z.custom<`${Prefix}_${string}`>((value) => typeof value === 'string' && isId(prefix, value), `not a ${prefix}_ id`);

const note = z.object({ name: z.string(), what: z.enum(['clamped', 'unsupported']), to: z.string().exactOptional() });
const texts = z.record(z.string(), z.string());
const usage = z.record(z.string(), z.unknown()).nullable();

const requirement = z.object({
  tier: z.enum(TIERS).exactOptional(),
  verified: z.literal(true).exactOptional(),
  age: z.object({ over: z.number(), method: z.enum(AGE_METHODS).exactOptional(), withinDays: z.number().exactOptional() }).exactOptional(),
});

const refusal = z.object({
  decisionId: idOf('dec'),
  stage: z.enum(['prompt', 'output', 'review']),
  categories: z.array(z.enum(CATEGORIES)),
  policy: z.string(),
  by: z.enum(['policy', 'model', 'operator']),
  wouldHelp: requirement.exactOptional(),
});

/** A stored answer, parsed again: the database is outside. */
export const outcomeSchema: z.ZodType<Outcome> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('published'),
    createdAt: z.string(),
    decisionId: idOf('dec'),
    policy: z.string(),
    artifacts: z.array(
      z.object({
        id: idOf('art'),
        format: z.enum(IMAGE_FORMATS),
        sha256: z.string(),
        revisedPrompt: z.string().exactOptional(),
        inputCodes: z.array(z.string()).exactOptional(),
      }),
    ),
    usage,
    details: texts,
    notes: z.array(note),
  }),
  z.object({ kind: z.literal('refused'), refusal }),
  z.object({
    kind: z.literal('held'),
    caseId: idOf('case'),
    refusal,
    rendering: z

      .object({
        madeBy: z.string().exactOptional(),
        usage,
        modelVersion: z.string(),
        details: texts,
        notes: z.array(note),
        revisedPrompts: z.array(z.string().nullable()),
      })
      .nullable(),
  }),
  z.object({
    kind: z.literal('failed'),
    code: z.custom<(typeof ERROR_CODES)[number]>((value) => ERROR_CODES.some((code) => code === value)),
    retryAfterMs: z.number().exactOptional(),
  }),
]);
