import { z } from 'zod';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { CheckInput, Detection } from '../contracts/check.ts';
import type { Signal } from '../contracts/finding.ts';

/** A code, not prose: long enough for `metadata:lexicon:some-rule`, too narrow to repeat a sentence of the user. */
const reasonSchema = z.string().regex(/^[\w.:/@+-]{1,128}$/);
const spanSchema = z
  .object({ start: z.int().nonnegative(), end: z.int().positive() })
  .readonly()
  .refine(({ start, end }) => start < end);
const signalSchema = z.object({
  category: z.enum(CATEGORIES),
  score: z.number().min(0).max(1),
  reason: reasonSchema,
  spans: z.array(spanSchema).max(1024).readonly().optional(),
});
const detectionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('signals'), signals: z.array(signalSchema).max(1024) }),
  z.object({ kind: z.literal('abstained'), reason: reasonSchema }),
]);

type Parsed = { readonly ok: true; readonly detection: Detection } | { readonly ok: false; readonly problem: string };

/**
 * Takes a check's answer for what it claims only when every part of it holds: known shape, scores from 0 to 1,
 * categories that the check declared, spans inside the prompt. `problem` holds paths and codes, never values.
 */
export function parseDetection(answer: unknown, declared: readonly Category[], input: CheckInput): Parsed {
  const result = safelyParse(answer);
  if (result === undefined) return { ok: false, problem: 'unreadable object' };
  if (!result.success) {
    const issues = result.error.issues.slice(0, 5).map((issue) => `${issue.path.map(String).join('.') || '(root)'}:${issue.code}`);
    return { ok: false, problem: issues.join(' ') };
  }
  if (result.data.kind === 'abstained') return { ok: true, detection: result.data };
  const signals = result.data.signals.map(({ spans, ...rest }): Signal => (spans === undefined ? rest : { ...rest, spans }));
  if (signals.some((signal) => !declared.includes(signal.category))) return { ok: false, problem: 'undeclared category' };
  if (signals.some((signal) => !spansFit(signal, input.prompt.length))) return { ok: false, problem: 'span outside the prompt' };
  return { ok: true, detection: { kind: 'signals', signals } };
}

/** An answer may be an object whose getters throw. */
function safelyParse(answer: unknown) {
  try {
    return detectionSchema.safeParse(answer);
  } catch {
    return undefined;
  }
}

function spansFit(signal: Signal, promptLength: number): boolean {
  return signal.spans === undefined || signal.spans.every((span) => span.end <= promptLength);
}
