import type { CheckInput } from './contracts/check.ts';
import type { CheckRunner } from './detectors/check-runner.ts';
import type { CompiledPolicy } from './policy/compile.ts';
import { type ModerationResult, moderationResult } from './reply/moderation-result.ts';

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
export async function moderate(subjects: readonly CheckInput[], { checks, policy }: ModerateParts): Promise<ModerationResult | null> {
  const [first] = subjects;
  if (first === undefined) return null;
  const { findings, expected } = await checks.run(subjects);
  if (findings.some(({ kind }) => kind === 'failed')) return null;
  const { surface, operation = 'generate' } = first;
  return moderationResult(findings, policy.evaluate({ stage: 'prompt', surface, operation, findings, expected, at: new Date() }));
}

/** A text as the subject of a check. */
export function textSubject(prompt: string, about: About): CheckInput {
  return { ...about, subject: { kind: 'prompt' }, prompt };
}
