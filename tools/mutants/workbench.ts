import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createVitest, type TestModule, type Vitest } from 'vitest/node';
import { LATE_OPTIMIZATION } from '../../test/run/late-optimization.ts';
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

export async function openWorkbench(): Promise<Workbench> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-mutants-'));
  for (const name of COPIED) await cp(name, join(dir, name), { recursive: true });
  await symlink(resolve('node_modules'), join(dir, 'node_modules'));
  const setup = join(dir, 'setup.mjs');
  // Some tests read sources, from where they are started.
  await writeFile(setup, `process.chdir(${JSON.stringify(dir)});\n`);
  // One for all mutants: it compiles again what was changed, and each run has a process of its own.
  const vitest = await createVitest(
    'test',
    {
      root: dir,
      config: false,
      watch: false,
      reporters: [{}],
      include: ['src/**/*.test.ts'],
      setupFiles: [setup],
      pool: 'forks',
      maxWorkers: 1,
      execArgv: [...LATE_OPTIMIZATION],
      testTimeout: 40_000,
      hookTimeout: 90_000,
    },
    { cacheDir: join(dir, '.cache') },
  );
  const test = (files: readonly string[]) => runTests(vitest, files);
  return {
    test,
    async try(mutant) {
      const path = join(dir, mutant.file);
      const before = await readFile(path, 'utf8');
      await writeFile(path, applyMutant(mutant, before));
      vitest.invalidateFile(path);
      try {
        return await test(mutant.tests);
      } finally {
        await writeFile(path, before);
        vitest.invalidateFile(path);
      }
    },
    async close() {
      await vitest.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function runTests(vitest: Vitest, files: readonly string[]): Promise<TestRun> {
  // It would tell of earlier runs too.
  vitest.state.filesMap.clear();
  const { testModules } = await vitest.runTestSpecifications(await vitest.globTestSpecifications([...files]));
  const tests = testModules.flatMap(({ children }) => [...children.allTests()]);
  const failed = tests.find((test) => test.result().state === 'failed');
  if (failed !== undefined) return { kind: 'failed', by: failed.fullName };
  // Tests that a broken hook skipped have noticed nothing.
  const ran = testModules.filter((module) => module.ok() && [...module.children.allTests('passed')].length > 0);
  if (ran.length < files.length) return { kind: 'broken', output: faultsOf(testModules) };
  return { kind: 'passed', tests: tests.length };
}

function faultsOf(testModules: readonly TestModule[]): string {
  const suites = testModules.flatMap((module) => [module, ...module.children.allSuites()]);
  return suites.flatMap((suite) => suite.errors().map(({ message }) => message)).join('\n') || 'no test ran';
}
