/**
 * The long fuzz of the prompt layer: `npm run fuzz:prompts [-- --count 1000000 --seed N --from N]`. Ends with code 1 when a
 * promise broke; the seed and number of the input make it again. Interrupted, it reports on what it did so far, and
 * `--continue` goes on from there: same seed, next number, one report.
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
  },
});

const worst = z.object({ ms: z.number(), index: z.number(), chars: z.number() });
const runSchema = z.object({ commit: z.string(), inputs: z.number() });
const earlierSchema = z.object({
  commit: z.string(),
  seed: z.number(),
  seconds: z.number(),
  inputs: z.number(),
  violations: z.array(z.object({ seed: z.number(), index: z.number(), what: z.string() })),
  slowest: z.record(z.string(), worst),
  peakRssMb: z.number(),
  /** Runs that this one went on from: which program, and how many inputs. */
  earlier: z.array(runSchema).default([]),
});
type Earlier = z.output<typeof earlierSchema>;

/** What an earlier run found, where this one goes on from it. */
const earlier: Earlier | undefined = values.continue
  ? earlierSchema.parse(JSON.parse(await readFile(join(process.env['BENCH_ROOT'] ?? '.', 'bench/results/fuzz-prompts.json'), 'utf8')))
  : undefined;
const seed = earlier?.seed ?? Number(values.seed ?? Date.now() % 2 ** 31);
const [count, from] = [Number(values.count), earlier?.inputs ?? Number(values.from)];
note(`seed ${seed}, inputs ${from} to ${from + count}`);

const gazetteers = { packs: [], without: [], publicKeys: [], allowUnsigned: false };
const settings = { policy: 'standard', promptRules: undefined, gazetteers, classifiers: [], classifierRules: undefined, hashLists: [] };
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isStopped = true;
  });
const startedAt = performance.now();
const report = await fuzz({
  seed,
  from,
  count,
  parts: await openTextChecks(settings),
  mostMs: 50,
  mostMsPerChar: 0.02,
  mostRssMb: 700,
  isStopped: () => isStopped,
  onProgress: (done) => done % 100_000 === 0 && note(`${done} inputs`),
});
const seconds = Math.round((performance.now() - startedAt) / 1000);
for (const violation of report.violations) note(JSON.stringify(violation));
note(`${report.violations.length} violations`);
if (values.seed === undefined && (from === 0 || earlier !== undefined)) await writeResult('fuzz-prompts', { ...joined(report, earlier) });
process.exitCode = report.violations.length === 0 ? 0 : 1;

/** Two runs as one. */
function joined(report: FuzzReport, before: Earlier | undefined) {
  if (before === undefined) return { seed, seconds, ...report };
  const slowest: Record<string, z.output<typeof worst>> = { ...before.slowest };
  for (const [family, one] of Object.entries(report.slowest)) if (one.ms > (slowest[family]?.ms ?? 0)) slowest[family] = one;
  return {
    seed,
    seconds: before.seconds + seconds,
    inputs: before.inputs + report.inputs,
    violations: [...before.violations, ...report.violations],
    slowest,
    peakRssMb: Math.max(before.peakRssMb, report.peakRssMb),
    earlier: [
      ...before.earlier,
      { commit: before.commit, inputs: before.inputs - before.earlier.reduce((sum, { inputs }) => sum + inputs, 0) },
    ],
  };
}
