import type { Check, CheckInput } from '../contracts/check.ts';
import type { Judged } from '../contracts/stages.ts';

/** Runs the checks that the policy relies on; see `run-checks.ts`. */
export interface CheckRunner {
  readonly checks: readonly Check[];
  /** Never rejects: what could not tell is a failed finding, what is missing stands in `expected` without one. */
  run(inputs: readonly CheckInput[]): Promise<Judged>;
}
