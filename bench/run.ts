/**
 * Runs a bench from compiled source: `npx tsx bench/run.ts gateway-overhead --peer DIR`. Progress goes to stderr, the
 * result to `bench/results/<name>.json`; `npm run docs` makes `docs/performance.md` of all results.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { compileTree, ROOT } from './compile-tree.ts';

const [name, ...rest] = process.argv.slice(2);
if (name === undefined || !/^[a-z-]+$/.test(name)) {
  process.stderr.write('Usage: npx tsx bench/run.ts <bench> [options]\n');
  process.exit(64);
}
const tree = await compileTree();
const child = spawn(process.execPath, [join(tree, 'bench', `${name}.js`), ...rest], {
  stdio: 'inherit',
  cwd: ROOT,
  env: { ...process.env, BENCH_ROOT: ROOT },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
