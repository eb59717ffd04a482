import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../test/postgres/databases.ts';
import { aSubmission } from '../contracts/stages.fixture.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, policyText } from '../policy/policy.fixture.ts';
import { plainWish } from '../review/decision-wish.ts';
import { storedStage } from '../stored-toolbox.fixture.ts';
import { planted } from '../toolbox.fixture.ts';
import { reviewCase } from './review-case.ts';

const careful = (await policyText('standard')).replace(/^ {2}real_person_likeness: \{/m, '  real_person_likeness: { conservative: 0.1,');

describeEachDatabase('a prompt that is held and to be made with care', (open) => {
  it('is made with care when a person releases it: their word is about the prompt, not about the settings', async () => {
    const policy = loadPolicy(careful, { checks: CHECKS });
    const { conductor, review, toolbox, entries } = await storedStage(await open(), {
      find: ({ subject }) => (subject.kind === 'prompt' ? [planted(subject, 'real_person_likeness', 0.7)] : []),
      tools: { policy },
    });
    const held = await (await conductor.conduct(aSubmission({}))).outcome;
    if (held.kind !== 'held') throw new Error('not held');
    await reviewCase(plainWish({ caseId: held.caseId, staff: { id: 'user_ada', roles: ['reviewer'] }, decision: 'release' }), review);
    await conductor.drain(2_000);
    expect(toolbox.policy).toBe(policy);
    const sealed = (await entries()).filter(({ kind }) => kind === 'artifacts.sealed');
    expect(sealed).toMatchObject([{ conservative: true }]);
  });
});
