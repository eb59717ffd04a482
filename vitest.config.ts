import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LATE_OPTIMIZATION } from './test/run/late-optimization.ts';
import { LongestFirst } from './test/run/longest-first.ts';

export default defineConfig({
  resolve: {
    alias: [{ find: /^\.{1,2}\/(?:.+\/)?job-module\.ts$/, replacement: fileURLToPath(new URL('test/run/job-module.ts', import.meta.url)) }],
  },
  test: {
    globalSetup: 'test/run/setup.ts',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'redteam/**/*.test.ts', 'console/test/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // What is waited for comes at once on an idle machine, and late on a busy one.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    execArgv: [...LATE_OPTIMIZATION],
  },
});
