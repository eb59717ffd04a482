import { performance } from 'node:perf_hooks';
import type { Check, CheckInput } from '../contracts/check.ts';
import type { FailureCause, Finding } from '../contracts/finding.ts';
import { missingFindings } from './expected-findings.ts';
import { parseDetection } from './parse-detection.ts';

/** The longest delay that a Node timer can hold; beyond it the timer fires at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export interface CheckRun {
  readonly checks: readonly Check[];
  /** One entry for each subject: the prompt, every input image, every artifact. */
  readonly inputs: readonly CheckInput[];
  /** How long to wait for this check, in milliseconds; a value that is not a positive number means no time at all. */
  readonly deadlineMsOf: (check: Check) => number;
  /** Check ids that policy counts on; one that is not among `checks` becomes a failed finding on every subject. */
  readonly expected?: readonly string[];
  /** Monotonic milliseconds. */
  readonly clock?: () => number;
}

/**
 * The one place where checks run: every check on every subject that it looks at, all at once, each under its own
 * deadline. Never rejects: a check that throws, hangs, is missing or answers garbage yields a failed finding.
 * A check that blocks the event loop cannot be interrupted; heavy work belongs in the worker pool.
 */
export async function runChecks({ checks, inputs, deadlineMsOf, expected, clock = () => performance.now() }: CheckRun): Promise<Finding[]> {
  const runs = checks.flatMap((check) =>
    inputs
      .filter((input) => check.looksAt.includes(input.subject.kind))
      .map((input) => runOne({ check, input, deadlineMs: usableDeadline(check, deadlineMsOf), clock })),
  );
  const findings = await Promise.all(runs);
  if (expected === undefined) return findings;
  return [...findings, ...missingFindings({ expected, checks, subjects: inputs.map((input) => input.subject), findings })];
}

interface OneRun {
  readonly check: Check;
  readonly input: CheckInput;
  readonly deadlineMs: number;
  readonly clock: () => number;
}

async function runOne({ check, input, deadlineMs, clock }: OneRun): Promise<Finding> {
  const startedAt = clock();
  const about = () => ({ check: check.id, subject: input.subject, durationMs: Math.max(0, clock() - startedAt) });
  const failed = (cause: FailureCause, detail: string): Finding => ({ ...about(), kind: 'failed', cause, detail });

  const answer = await withDeadline(deadlineMs, async (signal) => check.detect(input, signal));
  if (answer.kind === 'timed_out') return failed('timed_out', `no answer within ${deadlineMs} ms`);
  if (answer.kind === 'threw') return failed('threw', describeError(answer.error));
  const parsed = parseDetection(answer.value, check.categories, input);
  return parsed.ok ? { ...about(), ...parsed.detection } : failed('garbled', parsed.problem);
}

type Answer =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'timed_out' };

function withDeadline(deadlineMs: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<Answer> {
  const controller = new AbortController();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ kind: 'timed_out' });
      controller.abort();
    }, deadlineMs);
    // The first answer counts; whatever a check says after its deadline falls on a settled promise and is dropped.
    work(controller.signal)
      .then(
        (value) => resolve({ kind: 'answered', value }),
        (error: unknown) => resolve({ kind: 'threw', error }),
      )
      .finally(() => clearTimeout(timer));
  });
}

/** A policy that asks for nonsense gets no time, so the check fails instead of running for ever. */
function usableDeadline(check: Check, deadlineMsOf: (check: Check) => number): number {
  const asked = deadlineMsOf(check);
  return asked > 0 ? Math.min(asked, LONGEST_TIMER_MS) : 0;
}

/** Name and code of an error, and only when they look like identifiers: a message may quote the prompt. */
function describeError(error: unknown): string {
  try {
    if (!(error instanceof Error)) return 'not an Error';
    const name = /^[A-Za-z]{1,48}$/.test(error.name) ? error.name : 'Error';
    const code: unknown = 'code' in error ? error.code : undefined;
    return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,48}$/.test(code) ? `${name} ${code}` : name;
  } catch {
    return 'Error';
  }
}
