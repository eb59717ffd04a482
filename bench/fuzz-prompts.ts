/**
 * The long fuzz of the prompt layer: `npm run fuzz:prompts [-- --count 1000000 --seed N --from N]`. Ends with code 1 when a
 * promise broke; the seed and number of the input make it again. Interrupted, it reports on what it did so far, and
 * `--continue` goes on from there: same seed, next number, one report. `--recheck` asks every input again, three times and each time with nothing
 * remembered, that an earlier run found to break a promise; what breaks none of these times was the machine's doing, and is kept as such.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openTextChecks } from '../src/compose/text-checks.ts';
import { type FuzzReport, fuzz } from './fuzz/fuzz.ts';
import { note, writeResult } from './results.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    from: { type: 'string', default: '0' },
    continue: { type: 'boolean', default: false },
    recheck: { type: 'boolean', default: false },
  },
});

const violation = z.object({ seed: z.number(), index: z.number(), what: z.string() });
const worst = z.object({ ms: z.number(), index: z.number(), chars: z.number() });
const runSchema = z.object({ commit: z.string(), inputs: z.number() });
const earlierSchema = z.object({
  commit: z.string(),
  seed: z.number(),
  seconds: z.number(),
  inputs: z.number(),
  violations: z.array(violation),
  /** Violations that did not happen again when their inputs were asked again. */
  notAgain: z.array(violation).default([]),
  slowest: z.record(z.string(), worst),
  peakRssMb: z.number(),
  /** Runs that this one went on from: which program, and how many inputs. */
  earlier: z.array(runSchema).default([]),
});
type Earlier = z.output<typeof earlierSchema>;

/** What an earlier run found, where this one goes on from it. */
const earlier: Earlier | undefined =
  values.continue || values.recheck
    ? earlierSchema.parse(JSON.parse(await readFile(join(process.env['BENCH_ROOT'] ?? '.', 'bench/results/fuzz-prompts.json'), 'utf8')))
    : undefined;
const limits = { mostMs: 50, mostMsPerChar: 0.02, mostRssMb: 700 };
/** Inputs before the one in question, so that the compiler has settled. */
const WARMING = 2_000;
const TIMES = 3;

if (earlier !== undefined && values.recheck) process.exitCode = (await recheck(earlier)) ? 0 : 1;
else process.exitCode = (await run()) ? 0 : 1;

function openParts() {
  const gazetteers = { packs: [], without: [], publicKeys: [], allowUnsigned: false };
  return openTextChecks({
    policy: 'standard',
    promptRules: undefined,
    gazetteers,
    classifiers: [],
    classifierRules: undefined,
    hashLists: [],
  });
}

async function run(): Promise<boolean> {
  const seed = earlier?.seed ?? Number(values.seed ?? Date.now() % 2 ** 31);
  const [count, from] = [Number(values.count), earlier?.inputs ?? Number(values.from)];
  note(`seed ${seed}, inputs ${from} to ${from + count}`);
  let isStopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      isStopped = true;
    });
  const startedAt = performance.now();
  const onProgress = (done: number) => done % 100_000 === 0 && note(`${done} inputs`);
  const report = await fuzz({ seed, from, count, parts: await openParts(), ...limits, isStopped: () => isStopped, onProgress });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  for (const one of report.violations) note(JSON.stringify(one));
  note(`${report.violations.length} violations`);
  if (values.seed === undefined && (from === 0 || earlier !== undefined))
    await writeResult('fuzz-prompts', { ...joined({ seed, seconds, report }, earlier) });
  return report.violations.length === 0;
}

async function recheck({ violations, notAgain, ...found }: Earlier): Promise<boolean> {
  const again: Earlier['violations'] = [];
  const once = [...notAgain];
  for (const one of violations) ((await happensAgain(one)) ? again : once).push(one);
  note(`${again.length} of ${violations.length} happen again`);
  await writeResult('fuzz-prompts', { ...found, violations: again, notAgain: once });
  return again.length === 0;
}

async function happensAgain({ seed, index }: Earlier['violations'][number]): Promise<boolean> {
  for (let time = 0; time < TIMES; time++) {
    const from = Math.max(0, index - WARMING);
    const { violations } = await fuzz({ seed, from, count: index - from + 1, parts: await openParts(), ...limits });
    if (violations.some((one) => one.index === index)) return true;
  }
  return false;
}

interface Run {
  readonly seed: number;
  readonly seconds: number;
  readonly report: FuzzReport;
}

/** Two runs as one. */
function joined({ seed, seconds, report }: Run, before: Earlier | undefined) {
  if (before === undefined) return { seed, seconds, ...report };
  const slowest: Record<string, z.output<typeof worst>> = { ...before.slowest };
  for (const [family, one] of Object.entries(report.slowest)) if (one.ms > (slowest[family]?.ms ?? 0)) slowest[family] = one;
  return {
    seed,
    seconds: before.seconds + seconds,
    inputs: before.inputs + report.inputs,
    violations: [...before.violations, ...report.violations],
    notAgain: before.notAgain,
    slowest,
    peakRssMb: Math.max(before.peakRssMb, report.peakRssMb),
    earlier: [
      ...before.earlier,
      { commit: before.commit, inputs: before.inputs - before.earlier.reduce((sum, { inputs }) => sum + inputs, 0) },
    ],
  };
}
