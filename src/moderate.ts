import type { CheckInput } from './contracts/check.ts';
import type { Verdict } from './contracts/decision.ts';
import type { Finding } from './contracts/finding.ts';
import type { CheckRunner } from './detectors/check-runner.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import { type ModerationResult, moderationJson, moderationResult } from './reply/moderation-result.ts';

export interface ModerateParts {
  readonly checks: Pick<CheckRunner, 'run'>;
  readonly policy: Pick<CompiledPolicy, 'evaluate'>;
}

/** What every text of a call has in common. */
export type About = Pick<CheckInput, 'surface' | 'operation' | 'language'>;

/**
 * What policy would say to a prompt with its pictures, the subjects of one input, as the moderations endpoint tells it: the
 * same checks that judge generations, so the two cannot differ. Nothing is written down. Null when a check could not tell.
 */
export function moderate(subjects: readonly CheckInput[], parts: ModerateParts): Promise<ModerationResult | null> {
  return judged(subjects, parts, moderationResult);
}

/** The same as JSON. */
export function moderateToJson(subjects: readonly CheckInput[], parts: ModerateParts): Promise<string | null> {
  return judged(subjects, parts, moderationJson);
}

async function judged<Told>(
  subjects: readonly CheckInput[],
  { checks, policy }: ModerateParts,
  tell: (findings: readonly Finding[], verdict: Verdict) => Told,
): Promise<Told | null> {
  const [first] = subjects;
  if (first === undefined) return null;
  const { findings, expected } = await checks.run(subjects);
  if (findings.some(({ kind }) => kind === 'failed')) return null;
  const { surface, operation = 'generate' } = first;
  return tell(findings, policy.evaluate({ stage: 'prompt', surface, operation, findings, expected, at: new Date() }));
}

/** A text as the subject of a check. */
export function textSubject(prompt: string, about: About): CheckInput {
  return { ...about, subject: { kind: 'prompt' }, prompt };
}
