import { performance } from 'node:perf_hooks';
import type { Check, CheckInput } from '../contracts/check.ts';
import type { Finding } from '../contracts/finding.ts';
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
  const runs: (Finding | Promise<Finding>)[] = [];
  for (const check of checks) {
    for (const input of inputs) {
      if (check.looksAt.includes(input.subject.kind))
        runs.push(runOne({ check, input, deadlineMs: usableDeadline(check, deadlineMsOf), clock }));
    }
  }
  const findings = await Promise.all(runs);
  // Of checks that are there, none is without a finding.
  if (expected === undefined || expected.every((id) => checks.some((check) => check.id === id))) return findings;
  return [...findings, ...missingFindings({ expected, checks, subjects: inputs.map((input) => input.subject), findings })];
}

interface OneRun {
  readonly check: Check;
  readonly input: CheckInput;
  readonly deadlineMs: number;
  readonly clock: () => number;
}

/** For checks that answer at once. One that breaks its word is not told that its time is over; the runner stops waiting all the same. */
const NEVER = { signal: new AbortController().signal, abort: () => undefined };

/** Most checks of prompts answer at once, and then there is nothing to wait for: no timer, no promise. */
function runOne(run: OneRun): Finding | Promise<Finding> {
  const startedAt = run.clock();
  const controller = run.check.isImmediate === true ? NEVER : new AbortController();
  let given: unknown;
  try {
    given = run.check.detect(run.input, controller.signal);
  } catch (error) {
    return findingOf(run, startedAt, { kind: 'threw', error });
  }
  if (!isPromise(given)) return findingOf(run, startedAt, { kind: 'answered', value: given });
  return withDeadline(given, run.deadlineMs, controller).then((answer) => findingOf(run, startedAt, answer));
}

function findingOf({ check, input, deadlineMs, clock }: OneRun, startedAt: number, answer: Answer): Finding {
  const { subject } = input;
  const about = { check: check.id, subject, durationMs: Math.max(0, clock() - startedAt) };
  if (answer.kind === 'timed_out') return { ...about, kind: 'failed', cause: 'timed_out', detail: `no answer within ${deadlineMs} ms` };
  if (answer.kind === 'threw') return { ...about, kind: 'failed', cause: 'threw', detail: describeError(answer.error) };
  const parsed = parseDetection(answer.value, check.categories, input);
  if (!parsed.ok) return { ...about, kind: 'failed', cause: 'garbled', detail: parsed.problem };
  const { detection } = parsed;
  // Written out: spreading both takes as long as parsing.
  const { check: id, durationMs } = about;
  return detection.kind === 'signals'
    ? { check: id, subject, durationMs, kind: 'signals', signals: detection.signals }
    : { check: id, subject, durationMs, kind: 'abstained', reason: detection.reason };
}

/** An answer may be an object whose traps throw; then it is no promise. */
function isPromise(value: unknown): value is Promise<unknown> {
  try {
    return value instanceof Promise;
  } catch {
    return false;
  }
}

type Answer =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'timed_out' };

function withDeadline(work: Promise<unknown>, deadlineMs: number, controller: Pick<AbortController, 'abort'>): Promise<Answer> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ kind: 'timed_out' });
      controller.abort();
    }, deadlineMs);
    // The first answer counts; whatever a check says after its deadline falls on a settled promise and is dropped.
    work
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
