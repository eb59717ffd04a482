import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../contracts/finding.ts';
import { type CanonicalJson, canonicalJson } from '../ledger/canonical-json.ts';
import { type GenerationCase, type PolicyCase, readCases, type UploadCase } from './case-file.ts';
import type { CompiledPolicy } from './compile.ts';
import { type EvaluationInput, unanswered } from './facts.ts';
import { decisionLedgerBody } from './ledger-body.ts';
import { formatProblems } from './policy-problem.ts';

/** How one case went. `differences` is empty exactly when the policy does what the case says. */
export interface CaseResult {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly differences: readonly string[];
}

interface CaseText {
  readonly path: string;
  readonly text: string;
}

/** Runs cases against a policy. A file that cannot be read as cases is one failed result. Never throws. */
export function runCases(policy: CompiledPolicy, files: readonly CaseText[]): CaseResult[] {
  return files.flatMap(({ path, text }) => {
    const file = readCases(text);
    if (file.kind === 'invalid') {
      return [
        { file: path, line: file.problems[0]?.line ?? 1, name: 'the file can be read', differences: [formatProblems(file.problems, path)] },
      ];
    }
    return file.cases.map((one) => ({ file: path, line: one.line, name: one.name, differences: differencesOf(policy, one) }));
  });
}

/** The `*.yaml` files of a folder, in the order of their names. */
export async function readCaseFiles(folder: string): Promise<CaseText[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(names.map(async (name) => ({ path: join(folder, name), text: await readFile(join(folder, name), 'utf8') })));
}

/** What a case puts to the policy. */
export function caseInput(policy: CompiledPolicy, { given }: GenerationCase): EvaluationInput {
  const { stage, surface, operation, findings, earlier, expected, others, at, user, behavior, unmarkable } = given;
  const input = {
    stage,
    surface,
    operation,
    findings,
    expected,
    ...(earlier === undefined ? {} : { earlier }),
    ...(at === undefined ? {} : { at: new Date(at) }),
    ...(user === undefined ? {} : { user: { ...user, id: 'case', locale: null } }),
    ...(behavior === undefined ? {} : { behavior }),
    ...(unmarkable === undefined ? {} : { unmarkable }),
  };
  return others === undefined ? input : { ...input, findings: [...findings, ...silence(policy, input)] };
}

function silence(policy: CompiledPolicy, input: EvaluationInput): Finding[] {
  return unanswered(input, policy.checks).map((owed) => ({ ...owed, kind: 'signals', signals: [], durationMs: 1 }));
}

function differencesOf(policy: CompiledPolicy, one: PolicyCase): string[] {
  return 'upload' in one ? uploadDifferences(policy, one) : generationDifferences(policy, one);
}

function uploadDifferences(policy: CompiledPolicy, { upload, expect }: UploadCase): string[] {
  const { action } = policy.judgeUpload(upload);
  return action === expect.action ? [] : [`action: expected "${expect.action}", got "${action}"`];
}

function generationDifferences(policy: CompiledPolicy, one: GenerationCase): string[] {
  const verdict = policy.evaluate(caseInput(policy, one));
  const { action, rules, categories, ledger } = one.expect;
  const found: string[] = [];
  const compare = (what: string, wanted: CanonicalJson, got: CanonicalJson) => {
    if (canonicalJson(wanted) !== canonicalJson(got)) found.push(`${what}: expected ${canonicalJson(wanted)}, got ${canonicalJson(got)}`);
  };
  compare('action', action, verdict.action);
  compare('rules', [...rules].sort(), verdict.rules.map(({ rule }) => rule).sort());
  if (categories !== undefined) compare('categories', [...categories].sort(), [...verdict.categories].sort());
  if (ledger !== undefined) found.push(...missingParts(ledger, decisionLedgerBody(verdict, policy.checks), 'ledger'));
  return found;
}

function isObject(value: CanonicalJson | undefined): value is { readonly [key: string]: CanonicalJson } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where `whole` does not contain `part`: mappings may have more keys, everything else must be equal. */
function missingParts(part: CanonicalJson, whole: CanonicalJson | undefined, path: string): string[] {
  if (isObject(part) && isObject(whole))
    return Object.entries(part).flatMap(([key, wanted]) => missingParts(wanted, whole[key], `${path}.${key}`));
  const got = whole === undefined ? 'nothing' : canonicalJson(whole);
  return canonicalJson(part) === got ? [] : [`${path}: expected ${canonicalJson(part)}, got ${got}`];
}
