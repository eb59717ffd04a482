import { describe, expect, it } from 'vitest';
import type { CheckInput } from '../../contracts/check.ts';
import type { CheckParts } from '../check-parts.ts';
import type { Effort, Sight } from '../looking/sight.ts';
import { LostJob } from '../lost-job.ts';
import { createNudityCheck } from './nudity-check.ts';
import { nudityRisk } from './nudity-risk.ts';

type Nudity = Extract<Sight, { kind: 'seen' }>['nudity'];
const nothing = { explicit: 0.001, suggestive: 0.001 };
const signal = new AbortController().signal;
const picture: CheckInput = { subject: { kind: 'artifact', index: 0 }, prompt: 'x', surface: 'api', image: new Uint8Array([1]) };

function looking(sight: Sight | Error) {
  const efforts: Effort[] = [];
  const looker: CheckParts['looker'] = {
    look: async (_, effort) => {
      efforts.push(effort);
      if (sight instanceof Error) throw sight;
      return sight;
    },
  };
  // The check takes the looker and nothing else.
  return { efforts, check: createNudityCheck({ looker } as CheckParts, undefined) };
}

const seen = (nudity: Nudity): Sight => ({ kind: 'seen', width: 9, height: 9, frames: 1, nudity, faces: [], isCrowded: false });

describe('the risk of two opinions', () => {
  it('is the large network’s', () => {
    expect(nudityRisk({ quick: nothing, deep: { explicit: 0.9, suggestive: 0 } }).explicit).toBe(0.9);
  });

  it('counts half of what only the small network sees, so a retina is no nude', () => {
    const { explicit } = nudityRisk({ quick: { explicit: 0.868, suggestive: 0.006 }, deep: { explicit: 0.009, suggestive: 0 } });
    expect(explicit).toBeGreaterThan(0.4);
    expect(explicit).toBeLessThan(0.6);
  });

  it('is the small network’s where the large one had no reason to look', () => {
    expect(nudityRisk({ quick: { explicit: 0.01, suggestive: 0.005 }, deep: null })).toEqual({ explicit: 0.01, suggestive: 0.0025 });
  });

  it('is never above a half for little clothing', () => {
    expect(nudityRisk({ quick: nothing, deep: { explicit: 0, suggestive: 1 } }).suggestive).toBe(0.5);
  });
});

describe('the check', () => {
  it('says nothing of a harmless picture', async () => {
    const { check } = looking(seen({ quick: nothing, deep: null }));
    expect(await check.detect(picture, signal)).toEqual({ kind: 'signals', signals: [] });
  });

  it('says what is explicit and what is suggestive apart', async () => {
    const { check } = looking(seen({ quick: nothing, deep: { explicit: 0.7, suggestive: 0.2 } }));
    expect(await check.detect(picture, signal)).toEqual({
      kind: 'signals',
      signals: [
        { category: 'sexual', score: 0.7, reason: 'nudity:explicit' },
        { category: 'sexual', score: 0.1, reason: 'nudity:suggestive' },
      ],
    });
  });

  it.each([
    ['edit', 'thorough'],
    ['variation', 'thorough'],
    ['generate', 'standard'],
  ] as const)('looks at a picture of operation %s with effort %s', async (operation, effort) => {
    const { check, efforts } = looking(seen({ quick: nothing, deep: null }));
    await check.detect({ ...picture, operation }, signal);
    expect(efforts).toEqual([effort]);
  });

  it('does not pass a file that nobody could open', async () => {
    expect(await looking({ kind: 'unreadable' }).check.detect(picture, signal)).toEqual({ kind: 'abstained', reason: 'unreadable' });
  });

  it('fails when the process that looked was killed', async () => {
    await expect(looking(new LostJob('crashed')).check.detect(picture, signal)).rejects.toMatchObject({ code: 'JOB_CRASHED' });
  });
});
