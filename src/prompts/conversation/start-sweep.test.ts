import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startSweep } from './start-sweep.ts';

it('sweeps again and again, tells of failures, and stops when told to', async () => {
  let sweeps = 0;
  const errors: unknown[] = [];
  const memory = {
    sweep: async () => {
      sweeps += 1;
      if (sweeps === 1) throw new Error('gone');
      return 0;
    },
  };
  const sweep = startSweep({ memory, everyMs: 5, onError: (error) => errors.push(error) });
  while (sweeps < 3) await sleep(5);
  await sweep.stop();
  const atStop = sweeps;
  await sleep(30);
  expect([sweeps, errors.length]).toEqual([atStop, 1]);
});
