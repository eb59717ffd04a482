import type { CheckRunner } from '../detectors/check-runner.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { formatFullPolicyRef } from '../policy/policy-ref.ts';

interface JudgementParts {
  readonly checks: Pick<CheckRunner, 'checks'>;
  readonly policy: Pick<CompiledPolicy, 'ref'>;
}

/** What a judgement of a text depends on: the policy, and the version of every check that looks at prompts. Equal keys, equal answers. */
export function judgementKey({ checks, policy }: JudgementParts): string {
  const looking = checks.checks.filter(({ looksAt }) => looksAt.includes('prompt'));
  return [formatFullPolicyRef(policy.ref), ...looking.map(({ id, version }) => `${id}=${version}`)].join('\n');
}
