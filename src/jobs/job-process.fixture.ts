// A process that does jobs until it is killed: one row for each. Arguments: the database's URL.
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openDatabase } from '../storage/open-database.ts';
import { DONE, jobKind } from './job-kind.ts';
import { startJobs } from './job-runner.ts';

const url = process.argv[2] ?? '';
const db = await openDatabase({ url, dataDir: tmpdir(), poolSize: 4 });
const kind = jobKind({
  queue: 'count',
  payload: z.object({ n: z.number() }),
  concurrency: 4,
  deadlineMs: 5_000,
  maxAttempts: 100,
  async work({ n }) {
    await sleep(Math.random() * 20);
    return async (tx) => {
      await tx.query({ text: 'insert into effects (n) values ($1)', values: [n] });
      return DONE;
    };
  },
});
startJobs({ db, kinds: [kind], onError: () => undefined, pollMs: 20 });
console.log('works');
// Timers of the runner keep no process alive.
setInterval(() => undefined, 1_000);
