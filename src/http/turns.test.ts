import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

describe('taking turns', () => {
  it('lets only so many work at once, in the order in which they came, and refuses whoever would wait too long', async () => {
    const take = createTurns({ atOnce: 2, waiting: 3 });
    const [ends, began]: [(() => void)[], number[]] = [[], []];
    const answers = Array.from({ length: 6 }, (_, i) =>
      take(() => {
        began.push(i);
        return new Promise<number>((resolve) => ends.push(() => resolve(i)));
      }),
    );
    await expect(answers.pop()).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 2000 });
    expect(began).toEqual([0, 1]);
    for (const i of [0, 1, 2, 3, 4]) {
      ends[i]!();
      expect(await answers[i]).toBe(i);
      await Promise.resolve();
    }
    expect(began).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives a turn on when the work fails', async () => {
    const take = createTurns({ atOnce: 1, waiting: 1 });
    const failed = take(() => Promise.reject(new Error('lost')));
    const next = take(async () => 'done');
    await expect(failed).rejects.toThrow('lost');
    expect(await next).toBe('done');
  });
});
