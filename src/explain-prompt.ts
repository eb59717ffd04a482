import type { Action, RuleHit } from './contracts/decision.ts';
import type { Finding, TextSpan } from './contracts/finding.ts';
import type { Operation } from './contracts/submission.ts';
import type { CheckRunner } from './detectors/check-runner.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import { explain } from './policy/explain.ts';
import { formatPolicyRef } from './policy/policy-ref.ts';
import { readPrompt } from './prompts/reading/read-prompt.ts';
import { type PublicSentence, publicSentence } from './reply/sentences/public-sentence.ts';
import { languageIn } from './reply/wished-languages.ts';

/** A place in the user's own text, and what stands there. */
interface Place extends TextSpan {
  readonly text: string;
}

/** Everything that led to the decision on one prompt. For operators: it quotes the prompt and names rules. */
export interface PromptExplanation {
  readonly decision: Action;
  readonly policy: string;
  readonly categories: readonly string[];
  readonly signals: readonly {
    readonly check: string;
    readonly category: string;
    readonly score: number;
    readonly reason: string;
    readonly places: readonly Place[];
  }[];
  /** Checks that could not tell. */
  readonly failures: readonly { readonly check: string; readonly cause: string }[];
  readonly tricks: readonly (Place & { readonly kind: string })[];
  readonly rules: readonly RuleHit[];
  /** What the end user is told; null when nothing stops the prompt. */
  readonly told: PublicSentence | null;
  /** The decision as a tree, for people. */
  readonly tree: string;
}

export interface ExplainParts {
  readonly checks: CheckRunner;
  readonly policy: CompiledPolicy;
}

export interface Question {
  readonly prompt: string;
  readonly surface: string;
  readonly operation: Operation;
  /** As in `Accept-Language`. */
  readonly language?: string;
}

/** Judges a prompt as the pipeline would, writes nothing down, and says why. */
export async function explainPrompt(
  { prompt, surface, operation, language }: Question,
  { checks, policy }: ExplainParts,
): Promise<PromptExplanation> {
  const { findings, expected } = await checks.run([{ subject: { kind: 'prompt' }, prompt, surface, operation, ...languageIn(language) }]);
  const evaluation = policy.trace({ stage: 'prompt', surface, operation, findings, expected, at: new Date() });
  const { action, categories, rules } = evaluation.verdict;
  const held = action === 'hold';
  const placeOf = ({ start, end }: TextSpan): Place => ({ start, end, text: prompt.slice(start, end) });
  return {
    decision: action,
    policy: formatPolicyRef(policy.ref),
    categories,
    signals: findings
      .flatMap((finding) => (finding.kind === 'signals' ? signalsOf(finding, placeOf) : []))
      .sort((a, b) => b.score - a.score),
    failures: findings.flatMap((finding) => (finding.kind === 'failed' ? [{ check: finding.check, cause: finding.cause }] : [])),
    tricks: readPrompt(prompt).parts.flatMap(({ canonical }) => canonical.tricks.map(({ kind, span }) => ({ kind, ...placeOf(span) }))),
    rules,
    told: held || action === 'block' ? publicSentence({ categories, held, mayRephrase: !held }, language) : null,
    tree: explain(evaluation),
  };
}

function signalsOf({ check, signals }: Extract<Finding, { kind: 'signals' }>, placeOf: (span: TextSpan) => Place) {
  return signals.map(({ category, score, reason, spans = [] }) => ({ check, category, score, reason, places: spans.map(placeOf) }));
}
