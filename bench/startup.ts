/**
 * `imprimatur serve` as a newcomer runs it: from the start of the process to the first picture of the demo model.
 *
 *   npx tsx bench/run.ts startup [--rounds 7]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { note, writeResult } from './results.ts';
import { median, rounded } from './statistics.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const program = fileURLToPath(new URL('../bin/imprimatur.mjs', import.meta.url));
const PORT = 18_787;
const url = `http://127.0.0.1:${PORT}`;

interface Start {
  readonly readyMs: number;
  readonly firstPictureMs: number;
  readonly secondPictureMs: number;
}

async function start(dataDir: string): Promise<Start> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [program, 'serve', '--data-dir', dataDir, '--port', String(PORT), '--log-level', 'warn'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  try {
    while (
      !(await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    )
      await sleep(5);
    const readyMs = performance.now() - startedAt;
    const { api = '' } = JSON.parse(await readFile(join(dataDir, 'development-keys.json'), 'utf8'));
    return { readyMs, firstPictureMs: await picture(api), secondPictureMs: await picture(api) };
  } finally {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

async function picture(key: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'a lighthouse above the sea at sunset', size: '1024x1024' }),
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  await answer.arrayBuffer();
  return performance.now() - startedAt;
}

const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
try {
  const dataDir = join(home, 'data');
  const cold = await start(dataDir);
  note(`cold: ready after ${Math.round(cold.readyMs)} ms, first picture ${Math.round(cold.firstPictureMs)} ms later`);
  const warm: Start[] = [];
  for (let i = 0; i < Number(values.rounds); i++) {
    const one = await start(dataDir);
    note(`warm: ready after ${Math.round(one.readyMs)} ms, first picture ${Math.round(one.firstPictureMs)} ms later`);
    warm.push(one);
  }
  const middle = (of: keyof Start) => rounded(median(warm.map((one) => one[of])));
  await writeResult('startup', {
    cold: { readyMs: rounded(cold.readyMs), firstPictureMs: rounded(cold.firstPictureMs) },
    warm: {
      rounds: warm.length,
      readyMs: middle('readyMs'),
      firstPictureMs: middle('firstPictureMs'),
      secondPictureMs: middle('secondPictureMs'),
    },
  });
} finally {
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
}
