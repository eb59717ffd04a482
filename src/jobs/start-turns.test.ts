import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startTurns } from './start-turns.ts';

it('never does the same twice at once, goes on after a failure, and stops only when what is under way has ended', async () => {
  const errors: unknown[] = [];
  let [running, most, turns] = [0, 0, 0];
  const stop = startTurns(
    async () => {
      most = Math.max(most, ++running);
      await sleep(15);
      running--;
      if (++turns === 1) throw new Error('the first');
    },
    { everyMs: 2, onError: (error) => errors.push(error) },
  );
  await expect.poll(() => turns).toBeGreaterThan(2);
  await expect.poll(() => running).toBe(1);
  await stop();
  expect([running, most, errors.length]).toEqual([0, 1, 1]);
  const ended = turns;
  await sleep(20);
  expect(turns).toBe(ended);
});
