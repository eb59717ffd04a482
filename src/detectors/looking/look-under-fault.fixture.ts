import sharp from 'sharp';
import type { CheckInput } from '../../contracts/check.ts';
import type { Finding } from '../../contracts/finding.ts';
import { createFaultyPool, type Fault } from '../../workers/faulty-pool.fixture.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import type { CheckParts } from '../check-parts.ts';
import { createCheckRunner } from '../create-check-runner.ts';
import { createFacesCheck } from '../faces/faces-check.ts';
import { createNudityCheck } from '../nudity/nudity-check.ts';
import { createPictureLooker } from './picture-looker.ts';

/** What was said of one picture. */
export interface Looked {
  /** Of each check that policy counts on. */
  readonly findings: readonly Finding[];
  /** What became of the job that all of them needed. */
  readonly outcome: string | undefined;
  readonly tookMs: number;
  /** From the blow from outside to the last finding. */
  readonly sinceBlowMs: number | undefined;
}

/** A checker of generated pictures as in the gateway: real pool, real networks, the checks that need them. */
export async function lookerUnderFault() {
  const pool = createFaultyPool();
  // The checks take the looker and nothing else.
  const parts = { looker: createPictureLooker({ pool: pool satisfies WorkerPool }) } as CheckParts;
  const checks = [createNudityCheck(parts, undefined), createFacesCheck(parts, undefined)];
  const runner = createCheckRunner({ checks, expected: checks.map(({ id }) => id) });
  const bytes = await sharp({ create: { width: 256, height: 256, channels: 3, background: '#7a8ba0' } })
    .png()
    .toBuffer();
  return {
    async look(fault?: Fault, afterMs = 0): Promise<Looked> {
      if (fault !== undefined) pool.breakNext(fault, afterMs);
      const before = pool.killedAt;
      // A new object each time: answers are remembered by it.
      const input: CheckInput = { subject: { kind: 'artifact', index: 0 }, prompt: '', surface: 'api', image: Uint8Array.from(bytes) };
      const startedAt = performance.now();
      const { findings } = await runner.run([input]);
      const now = performance.now();
      const sinceBlowMs = pool.killedAt === undefined || pool.killedAt === before ? undefined : now - pool.killedAt;
      return { findings, outcome: pool.lastOutcome, tookMs: now - startedAt, sinceBlowMs };
    },
    close: () => pool.close(),
  };
}
