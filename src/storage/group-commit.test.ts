import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import { createGroupCommit } from './group-commit.ts';

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await turn();
};

describe('group commit', () => {
  it('writes every item once, in order, in batches no larger than allowed, and answers each as its own write went', async () => {
    const plan = fc.record({
      items: fc.array(fc.record({ poison: fc.boolean(), pause: fc.nat(3) }), { maxLength: 60 }),
      maxBatch: fc.integer({ min: 1, max: 10 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
      writeTurns: fc.nat(4),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ items, maxBatch, concurrency, writeTurns }) => {
        const written: number[] = [];
        let underWay = 0;
        const commits = createGroupCommit<number>({
          maxBatch,
          concurrency,
          async write(batch) {
            underWay += 1;
            expect(underWay).toBeLessThanOrEqual(concurrency);
            expect(batch.length).toBeLessThanOrEqual(maxBatch);
            await turns(writeTurns);
            underWay -= 1;
            if (batch.some((index) => items[index]?.poison)) throw new Error(`poison in ${batch.join()}`);
            written.push(...batch);
          },
        });
        const results: Promise<string>[] = [];
        for (const [index, { pause }] of items.entries()) {
          await turns(pause);
          const wasWritten = () => (written.includes(index) ? 'written' : 'resolved too early');
          results.push(commits.submit(index).then(wasWritten, () => 'rejected'));
        }
        await commits.drain();
        expect(commits.depth()).toBe(0);
        expect(await Promise.all(results)).toEqual(items.map(({ poison }) => (poison ? 'rejected' : 'written')));
        const healthy = items.flatMap(({ poison }, index) => (poison ? [] : [index]));
        expect(written.toSorted((a, b) => a - b)).toEqual(healthy);
        if (concurrency === 1) expect(written).toEqual(healthy);
      }),
      { numRuns: 60 },
    );
  });

  it('gathers what arrives while a batch is being written into the next one', async () => {
    const sizes: number[] = [];
    const commits = createGroupCommit<number>({
      async write(batch) {
        sizes.push(batch.length);
        await turns(5);
      },
    });
    const first = commits.submit(0);
    await turns(2);
    const rest = Promise.all(Array.from({ length: 350 }, (_, n) => commits.submit(n)));
    expect(commits.depth()).toBe(351);
    await Promise.all([first, rest]);
    expect(sizes).toEqual([1, 200, 150]);
  });

  it('rejects the whole batch, and tries nothing again, when the storage is unavailable', async () => {
    let writes = 0;
    const commits = createGroupCommit<number>({
      async write() {
        writes += 1;
        throw new ImprimaturError('STORAGE_UNAVAILABLE');
      },
    });
    const results = await Promise.allSettled([1, 2, 3].map((n) => commits.submit(n)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(writes).toBe(1);
  });

  it('rejects the rest when the storage goes away while it tries each item alone', async () => {
    const writes: number[][] = [];
    const commits = createGroupCommit<number>({
      async write(batch) {
        writes.push([...batch]);
        if (batch.length > 1) throw new Error('one of them is bad');
        if (batch[0] === 2) throw new ImprimaturError('STORAGE_UNAVAILABLE');
      },
    });
    const results = await Promise.allSettled([1, 2, 3].map((n) => commits.submit(n)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(writes).toEqual([[1, 2, 3], [1], [2]]);
  });

  it('survives a write that throws before it returns a promise', async () => {
    const commits = createGroupCommit<number>({
      write() {
        throw new TypeError('not even a promise');
      },
    });
    await expect(commits.submit(1)).rejects.toThrow('not even a promise');
    await commits.drain();
  });
});
