import { expect, it } from 'vitest';
import { createSlowLane } from './slow-lane.ts';

it('lets so many wait at once, turns the next away, and nobody waits for a process that ends', async () => {
  const lane = createSlowLane({ most: 2 });
  const [first, second] = [lane.wait(10), lane.wait(60_000)];
  expect(await lane.wait(1)).toBe(false);
  expect(await first).toBe(true);
  lane.close();
  expect(await second).toBe(false);
  expect(await lane.wait(0)).toBe(false);
});
