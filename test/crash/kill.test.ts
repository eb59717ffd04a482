import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createBook } from './book.ts';
import { type CrashUpstream, startCrashUpstream } from './crash-upstream.ts';
import { killLeftovers } from './gateway-process.ts';
import { killRounds } from './kill-rounds.ts';
import { makePlace } from './place.ts';

afterEach(killLeftovers);

let upstream: CrashUpstream;
beforeAll(async () => {
  upstream = await startCrashUpstream();
});
afterAll(() => upstream?.close());

describe('kill -9 of the gateway during load, again and again on the same data directory', () => {
  it('takes nothing back that a caller was told (embedded database)', { timeout: 400_000 }, async () => {
    const place = await makePlace({ baseUrl: upstream.baseUrl });
    const book = createBook();
    // Ten kills: every fourth round has a second one, during the start. `bench/soak/kills.ts` has a hundred.
    const result = await killRounds({ place, upstream, book, rounds: 8 });
    expect(result.faults).toEqual([]);
    expect(result.kills).toBe(10);
    // Otherwise nothing was put to the test.
    expect(result.acknowledged).toBeGreaterThan(20);
    expect(result.pictures).toBeGreaterThan(4);
    expect(result.interrupted).toBeGreaterThan(8);
    expect(result.lost).toBeGreaterThan(0);
    await place.remove();
  });
});
