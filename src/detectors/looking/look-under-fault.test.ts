import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS } from '../../workers/faulty-pool.fixture.ts';
import { lookerUnderFault } from './look-under-fault.fixture.ts';

let eyes: Awaited<ReturnType<typeof lookerUnderFault>>;
beforeAll(async () => {
  eyes = await lookerUnderFault();
});
afterAll(() => eyes?.close());

const kinds = (looked: Awaited<ReturnType<typeof eyes.look>>) => looked.findings.map(({ kind }) => kind);

describe('a process that breaks while it looks at a picture', () => {
  it('says something of a picture when all is well', async () => {
    expect(kinds(await eyes.look())).toEqual(['signals', 'signals']);
  }, 60_000);

  // Twenty in all; `bench/detector-faults.ts` does a thousand.
  it.each(FAULTS.flatMap((fault) => [0, 3, 9, 27].map((afterMs) => [fault, afterMs] as const)))(
    '%s, %i ms: no check is without a finding, and none says that nothing is there',
    async (fault, afterMs) => {
      const looked = await eyes.look(fault, afterMs);
      const lost = looked.outcome !== 'done';
      expect(kinds(looked)).toEqual(lost ? ['failed', 'failed'] : ['signals', 'signals']);
      if (fault !== 'kill') expect(lost).toBe(true);
    },
    60_000,
  );

  it('looks again after all of them', async () => {
    expect(kinds(await eyes.look())).toEqual(['signals', 'signals']);
  }, 60_000);
});
