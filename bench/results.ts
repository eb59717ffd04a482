import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';

const root = process.env['BENCH_ROOT'] ?? '.';

/** Where a number was measured: it means nothing without. */
function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadAtEnd: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=12'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

/** To people, on stderr. */
export function note(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

/** Keeps a result as `bench/results/<name>.json`; `docs/performance.md` is made of these. */
export async function writeResult(name: string, result: Readonly<Record<string, unknown>>): Promise<void> {
  const directory = join(root, 'bench/results');
  await mkdir(directory, { recursive: true });
  const document = { name, measuredAt: new Date().toISOString(), commit: commit(), machine: machine(), ...result };
  await writeFile(join(directory, `${name}.json`), `${JSON.stringify(document, null, 2)}\n`);
  note(`wrote bench/results/${name}.json`);
}
