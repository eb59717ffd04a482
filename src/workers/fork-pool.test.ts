import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import timers from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createWorkerPool, type WorkerPoolOptions } from './fork-pool.ts';
import { jobModule } from './job-module.ts';
import type { PoolEvent } from './pool-event.ts';
import type { WorkerPool } from './worker-pool.ts';

const TROUBLE = jobModule(import.meta.url, './trouble-job.fixture');
const GENEROUS_MS = 20_000;

const open: WorkerPool[] = [];
let events: PoolEvent[] = [];

function pool(options: WorkerPoolOptions = {}): WorkerPool {
  events = [];
  const made = createWorkerPool({ size: 1, onEvent: (event) => events.push(event), ...options });
  open.push(made);
  return made;
}

const job = (input: object, deadlineMs = GENEROUS_MS) => ({ module: TROUBLE, input, deadlineMs });
const endings = () => events.flatMap((event) => (event.kind === 'worker_ended' ? [event.why] : []));
const isAlive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));

async function waitUntilGone(pid: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await timers.setTimeout(50)) if (!isAlive(pid)) return true;
  return false;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

describe('a pool of worker processes', () => {
  beforeAll(() => {
    process.env['IMPRIMATUR_TEST_SECRET'] = 'sesame';
  });

  it('gives back what the job returned, typed arrays included', async () => {
    const value = { pixels: new Uint8Array([1, 2, 3]), big: new Float32Array([0.5]), name: 'a' };
    const outcome = await pool().run(job({ kind: 'echo', value }));
    expect(outcome).toMatchObject({ kind: 'done', output: value });
    expect(outcome.kind === 'done' && outcome.cpuMs >= 0).toBe(true);
  });

  it('kills a job that never yields at its deadline, and serves the next one from a new process', async () => {
    const workers = pool();
    await workers.run(job({ kind: 'echo', value: 0 }));
    const start = performance.now();
    expect(await workers.run(job({ kind: 'busy' }, 300))).toEqual({ kind: 'timed_out' });
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(await workers.run(job({ kind: 'echo', value: 1 }))).toMatchObject({ kind: 'done', output: 1 });
    expect(endings()).toEqual(['timed_out']);
  });

  it('counts the deadline from submission, so a job that waits behind a slow one is not late in silence', async () => {
    const workers = pool();
    const slow = workers.run(job({ kind: 'sleep', ms: 1_000 }));
    expect(await workers.run(job({ kind: 'echo', value: 1 }, 100))).toEqual({ kind: 'timed_out' });
    expect((await slow).kind).toBe('done');
  });

  it.runIf(existsSync('/proc/self/status'))('kills a job that eats memory, and says that it was memory', async () => {
    const workers = pool({ maxRssMb: 400 });
    expect(await workers.run(job({ kind: 'hog' }))).toEqual({ kind: 'crashed', detail: 'memory limit' });
    expect(endings()).toEqual(['memory_limit']);
    expect(await workers.run(job({ kind: 'echo', value: 1 }))).toMatchObject({ kind: 'done' });
  });

  it('reports a job that ends its own process', async () => {
    expect(await pool().run(job({ kind: 'exit' }))).toEqual({ kind: 'crashed', detail: 'exit code 0' });
  });

  it('reports a job that throws, and keeps its process', async () => {
    const workers = pool();
    expect(await workers.run(job({ kind: 'throw' }))).toEqual({ kind: 'threw', message: 'the header is not a header' });
    expect(await workers.run(job({ kind: 'uncloneable' }))).toMatchObject({ kind: 'threw' });
    expect(endings()).toEqual([]);
  });

  it('reports a job module that does not exist, and an input that cannot be sent', async () => {
    const workers = pool();
    expect(await workers.run({ module: jobModule(import.meta.url, './no-such-job'), input: 0, deadlineMs: GENEROUS_MS })).toMatchObject({
      kind: 'threw',
    });
    expect(await workers.run(job({ kind: 'echo', value: () => 0 }))).toMatchObject({ kind: 'threw' });
    expect(await workers.run(job({ kind: 'echo', value: 1 }))).toMatchObject({ kind: 'done', output: 1 });
  });

  it.each([
    ['bytes that are no message', '10000000ff0fdeadbeefdeadbeefdeadbeefdead', 'garbled answer'],
    ['a message that is no answer', '05000000ff0f490801', 'garbled answer'],
    ['a length of four gigabytes', 'ffffffff00', 'answer too large'],
    ['a length of nothing', '00000000', 'garbled answer'],
  ])('survives a child that sends %s', async (_what, hex, detail) => {
    const workers = pool();
    expect(await workers.run(job({ kind: 'raw', hex }))).toEqual({ kind: 'crashed', detail });
    expect(await workers.run(job({ kind: 'echo', value: 1 }))).toMatchObject({ kind: 'done', output: 1 });
  });

  it('ends a process that speaks when nobody asked, before it gets another job', async () => {
    const workers = pool();
    const first = await workers.run(job({ kind: 'leave_trap' }));
    await timers.setTimeout(300);
    expect(endings()).toEqual(['garbled']);
    const second = await workers.run(job({ kind: 'noise' }));
    expect(first.kind === 'done' && second.kind === 'done' && first.output !== second.output).toBe(true);
  });

  it('replaces a process that dies between two jobs', async () => {
    const workers = pool();
    await workers.run(job({ kind: 'crash_later' }));
    await timers.setTimeout(300);
    expect(endings()).toEqual(['died']);
    expect(await workers.run(job({ kind: 'echo', value: 1 }))).toMatchObject({ kind: 'done' });
  });

  it('refuses an answer that is not what the job promises', async () => {
    const parse = (output: unknown) => z.string().parse(output);
    const workers = pool();
    expect(await workers.run({ ...job({ kind: 'echo', value: 7 }), parse })).toEqual({ kind: 'crashed', detail: 'garbled answer' });
    expect(await workers.run({ ...job({ kind: 'echo', value: 'seven' }), parse })).toMatchObject({ kind: 'done', output: 'seven' });
  });

  it('runs a thousand quick jobs in order, on processes that it replaces as they wear out', async () => {
    const workers = pool({ size: 2, maxJobsPerWorker: 200 });
    const all = await Promise.all(Array.from({ length: 1000 }, (_, value) => workers.run(job({ kind: 'echo', value }))));
    expect(all.map((outcome) => outcome.kind === 'done' && outcome.output)).toEqual(Array.from({ length: 1000 }, (_, value) => value));
    expect(endings().every((why) => why === 'worn_out')).toBe(true);
    expect(endings().length).toBeGreaterThanOrEqual(4);
  });

  it('does not queue without bound', async () => {
    const workers = pool({ maxQueuedJobs: 2 });
    const slow = Array.from({ length: 3 }, () => workers.run(job({ kind: 'sleep', ms: 200 })));
    expect(await workers.run(job({ kind: 'echo', value: 1 }))).toEqual({ kind: 'timed_out' });
    expect(events).toContainEqual({ kind: 'queue_full' });
    expect((await Promise.all(slow)).map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
  });

  it('kills the job when the caller goes away, whether it runs or waits', async () => {
    const workers = pool();
    await workers.run(job({ kind: 'echo', value: 0 }));
    const controller = new AbortController();
    const running = workers.run(job({ kind: 'busy' }), controller.signal);
    const waiting = workers.run(job({ kind: 'echo', value: 1 }), controller.signal);
    await timers.setTimeout(50);
    controller.abort();
    const aborted = { kind: 'crashed', detail: 'aborted' };
    expect(await Promise.all([running, waiting, workers.run(job({ kind: 'busy' }), controller.signal)])).toEqual([
      aborted,
      aborted,
      aborted,
    ]);
    expect(endings()).toEqual(['aborted']);
  });

  it('shows a job nothing of the environment', async () => {
    const outcome = await pool().run(job({ kind: 'environment' }));
    const visible = outcome.kind === 'done' ? Object.keys(z.record(z.string(), z.unknown()).parse(outcome.output)).sort() : [];
    expect(visible).toEqual(['MALLOC_ARENA_MAX', 'TZ', 'VIPS_CONCURRENCY', 'pid']);
  });

  it('loses no job when it closes, and leaves no process', async () => {
    const workers = pool();
    const outcome = await workers.run(job({ kind: 'noise' }));
    const running = workers.run(job({ kind: 'busy' }));
    const waiting = workers.run(job({ kind: 'echo', value: 1 }));
    await workers.close();
    const closed = { kind: 'crashed', detail: 'pool closed' };
    expect(await Promise.all([running, waiting, workers.run(job({ kind: 'echo', value: 1 }))])).toEqual([closed, closed, closed]);
    expect(outcome.kind === 'done' && isAlive(z.number().parse(outcome.output))).toBe(false);
  });

  it.runIf(existsSync('/proc/self/status'))('leaves no orphan when the gateway is killed, not even a busy one', async () => {
    const parent = spawn(
      process.execPath,
      ['--import', 'tsx/esm', '--input-type=module', '--eval', PARENT, new URL('./fork-pool.ts', import.meta.url).href, TROUBLE],
      { stdio: ['ignore', 'pipe', 'inherit'], cwd: fileURLToPath(new URL('../..', import.meta.url)) },
    );
    let output = '';
    for await (const chunk of parent.stdout) {
      output += chunk;
      if (output.includes('\n')) break;
    }
    const pids = z.array(z.number()).length(2).parse(JSON.parse(output));
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    expect(await Promise.all(pids.map((pid) => waitUntilGone(pid, 3_000)))).toEqual([true, true]);
  });
});

/** A gateway with one idle and one busy child: prints their process ids. */
const PARENT = `
  const { createWorkerPool } = await import(process.argv[1]);
  const job = (input) => ({ module: process.argv[2], input, deadlineMs: 60_000 });
  const pool = createWorkerPool({ size: 2 });
  const answers = await Promise.all([pool.run(job({ kind: 'sleep', ms: 100 })), pool.run(job({ kind: 'sleep', ms: 100 }))]);
  void pool.run(job({ kind: 'busy' }));
  setTimeout(() => console.log(JSON.stringify(answers.map(({ output }) => output))), 200);
`;
