/** What is wrong with a file of rules or words; `line` counts from 1. `file` is missing for a text without a name. */
export interface RuleProblem {
  readonly file?: string;
  readonly line: number;
  readonly message: string;
}
