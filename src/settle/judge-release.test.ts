import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import type { Check, Detection } from '../contracts/check.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { findCase } from '../review/case-store.ts';
import { plainWish } from '../review/decision-wish.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { planted } from '../toolbox.fixture.ts';
import { reviewCase } from './review-case.ts';

const ada = { id: 'user_ada', roles: ['reviewer'] } as const;
const NOTHING: Detection = { kind: 'signals', signals: [] };
const LISTED: Detection = { kind: 'signals', signals: [{ category: 'known_bad', score: 1, reason: 'hash:list' }] };

describeEachDatabase('a picture that a person lets go', (open) => {
  /** Held for hate; the register of hashes says this by the time of its release. */
  async function release(now: Detection | Error, readsRegister = true) {
    const db = await open();
    const stored = await storedStage(db, {
      find: ({ subject }) => (subject.kind === 'artifact' ? [planted(subject, 'hate', 0.6)] : []),
    });
    const submission = aSubmission({});
    const outcome = await (await stored.conductor.conduct(submission)).outcome;
    if (outcome.kind !== 'held') throw new Error(`not held but ${outcome.kind}`);
    const { caseId } = outcome;
    const register: Check = {
      id: 'known-hashes',
      version: '2',
      looksAt: ['artifact'],
      categories: ['known_bad'],
      deadlineMs: 5_000,
      readsRegister,
      detect: () => {
        if (now instanceof Error) throw now;
        return now;
      },
    };
    const { judge } = stored.review;
    const review = { ...stored.review, judge: { ...judge, checks: { ...judge.checks, checks: [register] } } };
    const again = () => reviewCase(plainWish({ caseId, staff: ada, decision: 'release' }), review);
    await again();
    const state = async () => (await stored.store.find(submission.id))?.state;
    return { ...stored, again, state, found: await findCase(db, caseId) };
  }

  it('leaves when the registers say nothing new, without a word about it', async () => {
    const { state, found, entries } = await release(NOTHING);
    expect([await state(), found?.state]).toEqual(['published', 'released']);
    expect((await entries()).filter(({ kind }) => kind === 'decision.made')).toHaveLength(3);
  });

  it.each<[string, Detection | Error, string]>([
    ['it was listed meanwhile, however often it is let go', LISTED, 'held'],
    ['the register cannot be read, until somebody decides that, too', new Error('away'), 'published'],
  ])('waits again when %s', async (_, now, then) => {
    const { state, found, entries, steps, again } = await release(now);
    expect([await state(), found]).toMatchObject(['held', { state: 'open', settlesAt: null, closedBy: null }]);
    expect(steps).not.toContain('signed');
    expect((await entries()).at(-1)).toMatchObject({ kind: 'case.reopened', because: 'release_stopped' });
    await again();
    expect(await state()).toBe(then);
  });

  it('is not looked at again by checks that read no register', async () => {
    expect(await (await release(LISTED, false)).state()).toBe('published');
  });
});
