import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Outcome, Published } from '../contracts/stages.ts';
import { createRun } from './run.ts';

const ENDED: Outcome = { kind: 'failed', code: 'MODEL_FAILED' };
const frame = (index: number): Published => ({
  frame: { kind: 'partial', index },
  artifacts: [],
  decisionId: 'dec_1',
  policy: '',
  notes: [],
  details: {},
  outcome: null,
});

async function* stages(pauseMs = 2): AsyncGenerator<Published, Outcome> {
  for (const index of [0, 1, 2]) {
    await sleep(pauseMs);
    yield frame(index);
  }
  return ENDED;
}

const never = () => Promise.reject(new Error('nothing was lost'));

async function indexes(frames: AsyncIterable<Published>) {
  const seen: unknown[] = [];
  for await (const one of frames) seen.push('index' in one.frame ? one.frame.index : one.frame.kind);
  return seen;
}

describe('a run', () => {
  it('gives every follower every frame in order, however late they come', async () => {
    const run = createRun('gen_1', stages(), never);
    const early = [indexes(run.frames()), indexes(run.frames())];
    expect(await run.outcome).toEqual(ENDED);
    expect(await Promise.all([...early, indexes(run.frames())])).toEqual([
      [0, 1, 2],
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it('ends for its followers when a stage throws, after the frames that had left', async () => {
    const lost: unknown[] = [];
    async function* broken(): AsyncGenerator<Published, Outcome> {
      yield frame(0);
      await sleep(2);
      throw new Error('broken');
    }
    const run = createRun('gen_1', broken(), async (error) => {
      lost.push(error);
      return ENDED;
    });
    expect(await indexes(run.frames())).toEqual([0]);
    expect(await run.outcome).toEqual(ENDED);
    expect(lost).toEqual([new Error('broken')]);
  });

  it('rejects with the error itself when nothing was recorded, also when nobody listens', async () => {
    // biome-ignore lint/correctness/useYield: it throws before its first frame
    async function* nothing(): AsyncGenerator<Published, Outcome> {
      throw new Error('at once');
    }
    const run = createRun('gen_1', nothing(), (error) => Promise.reject(error));
    await sleep(5);
    await expect(run.outcome).rejects.toThrow('at once');
    expect(await indexes(run.frames())).toEqual([]);
  });

  it('goes on when its only follower leaves after the first frame', async () => {
    const run = createRun('gen_1', stages(), never);
    for await (const _ of run.frames()) break;
    expect(await run.outcome).toEqual(ENDED);
    expect(await indexes(run.frames())).toEqual([0, 1, 2]);
  });
});
