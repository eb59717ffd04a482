import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImprimaturError } from '../contracts/errors.ts';
import { checkPolicy } from './check-policy.ts';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import type { CheckInfo } from './cross-references.ts';
import type { PolicyException } from './exceptions.ts';
import { formatProblems } from './policy-problem.ts';

interface LoadPolicyOptions {
  /** The checks that are installed. */
  readonly checks: readonly CheckInfo[];
  /** See `checkPolicy`. */
  readonly surfaces?: readonly string[];
  /** Stands before the line numbers of problems. */
  readonly source?: string;
  /** See `checkPolicy`. */
  readonly now?: Date;
  /** See `compilePolicy`. */
  readonly exceptions?: () => readonly PolicyException[];
}

/** A policy that can decide, from its text. Throws POLICY_INVALID whose detail lists every problem, a line for each. */
export function loadPolicy(text: string, { checks, source = 'policy', surfaces, now, exceptions }: LoadPolicyOptions): CompiledPolicy {
  const checked = checkPolicy(text, {
    knownChecks: checks,
    ...(surfaces === undefined ? {} : { surfaces }),
    ...(now === undefined ? {} : { now }),
  });
  if (checked.kind === 'valid') return compilePolicy(checked.document, { checks, ...(exceptions === undefined ? {} : { exceptions }) });
  const { problems } = checked;
  const heading = `${source} has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}:`;
  throw new ImprimaturError('POLICY_INVALID', { detail: `${heading}\n${formatProblems(problems, source)}` });
}

/** The same from a file. Throws POLICY_INVALID also when the file cannot be read or is not UTF-8. */
export async function loadPolicyFile(path: string, options: Omit<LoadPolicyOptions, 'source'>): Promise<CompiledPolicy> {
  const source = basename(path);
  return loadPolicy(await readPolicyText(path), { ...options, source });
}

/** The text of a policy file. Throws POLICY_INVALID when it cannot be read or is not UTF-8. */
export async function readPolicyText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    throw new ImprimaturError('POLICY_INVALID', { detail: `the policy file ${basename(path)} cannot be read as UTF-8 text`, cause });
  }
}
