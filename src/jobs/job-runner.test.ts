import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { z } from 'zod';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { Database } from '../storage/database.ts';
import { migrate } from '../storage/migrate.ts';
import { DONE, type JobKind, jobKind } from './job-kind.ts';
import { type JobRunner, startJobs } from './job-runner.ts';
import { cancelJobs, enqueue } from './job-store.ts';

const runners: JobRunner[] = [];
afterEach(async () => {
  for (const runner of runners.splice(0)) await runner.stop(100);
});

describeEachDatabase('background work', (open, engine) => {
  async function store() {
    const db = await open();
    await migrate(db);
    await db.query({ text: 'create table effects (n int not null, token text)' });
    const errors: unknown[] = [];
    const run = (...kinds: JobKind[]) => {
      const runner = startJobs({ db, kinds, onError: (error) => errors.push(error), pollMs: 30 });
      runners.push(runner);
      return runner;
    };
    const effects = async () => (await db.query<{ n: number }>({ text: 'select n from effects order by n' })).rows.map(({ n }) => n);
    const jobs = async () => (await db.query({ text: 'select state, attempts, last_error from jobs order by id' })).rows;
    return { db, run, errors, effects, jobs };
  }

  const counting = (more: Partial<JobKind<{ n: number }>> = {}) =>
    jobKind({
      queue: 'count',
      payload: z.object({ n: z.number() }),
      concurrency: 8,
      deadlineMs: 5_000,
      maxAttempts: 3,
      backoffMs: () => 5,
      work:
        async ({ n }) =>
        async (tx) => {
          await tx.query({ text: 'insert into effects (n) values ($1)', values: [n] });
          return DONE;
        },
      ...more,
    });
  const add = (db: Database, n: number, runAt?: Date) =>
    enqueue(db, [{ queue: 'count', payload: { n }, uniqueKey: String(n), ...(runAt && { runAt }) }]);

  it('is done once, and nothing of it is left', async () => {
    const { db, run, effects, jobs } = await store();
    for (let n = 0; n < 40; n++) await add(db, n);
    run(counting());
    run(counting());
    await expect.poll(effects).toHaveLength(40);
    expect(new Set(await effects()).size).toBe(40);
    await expect.poll(jobs).toEqual([]);
  });

  it('of a transaction that was rolled back is never seen', async () => {
    const { db, run, effects } = await store();
    const lost = db.transaction(async (tx) => {
      await enqueue(tx, [{ queue: 'count', payload: { n: 1 } }]);
      throw new Error('no');
    });
    await expect(lost).rejects.toThrow('no');
    await add(db, 2);
    run(counting());
    await expect.poll(effects).toEqual([2]);
  });

  it('waits for its time, and for one of its key the second is not made', async () => {
    const { db, run, effects } = await store();
    await add(db, 1, new Date(Date.now() + 400));
    await add(db, 1);
    run(counting());
    await sleep(150);
    expect(await effects()).toEqual([]);
    await expect.poll(effects).toEqual([1]);
  });

  it('that fails is tried again and in the end stays to be seen, with the error', async () => {
    const { db, run, errors, effects, jobs } = await store();
    await add(db, 1);
    run(
      counting({
        work: () => {
          throw new Error('the other side is down');
        },
      }),
    );
    await expect.poll(jobs).toEqual([{ state: 'dead', attempts: 3, last_error: 'Error: the other side is down' }]);
    expect(errors).toHaveLength(3);
    expect(await effects()).toEqual([]);
  });

  it('whose effect throws leaves no half of it', async () => {
    const { db, run, effects, jobs } = await store();
    await add(db, 7);
    const half = counting({
      maxAttempts: 1,
      work: async () => async (tx) => {
        await tx.query({ text: 'insert into effects (n) values (7)' });
        throw new Error('half way');
      },
    });
    run(half);
    await expect.poll(jobs).toMatchObject([{ state: 'dead' }]);
    expect(await effects()).toEqual([]);
  });

  it('that hangs is given up at its deadline', async () => {
    const { db, run, jobs } = await store();
    await add(db, 1);
    run(counting({ deadlineMs: 50, maxAttempts: 1, work: () => new Promise(() => undefined) }));
    await expect.poll(jobs).toMatchObject([{ state: 'dead', last_error: expect.stringContaining('not done in time') }]);
  });

  it('of one who lost the lease has no effect, however late it comes', async () => {
    const { db, run, effects, jobs } = await store();
    await add(db, 1);
    let isWorking = false;
    const slow = counting({
      work: async ({ n }) => {
        isWorking = true;
        await sleep(200);
        return async (tx) => {
          await tx.query({ text: 'insert into effects (n) values ($1)', values: [n] });
          return DONE;
        };
      },
    });
    run(slow);
    await expect.poll(() => isWorking).toBe(true);
    await db.query({ text: "update jobs set lease_token = 'somebody else', run_at = clock_timestamp() + interval '1 hour'" });
    await sleep(400);
    expect(await effects()).toEqual([]);
    expect(await jobs()).toHaveLength(1);
  });

  it('that was cancelled while it ran has no effect', async () => {
    const { db, run, effects } = await store();
    await add(db, 1);
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let isWorking = false;
    run(
      counting({
        work: async () => {
          isWorking = true;
          await gate;
          return async (tx) => {
            await tx.query({ text: 'insert into effects (n) values (1)' });
            return DONE;
          };
        },
      }),
    );
    await expect.poll(() => isWorking).toBe(true);
    await cancelJobs(db, 'count', ['1']);
    go();
    await sleep(150);
    expect(await effects()).toEqual([]);
  });

  it('that repeats comes again, with its attempts counted anew', async () => {
    const { db, run, effects } = await store();
    await add(db, 1);
    const attempts: number[] = [];
    run(
      counting({
        work: async ({ n }, { attempt }) => {
          attempts.push(attempt);
          return async (tx) => {
            await tx.query({ text: 'insert into effects (n) values ($1)', values: [n] });
            return attempts.length < 4 ? { kind: 'again', at: new Date(Date.now() + 10) } : DONE;
          };
        },
      }),
    );
    await expect.poll(effects).toHaveLength(4);
    expect(attempts).toEqual([1, 1, 1, 1]);
  });

  it('that kills its process each time is buried and not run for ever', async () => {
    const { db, run, effects, jobs } = await store();
    await add(db, 1);
    await db.query({ text: 'update jobs set attempts = 3' });
    run(counting());
    await expect.poll(jobs).toMatchObject([{ state: 'dead', last_error: expect.stringContaining('process ended') }]);
    expect(await effects()).toEqual([]);
  });

  it('waits for what runs when it is stopped, gives back what does not end, and a second process goes on at once', async () => {
    const { db, run, effects, jobs } = await store();
    await add(db, 1);
    let started = 0;
    const runner = run(
      counting({
        work: () => {
          started += 1;
          return new Promise(() => undefined);
        },
      }),
    );
    await expect.poll(() => started).toBe(1);
    await runner.stop(20);
    expect(await jobs()).toMatchObject([{ state: 'ready', attempts: 0 }]);
    run(counting());
    await expect.poll(effects).toEqual([1]);
  });

  it('of a slow queue does not keep another waiting', async () => {
    const { db, run, effects } = await store();
    for (let n = 0; n < 20; n++) await enqueue(db, [{ queue: 'slow', payload: { n } }]);
    await add(db, 1);
    run(counting(), counting({ queue: 'slow', concurrency: 2, work: () => new Promise(() => undefined) }));
    await expect.poll(effects).toEqual([1]);
  });

  it.skipIf(engine === 'embedded')('goes on after the database was unreachable for a while', async () => {
    const { db, run, effects } = await store();
    await add(db, 1, new Date(Date.now() + 300));
    let isDown = true;
    const flaky: Database = { ...db, query: (statement) => (isDown ? Promise.reject(new Error('gone')) : db.query(statement)) };
    runners.push(startJobs({ db: flaky, kinds: [counting()], onError: () => undefined, pollMs: 20 }));
    await sleep(100);
    isDown = false;
    run();
    await expect.poll(effects).toEqual([1]);
  });
});
