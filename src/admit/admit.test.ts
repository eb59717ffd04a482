import { describe, expect, it } from 'vitest';
import { UNLIMITED } from '../access/limits/unlimited.fixture.ts';
import { OPEN_TO_ALL } from '../access/open-to-all.fixture.ts';
import { IN_GOOD_STANDING } from '../access/standing/in-good-standing.fixture.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { admit } from './admit.ts';

describe('letting a submission in', () => {
  it('gives it on as it is when nothing stands before it', async () => {
    const submission = aSubmission();
    expect(await admit(submission, { capabilities: OPEN_TO_ALL, standing: IN_GOOD_STANDING, limits: UNLIMITED })).toBe(submission);
  });

  it.each(['CAPABILITY_STOPPED', 'CAPABILITY_CLOSED'] as const)('says %s, and that trying again is no use', async (code) => {
    const capabilities = { ...OPEN_TO_ALL, shutFor: async () => code };
    await expect(admit(aSubmission(), { capabilities, standing: IN_GOOD_STANDING, limits: UNLIMITED })).rejects.toMatchObject({
      code,
      status: 403,
      retryable: false,
    });
  });

  it('lets nobody in when nobody can say', async () => {
    const cannotSay = async () => {
      throw new ImprimaturError('STORAGE_UNAVAILABLE');
    };
    const capabilities = { ...OPEN_TO_ALL, shutFor: cannotSay };
    await expect(admit(aSubmission(), { capabilities, standing: IN_GOOD_STANDING, limits: UNLIMITED })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
    });
  });

  it('asks standing and limits in one go, and lets nobody in until both have answered', async () => {
    const steps: string[] = [];
    const pending = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();
    const wait = (what: string) => () => new Promise<void>((resolve, reject) => pending.set(what, { resolve, reject }));
    const limits = { ...UNLIMITED, begin: () => void steps.push('limits'), forgo: () => void steps.push('forgo'), admit: wait('limits') };
    const standing = { ...IN_GOOD_STANDING, begin: () => void steps.push('standing'), requireGood: wait('standing') };
    const parts = { capabilities: OPEN_TO_ALL, standing, limits };
    const ask = () =>
      void admit(aSubmission(), parts).then(
        () => steps.push('in'),
        (error) => steps.push(error.code),
      );
    const turn = () => new Promise((resolve) => setImmediate(resolve));

    ask();
    await turn();
    expect(steps.splice(0)).toEqual(['standing', 'limits']);
    pending.get('standing')?.resolve();
    await turn();
    expect(steps).toEqual([]);
    pending.get('limits')?.resolve();
    await turn();
    expect(steps.splice(0)).toEqual(['in']);

    ask();
    await turn();
    pending.get('standing')?.reject(new ImprimaturError('USER_SUSPENDED'));
    await turn();
    expect(steps).toEqual(['standing', 'limits', 'forgo', 'USER_SUSPENDED']);
  });
});
