import { runCases } from '../cases.ts';
import type { CompiledPolicy } from '../compile.ts';

/** How the cases of a proposed policy went. */
export interface TestReport {
  readonly total: number;
  readonly failed: readonly {
    readonly file: string;
    readonly line: number;
    readonly name: string;
    readonly differences: readonly string[];
  }[];
}

/** Failures that are kept: somebody has to read them. */
const MOST_TOLD = 50;

/** Runs cases. @param files YAML texts, as in the `cases` folder of a pack; null when there are none */
export function testReport(policy: CompiledPolicy, files: readonly { readonly path: string; readonly text: string }[]): TestReport | null {
  if (files.length === 0) return null;
  const results = runCases(policy, files);
  return { total: results.length, failed: results.filter(({ differences }) => differences.length > 0).slice(0, MOST_TOLD) };
}
