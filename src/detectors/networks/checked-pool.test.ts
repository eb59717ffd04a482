import { describe, expect, it } from 'vitest';
import { jobModule } from '../../workers/job-module.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { checkedPool } from './checked-pool.ts';

const JOB = { module: jobModule(import.meta.url, './no-such-job'), input: null, deadlineMs: 1_000 };

function countingPool(): WorkerPool & { jobs: number } {
  return {
    jobs: 0,
    async run() {
      this.jobs++;
      return { kind: 'timed_out' };
    },
    close: async () => undefined,
  };
}

describe('A pool whose jobs ask the networks', () => {
  it('reads no network before the first job, and none twice', async () => {
    let checks = 0;
    const { pool } = checkedPool(countingPool(), async () => void checks++);
    expect(checks).toBe(0);
    await Promise.all([pool.run(JOB), pool.run(JOB)]);
    await pool.run(JOB);
    expect(checks).toBe(1);
  });

  it('lets no job begin with a network that is not the one that was built', async () => {
    const inner = countingPool();
    const { pool, check } = checkedPool(inner, () => Promise.reject(new Error('another')));
    await expect(pool.run(JOB)).resolves.toMatchObject({ kind: 'threw' });
    await expect(check()).rejects.toThrow('another');
    expect(inner.jobs).toBe(0);
  });
});
