import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Running, runFixture } from '../../../test/postgres/run-fixture.ts';
import { lockDataDir } from './data-lock.ts';
import { takeLockFile } from './lock-file.ts';
import { describeSelf, judge, type LockHolder } from './lock-holder.ts';
import { listenOn } from './socket-lock.ts';

const racer = new URL('./racer.fixture.ts', import.meta.url);
/** No process has it: Linux numbers end at 4 194 304. */
const NO_PID = 4_194_305;
const BEACON = 'lock-0123456789abcdef.sock';

let dataDir: string;
let running: Running[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'imp-lock-'));
  running = [];
});
afterEach(async () => {
  for (const { process } of running) process.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  rmSync(dataDir, { recursive: true, force: true });
});

async function startRacers(count: number, how: 'all' | 'file'): Promise<Running[]> {
  const racers = await Promise.all(Array.from({ length: count }, () => runFixture(racer, [dataDir, how])));
  running.push(...racers);
  await Promise.all(racers.map((each) => each.line(/^ready$/)));
  return racers;
}

async function race(racers: readonly Running[]): Promise<{ winners: Running[]; losses: string[] }> {
  for (const { process } of racers) process.stdin?.write('go\n');
  const results = await Promise.all(racers.map((each) => each.line(/^(?:won|lost)/)));
  return { winners: racers.filter((_, index) => results[index] === 'won'), losses: results.filter((result) => result !== 'won') };
}

describe.each(['all', 'file'] as const)('several processes that start at once on one data directory (%s)', (how) => {
  it('has one winner each round, also after the winner of the last round was killed', async () => {
    const racers = await startRacers(12, how);
    for (let round = 0; round < 4; round++) {
      const { winners, losses } = await race(racers.slice(round * 3, round * 3 + 3));
      expect(winners.length).toBe(1);
      for (const loss of losses) expect(loss).toContain(String(winners[0]?.process.pid));
      winners[0]?.process.kill('SIGKILL');
      await winners[0]?.ended;
    }
  });
});

const holder = (changes: Partial<LockHolder>): LockHolder => ({ ...describeSelf(null), ...changes });
const leave = (content: LockHolder | string, name = 'lock.json') =>
  writeFileSync(join(dataDir, name), typeof content === 'string' ? content : JSON.stringify(content));
const makeOld = (name: string) => utimesSync(join(dataDir, name), new Date(0), new Date(0));

describe('the lock on a data directory', () => {
  it('tells the second opener which process has it and what to do, under any path to the directory', async () => {
    const lock = await lockDataDir(dataDir);
    const alias = `${dataDir}-alias`;
    symlinkSync(dataDir, alias);
    try {
      const refused = expect(lockDataDir(alias)).rejects;
      await refused.toMatchObject({ code: 'STORAGE_LOCKED', publicMessage: expect.stringContaining(`Process ${process.pid} `) });
      await expect(lockDataDir(dataDir)).rejects.toThrow(/Stop it, or give this one its own data directory/);
    } finally {
      rmSync(alias);
    }
    await lock.release();
    expect(readdirSync(dataDir)).toEqual([]);
    await (await lockDataDir(dataDir)).release();
  });

  it('is taken over from a process that is gone, and from one whose number another process has now', async () => {
    for (const gone of [holder({ pid: NO_PID }), holder({ startTicks: '1' })]) {
      leave(gone);
      const lock = await lockDataDir(dataDir);
      expect(JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid });
      await lock.release();
    }
  });

  it('is never taken from a living process, though its socket is out of sight', async () => {
    leave(holder({}));
    await expect(lockDataDir(dataDir)).rejects.toMatchObject({ code: 'STORAGE_LOCKED' });
    expect(existsSync(join(dataDir, 'lock.json'))).toBe(true);
  });

  it('names the file to delete when another machine wrote it, because nobody here can tell', async () => {
    leave(holder({ host: 'elsewhere', bootId: 'another boot' }));
    await expect(lockDataDir(dataDir)).rejects.toThrow(/elsewhere.*cannot be seen from here.*delete .*lock\.json/);
  });

  it('is taken over when this machine was started again since', async () => {
    leave(holder({ bootId: 'an earlier boot' }));
    await (await lockDataDir(dataDir)).release();
  });

  it('is taken over from a half-written file only when that is old', async () => {
    leave('{"pid":');
    const waiting = takeLockFile(dataDir, describeSelf(null));
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(() => resolve('still waiting'), 200))]);
    expect(first).toBe('still waiting');
    makeOld('lock.json');
    expect(await waiting).toBeNull();
  });

  it('is taken over from processes that died while they took it over', async () => {
    const [first, second] = [holder({ pid: NO_PID, since: '1' }), holder({ pid: NO_PID, since: '2' })];
    leave(holder({ pid: NO_PID }));
    leave(first, 'lock.takeover');
    leave(second, `lock.takeover.${createHash('sha256').update(JSON.stringify(first)).digest('hex').slice(0, 16)}`);
    const results = await Promise.all(Array.from({ length: 4 }, (_, i) => takeLockFile(dataDir, holder({ since: `racer ${i}` }))));
    expect(results.filter((refusal) => refusal === null)).toHaveLength(1);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('lock.takeover'))).toEqual([]);
  });

  it('waits for a living process that takes it over, and refuses when that never ends', async () => {
    leave(holder({ pid: NO_PID }));
    leave(holder({}), 'lock.takeover');
    const waiting = takeLockFile(dataDir, holder({ since: 'later' }));
    const first = await Promise.race([waiting, new Promise((resolve) => setTimeout(() => resolve('still waiting'), 200))]);
    expect(first).toBe('still waiting');
    makeOld('lock.takeover');
    expect(await waiting).toMatchObject({ certain: true, stuckFile: join(dataDir, 'lock.takeover') });
  });

  it('asks for a person when a takeover was cut short before it had a name, rather than guess', async () => {
    leave(holder({ pid: NO_PID }));
    leave('', 'lock.takeover');
    makeOld('lock.takeover');
    await expect(lockDataDir(dataDir)).rejects.toThrow(/delete .*lock\.takeover/);
  });

  it('stays when somebody else has replaced it', async () => {
    const lock = await lockDataDir(dataDir);
    const other = holder({ pid: 1 });
    leave(other);
    await lock.release();
    expect(JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8'))).toEqual(other);
  });
});

describe.skipIf(process.platform !== 'linux')('a holder in another container, which is process 1 as we may be', () => {
  const inContainer = () => holder({ pid: process.pid, startTicks: '1', pidNamespace: 'pid:[1]', host: 'a1b2c3', beacon: BEACON });

  it('is alive as long as its beacon is lit', async () => {
    const beacon = await listenOn(join(dataDir, BEACON));
    expect(await judge(inContainer(), dataDir)).toBe('alive');
    await beacon?.release();
    expect(await judge(inContainer(), dataDir)).toBe('dead');
  });

  it('is dead when it was killed and left its beacon behind', async () => {
    const [other] = await startRacers(1, 'file');
    await race(running);
    const { beacon } = JSON.parse(readFileSync(join(dataDir, 'lock.json'), 'utf8')) as LockHolder;
    expect(await judge({ ...inContainer(), beacon }, dataDir)).toBe('alive');
    other?.process.kill('SIGKILL');
    await other?.ended;
    expect(existsSync(join(dataDir, beacon ?? ''))).toBe(true);
    expect(await judge({ ...inContainer(), beacon }, dataDir)).toBe('dead');
  });

  it('is left alone when it has no beacon', async () => {
    expect(await judge({ ...inContainer(), beacon: null }, dataDir)).toBe('unknown');
  });
});
