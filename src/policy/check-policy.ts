import { type CheckInfo, crossReferenceFlaws } from './cross-references.ts';
import { type PolicyDocument, policySchema } from './document.ts';
import { weakenings } from './floors.ts';
import { draftOf } from './policy-draft.ts';
import { locate, type PolicyProblem } from './policy-problem.ts';
import { schemaFlaws } from './schema-flaws.ts';
import { unknownSurfaces } from './unknown-surfaces.ts';
import { readYaml } from './yaml-source.ts';

export type PolicyCheck =
  | { readonly kind: 'valid'; readonly document: PolicyDocument }
  | { readonly kind: 'invalid'; readonly problems: readonly PolicyProblem[] };

interface CheckPolicyOptions {
  /** The checks that are installed. */
  readonly knownChecks: readonly Pick<CheckInfo, 'id' | 'looksAt' | 'categories'>[];
  /** The gateway's surfaces; left out where they are not known, and then they are not compared. */
  readonly surfaces?: readonly string[];
  /** Bounds how long an unsigned exception may last; the system's clock when left out. */
  readonly now?: Date;
}

/**
 * Reads a policy and says everything that is wrong with it, at once and with lines. Never throws. A policy that is valid
 * stays valid as time passes: an exception that ran out is without effect, not an error.
 */
export function checkPolicy(text: string, { knownChecks, surfaces, now = new Date() }: CheckPolicyOptions): PolicyCheck {
  const source = readYaml(text);
  if (source.problems.length > 0) {
    return { kind: 'invalid', problems: source.problems.map((problem) => ({ path: '', ...problem })) };
  }
  const draft = draftOf(source.value);
  const flaws = [
    ...schemaFlaws(policySchema, source.value),
    ...crossReferenceFlaws(draft, knownChecks),
    ...(surfaces === undefined ? [] : unknownSurfaces(draft, surfaces)),
    ...weakenings(draft, now),
  ];
  const parsed = policySchema.safeParse(source.value);
  if (flaws.length > 0 || !parsed.success) return { kind: 'invalid', problems: locate(flaws, source) };
  return { kind: 'valid', document: parsed.data };
}
