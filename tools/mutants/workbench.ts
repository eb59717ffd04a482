import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { applyMutant, type Mutant } from './mutant.ts';

/** How the tests of one start went. `broken`: they did not run, so nothing follows from it. */
export type TestRun =
  | { readonly kind: 'passed'; readonly tests: number }
  | { readonly kind: 'failed'; readonly by: string }
  | { readonly kind: 'broken'; readonly output: string };

/** A copy of the tree on which a fault can do no harm. */
export interface Workbench {
  /** Runs test files on the copy as it is. */
  test(files: readonly string[]): Promise<TestRun>;
  /** Runs the tests of a mutant with its fault in place, and takes the fault out again. */
  try(mutant: Mutant): Promise<TestRun>;
  close(): Promise<void>;
}

const COPIED = ['src', 'test', 'policies', 'package.json', 'tsconfig.json'];
const CONFIG = `export default { cacheDir: '.cache', test: { pool: 'forks', maxWorkers: 1, testTimeout: 20_000, hookTimeout: 20_000 } };\n`;
const report = z.object({
  numTotalTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })) })),
});

export async function openWorkbench(): Promise<Workbench> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-mutants-'));
  for (const name of COPIED) await cp(name, join(dir, name), { recursive: true });
  await symlink(resolve('node_modules'), join(dir, 'node_modules'));
  await writeFile(join(dir, 'vitest.config.ts'), CONFIG);
  const test = (files: readonly string[]) => runTests(dir, files);
  return {
    test,
    async try(mutant) {
      const path = join(dir, mutant.file);
      const before = await readFile(path, 'utf8');
      await writeFile(path, applyMutant(mutant, before));
      try {
        return await test(mutant.tests);
      } finally {
        await writeFile(path, before);
      }
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

async function runTests(dir: string, files: readonly string[]): Promise<TestRun> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--reporter=json', '--outputFile=report.json', ...files];
  const outputFile = join(dir, 'report.json');
  await rm(outputFile, { force: true });
  const output = await ended(args, dir);
  const text = await readFile(outputFile, 'utf8').catch(() => '{}');
  const parsed = report.safeParse(JSON.parse(text));
  if (!parsed.success || parsed.data.numTotalTests === 0) return { kind: 'broken', output };
  const { numTotalTests, numFailedTests, testResults } = parsed.data;
  if (numFailedTests === 0) return { kind: 'passed', tests: numTotalTests };
  const failed = testResults.flatMap(({ assertionResults }) => assertionResults).find(({ status }) => status === 'failed');
  return { kind: 'failed', by: failed?.fullName ?? 'a test' };
}

/** Runs Node to its end and gives what it said. */
function ended(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolveOutput, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolveOutput(output.slice(-4_000)));
  });
}
