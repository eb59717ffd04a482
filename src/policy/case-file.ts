import { z } from 'zod';
import { CATEGORIES } from '../contracts/category.ts';
import { ACTIONS } from '../contracts/decision.ts';
import { AGE_METHODS, TIERS } from '../contracts/end-user.ts';
import type { Finding, SubjectRef } from '../contracts/finding.ts';
import { UPLOAD_ACTIONS, UPLOAD_SITUATIONS } from '../contracts/upload.ts';
import { slug } from './condition.ts';
import { locate, type PolicyProblem } from './policy-problem.ts';
import { schemaFlaws } from './schema-flaws.ts';
import { readYaml } from './yaml-source.ts';

/** `prompt`, `artifact` (the first one) or `artifact[2]`. */
const subject = z
  .string()
  .regex(/^(prompt|(input_image|artifact)(\[\d{1,3}\])?)$/, '"prompt", "input_image[0]" or "artifact[0]"')
  .transform((text): SubjectRef => {
    const index = Number(/\d+/.exec(text)?.[0] ?? 0);
    if (text === 'prompt') return { kind: 'prompt' };
    return text.startsWith('artifact') ? { kind: 'artifact', index } : { kind: 'input_image', index };
  });
const about = { check: slug, subject };
const signal = z.strictObject({ category: z.enum(CATEGORIES), score: z.number().min(0).max(1), reason: z.string().default('case') });
const durationMs = 1;

const finding = z.union([
  z.strictObject({ ...about, signals: z.array(signal) }).transform((parts): Finding => ({ ...parts, kind: 'signals', durationMs })),
  z
    .strictObject({ ...about, abstained: z.string() })
    .transform(({ abstained, ...rest }): Finding => ({ ...rest, kind: 'abstained', reason: abstained, durationMs })),
  z
    .strictObject({ ...about, failed: z.enum(['threw', 'timed_out', 'missing', 'garbled']) })
    .transform(({ failed, ...rest }): Finding => ({ ...rest, kind: 'failed', cause: failed, detail: 'case', durationMs })),
]);

const user = z.strictObject({
  tier: z.enum(TIERS).default('anonymous'),
  verified: z.boolean().default(false),
  age: z
    .strictObject({ over: z.int(), method: z.enum(AGE_METHODS), on: z.iso.date().transform((day) => new Date(day)) })
    .nullable()
    .default(null),
  region: z.string().nullable().default(null),
});

const share = z.number().min(0).max(1).default(0);
const behavior = z
  .strictObject({ probing: share, campaign: share, burst: share, copies: share })
  .transform((scores) => ({ ...scores, reasons: [] }));

const caseSchema = z.strictObject({
  name: z.string().min(1),
  given: z.strictObject({
    stage: z.enum(['prompt', 'output']),
    surface: z.string().min(1),
    operation: z.enum(['generate', 'edit', 'variation']),
    findings: z.array(finding),
    earlier: z.exactOptional(z.array(finding)).describe('What was found in prompt and input pictures, where this is about the output.'),
    others: z.exactOptional(z.literal('silent')).describe('Every other check looked and found nothing. Left out: they are missing.'),
    expected: z.array(z.strictObject(about)).default([]),
    at: z.exactOptional(z.iso.date()).describe('The day on which it happens, UTC.'),
    user: z.exactOptional(user).describe('Whom the platform vouches for. Left out: nobody.'),
    behavior: z.exactOptional(behavior).describe('How the account behaved before. Left out: nobody says which end user asks.'),
    unmarkable: z.exactOptional(z.tuple([z.string()], z.string())).describe('Why the pictures could bear no invisible mark.'),
  }),
  expect: z.strictObject({
    action: z.enum(ACTIONS),
    rules: z.array(z.string()).describe('All rules that fire, in any order.'),
    categories: z.exactOptional(z.array(z.enum(CATEGORIES))),
    ledger: z.exactOptional(z.record(z.string(), z.json())).describe('A part of what the ledger keeps.'),
  }),
});
const uploadCaseSchema = z.strictObject({
  name: z.string().min(1),
  upload: z
    .tuple([z.enum(UPLOAD_SITUATIONS)], z.enum(UPLOAD_SITUATIONS))
    .describe('What is the matter with a file that is to be published.'),
  expect: z.strictObject({ action: z.enum(UPLOAD_ACTIONS) }),
});
const caseFileSchema = z.array(z.union([caseSchema, uploadCaseSchema])).min(1);

/** Findings in, verdict and ledger entry out: what a policy promises, as data beside it. */
export type GenerationCase = z.output<typeof caseSchema> & { readonly line: number };
/** What is the matter with a file in, what happens to it out. */
export type UploadCase = z.output<typeof uploadCaseSchema> & { readonly line: number };
export type PolicyCase = GenerationCase | UploadCase;

export type CaseFile =
  | { readonly kind: 'cases'; readonly cases: readonly PolicyCase[] }
  | { readonly kind: 'invalid'; readonly problems: readonly PolicyProblem[] };

/** Reads a list of cases. Never throws. */
export function readCases(text: string): CaseFile {
  const source = readYaml(text);
  if (source.problems.length > 0) return { kind: 'invalid', problems: source.problems.map((problem) => ({ path: '', ...problem })) };
  const parsed = caseFileSchema.safeParse(source.value);
  if (!parsed.success) return { kind: 'invalid', problems: locate(schemaFlaws(caseFileSchema, source.value), source) };
  return { kind: 'cases', cases: parsed.data.map((one, index) => ({ ...one, line: source.place([index], 'value').line })) };
}
