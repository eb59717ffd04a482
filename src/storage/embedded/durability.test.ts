import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDataDir } from '../../../test/postgres/databases.ts';
import { runFixture } from '../../../test/postgres/run-fixture.ts';
import { openDatabase } from '../open-database.ts';

const writer = new URL('./writer.fixture.ts', import.meta.url);

let dataDir: string;
beforeEach(async () => {
  dataDir = await makeDataDir();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const numbers = (lines: readonly string[]) => lines.filter((line) => /^\d+$/.test(line)).map(Number);

async function stored(): Promise<number[]> {
  const db = await openDatabase({ dataDir });
  try {
    const { rows } = await db.query({ text: 'select n from acknowledged order by n' });
    return rows.map((row) => Number(row['n']));
  } finally {
    await db.close();
  }
}

describe('what the embedded database acknowledged', () => {
  it('is there after five kill -9 at random moments, and each time the database starts again', async () => {
    const acknowledged: number[] = [];
    for (let round = 0; round < 5; round++) {
      const running = await runFixture(writer, [dataDir]);
      await running.line(/^ready$/);
      await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 250));
      running.process.kill('SIGKILL');
      await running.ended;
      acknowledged.push(...numbers(running.lines));
    }
    expect(acknowledged.length).toBeGreaterThan(50);
    const kept = new Set(await stored());
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
    // At most the one row under way in each round was committed without being acknowledged.
    expect(kept.size - acknowledged.length).toBeLessThanOrEqual(5);
  });
});

function hasStrace(): boolean {
  try {
    execFileSync('strace', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    const reason = 'strace is not installed, so the calls to the disk cannot be counted.';
    if (process.env['CI'] === 'true') throw new Error(reason);
    console.warn(`skipped: ${reason}`);
    return false;
  }
}

describe.skipIf(!hasStrace())('the disk, as the kernel sees it', () => {
  const traced = (log: string, ...options: string[]) => ['strace', '-f', '-qq', '-y', '-s', '80', '-o', log, ...options];

  it('is synced once for every commit, before the commit is acknowledged', async () => {
    const log = join(dataDir, 'trace.txt');
    const running = await runFixture(writer, [dataDir, '100'], traced(log, '-e', 'trace=fdatasync,write'));
    await running.ended;
    expect(numbers(running.lines).length).toBe(100);
    const calls = readFileSync(log, 'utf8').split('\n');
    const from = calls.findIndex((call) => call.includes('"ready\\n"'));
    const to = calls.findIndex((call) => call.includes('"done\\n"'));
    let synced = 0;
    let acknowledgedWithoutSync = 0;
    let total = 0;
    for (const call of calls.slice(from + 1, to)) {
      if (/fdatasync\(.*pg_wal/.test(call)) {
        synced += 1;
        total += 1;
      } else if (/write\(.*"\d+\\n"/.test(call)) {
        if (synced === 0) acknowledgedWithoutSync += 1;
        synced = 0;
      }
    }
    expect(acknowledgedWithoutSync).toBe(0);
    expect(total).toBe(100);
  });

  it('acknowledges nothing that it could not sync, and keeps all that it acknowledged before', async () => {
    const log = join(dataDir, 'trace.txt');
    const faults = ['-e', 'trace=fdatasync', '-e', 'inject=fdatasync:error=EIO:when=40+'];
    const running = await runFixture(writer, [dataDir, '100'], traced(log, ...faults));
    const failure = await running.line(/^failed/);
    expect(failure).toBe('failed STORAGE_UNAVAILABLE');
    await running.ended;
    const acknowledged = numbers(running.lines);
    expect(acknowledged.length).toBeGreaterThan(10);
    expect(acknowledged.length).toBeLessThan(40);
    const kept = new Set(await stored());
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
  });
});
