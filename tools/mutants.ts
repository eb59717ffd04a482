import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { progressBar } from '../src/cli/progress.ts';
import { MUTANTS } from './mutants/list.ts';
import type { Mutant } from './mutants/mutant.ts';
import { openWorkbench, type TestRun, type Workbench } from './mutants/workbench.ts';

/*
 * Plants each fault of `mutants/list.ts` in a copy of the tree and runs the tests that must notice. A fault that no test
 * notices, or that no longer fits the code, fails the run. `--only id` for one, `--json` for machines, `--list` to read.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    only: { type: 'string' },
    lanes: { type: 'string', default: String(Math.min(2, availableParallelism())) },
  },
});

interface Result {
  readonly id: string;
  readonly file: string;
  readonly matters: string;
  readonly verdict: 'killed' | 'survived' | 'stale' | 'broken';
  /** The test that noticed, or what went wrong. */
  readonly by: string;
  readonly seconds: number;
}

const chosen = MUTANTS.filter(({ id }) => values.only === undefined || id === values.only);
if (chosen.length === 0) throw new Error(`There is no mutant ${values.only}; there are ${MUTANTS.map(({ id }) => id).join(', ')}.`);
if (values.list) for (const { id, file, matters } of chosen) console.log(`${id.padEnd(34)} ${file.padEnd(34)} ${matters}`);
else process.exitCode = await main();

async function main(): Promise<number> {
  const startedAt = Date.now();
  const bar = progressBar('mutants', { out: console.log, err: console.error, isInteractive: process.stderr.isTTY && !values.json });
  const lanes = Math.max(1, Math.min(Number(values.lanes) || 1, chosen.length));
  const benches = await Promise.all(Array.from({ length: lanes }, openWorkbench));
  try {
    await requireHealthyTests(benches);
    const queue = [...chosen];
    const results: Result[] = [];
    bar.update(0, chosen.length);
    await Promise.all(
      benches.map(async (bench) => {
        for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
          results.push(await attempt(bench, mutant));
          bar.update(results.length, chosen.length);
        }
      }),
    );
    bar.end();
    return tell(results, (Date.now() - startedAt) / 1000);
  } finally {
    await Promise.all(benches.map((bench) => bench.close()));
  }
}

/** A test that fails without any fault would seem to notice every one. */
async function requireHealthyTests(benches: readonly Workbench[]): Promise<void> {
  const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
  const share = Math.ceil(files.length / benches.length);
  const runs = await Promise.all(
    benches.map((bench, i) => {
      const own = files.slice(i * share, (i + 1) * share);
      return own.length === 0 ? null : bench.test(own);
    }),
  );
  for (const run of runs) if (run !== null && run.kind !== 'passed') throw new Error(`The tests fail without any fault: ${reasonOf(run)}`);
}

async function attempt(bench: Workbench, mutant: Mutant): Promise<Result> {
  const startedAt = Date.now();
  const { id, file, matters } = mutant;
  const result = (verdict: Result['verdict'], by: string): Result => ({
    id,
    file,
    matters,
    verdict,
    by,
    seconds: (Date.now() - startedAt) / 1000,
  });
  try {
    const run = await bench.try(mutant);
    if (run.kind === 'failed') return result('killed', run.by);
    return result(run.kind === 'passed' ? 'survived' : 'broken', reasonOf(run));
  } catch (error) {
    return result('stale', error instanceof Error ? error.message : String(error));
  }
}

function reasonOf(run: TestRun): string {
  if (run.kind === 'passed') return `all ${run.tests} tests passed`;
  return run.kind === 'failed' ? run.by : run.output;
}

/** Prints what came of it. @returns the exit code */
function tell(results: readonly Result[], seconds: number): number {
  const bad = results.filter(({ verdict }) => verdict !== 'killed');
  if (values.json) console.log(JSON.stringify({ killed: results.length - bad.length, total: results.length, seconds, results }, null, 2));
  else {
    for (const { id, file, verdict, matters, by } of bad) console.error(`${verdict}: ${id} in ${file}\n  ${matters}\n  ${by}\n`);
    console.log(`${results.length - bad.length} of ${results.length} planted faults noticed in ${seconds.toFixed(0)} s`);
  }
  return bad.length === 0 ? 0 : 1;
}
