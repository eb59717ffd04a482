import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { openTextChecks } from '../../src/compose/text-checks.ts';
import type { CheckInput } from '../../src/contracts/check.ts';
import type { Finding } from '../../src/contracts/finding.ts';
import { explainPrompt } from '../../src/explain-prompt.ts';
import { flawOfAnswer, flawOfRules } from './answers.ts';
import { type FamilyName, inputOf } from './inputs.ts';

type Parts = Awaited<ReturnType<typeof openTextChecks>>;

/** One input that broke a promise; its number and the seed make it again. The text is not kept. */
export interface Violation {
  readonly seed: number;
  readonly index: number;
  readonly what: string;
}

export interface FuzzReport {
  readonly inputs: number;
  readonly violations: readonly Violation[];
  /** Milliseconds of CPU of the slowest input of each family, and its number. */
  readonly slowest: Readonly<
    Partial<Record<FamilyName | 'rules' | 'answers', { readonly ms: number; readonly index: number; readonly chars: number }>>
  >;
  readonly peakRssMb: number;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly from?: number;
  readonly count: number;
  readonly parts: Parts;
  /** For one input, milliseconds and milliseconds for each character. CPU of this process: wall time says little on a busy machine. */
  readonly mostMs: number;
  readonly mostMsPerChar: number;
  readonly mostRssMb: number;
  readonly onProgress?: (done: number) => void;
  /** Asked now and then: true ends the run early, and the report says how far it came. */
  readonly isStopped?: () => boolean;
}

const EVERY_EXPLAINED = 8;
const EVERY_RULES = 20;
const EVERY_ANSWER = 10;
const EVERY_REPORT = 20_000;
const MOST_VIOLATIONS = 50;

/** Feeds hostile inputs to the prompt layer as the gateway does, and notes every promise that breaks. */
export async function fuzz({
  seed,
  from = 0,
  count,
  parts,
  mostMs,
  mostMsPerChar,
  mostRssMb,
  onProgress,
  isStopped,
}: FuzzOptions): Promise<FuzzReport> {
  const violations: Violation[] = [];
  const slowest: Record<string, { ms: number; index: number; chars: number }> = {};
  let peakRssMb = 0;
  let done = 0;
  for (let index = from; index < from + count && violations.length < MOST_VIOLATIONS; index++) {
    const one = inputFor(seed, index, parts);
    const before = process.cpuUsage();
    const startedAt = performance.now();
    const flaw = await one.ask().catch((error: unknown) => `threw ${error instanceof Error ? error.name : 'something'}`);
    const used = process.cpuUsage(before);
    const ms = Math.min((used.user + used.system) / 1000, performance.now() - startedAt);
    if (flaw !== undefined) violations.push({ seed, index, what: `${one.family}: ${flaw}` });
    if (ms > mostMs + mostMsPerChar * one.chars)
      violations.push({ seed, index, what: `${one.family}: ${Math.round(ms)} ms for ${one.chars} characters` });
    if (ms > (slowest[one.family]?.ms ?? 0)) slowest[one.family] = { ms: Math.round(ms * 10) / 10, index, chars: one.chars };
    if ((index - from) % EVERY_REPORT !== EVERY_REPORT - 1) continue;
    peakRssMb = Math.max(peakRssMb, Math.round(process.memoryUsage.rss() / 2 ** 20));
    done = index - from + 1;
    onProgress?.(done);
    // Nothing above waits for anything, so signals would never be heard.
    await nextTurn();
    if (isStopped?.() === true) break;
  }
  peakRssMb = Math.max(peakRssMb, Math.round(process.memoryUsage.rss() / 2 ** 20));
  if (peakRssMb > mostRssMb) violations.push({ seed, index: from + count, what: `memory: ${peakRssMb} MB` });
  return { inputs: isStopped?.() === true ? done : count, violations, slowest, peakRssMb };
}

interface Asked {
  readonly family: FamilyName | 'rules' | 'answers';
  readonly chars: number;
  ask(): Promise<string | undefined>;
}

/** Most numbers stand for a text, some for wounded rules or a garbled answer of a classifier outside. */
function inputFor(seed: number, index: number, parts: Parts): Asked {
  if (index % EVERY_RULES === EVERY_RULES - 1)
    return { family: 'rules', chars: 0, ask: async () => flawOfRules(Math.imul(seed, 31) + index) };
  if (index % EVERY_ANSWER === EVERY_ANSWER - 1)
    return { family: 'answers', chars: 0, ask: () => flawOfAnswer(Math.imul(seed, 37) + index) };
  const { family, text } = inputOf(seed, index);
  const isExplained = index % EVERY_EXPLAINED === 0;
  return { family, chars: text.length, ask: () => (isExplained ? explained(text, parts) : judged(text, parts)) };
}

async function judged(prompt: string, { runner, policy }: Parts): Promise<string | undefined> {
  const input: CheckInput = { subject: { kind: 'prompt' }, prompt, surface: 'api', operation: 'generate' };
  const { findings, expected } = await runner.run([input]);
  const flaw = findings.map(flawOf).find((one) => one !== undefined);
  if (flaw !== undefined) return flaw;
  if (findings.length < expected.length) return 'a finding is missing';
  const { action } = policy.evaluate({ stage: 'prompt', surface: 'api', operation: 'generate', findings, expected, at: new Date() });
  return ['allow', 'label', 'hold', 'block'].includes(action) ? undefined : 'no decision';
}

function flawOf(finding: Finding): string | undefined {
  return finding.kind === 'failed' ? `${finding.check} ${finding.cause} ${finding.detail}` : undefined;
}

async function explained(prompt: string, { runner, policy }: Parts): Promise<string | undefined> {
  const explanation = await explainPrompt({ prompt, surface: 'api', operation: 'generate' }, { checks: runner, policy });
  if (explanation.failures.length > 0) return explanation.failures.map(({ check, cause }) => `${check} ${cause}`).join(' ');
  const places = [...explanation.tricks, ...explanation.signals.flatMap((signal) => signal.places)];
  return places.every(({ start, end }) => start >= 0 && start < end && end <= prompt.length) ? undefined : 'a place outside the text';
}
