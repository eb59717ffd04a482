import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UPLOAD_ACTIONS, UPLOAD_SITUATIONS } from '../contracts/upload.ts';
import { checkPolicy } from './check-policy.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, small } from './policy.fixture.ts';
import { judgeUpload, uploadsSchema } from './uploads.ts';

const ref = { name: 'p', version: '1.0.0', digest: 'sha256:0' };
const rank = (action: (typeof UPLOAD_ACTIONS)[number]) => UPLOAD_ACTIONS.indexOf(action);
const lines = fc.record(
  Object.fromEntries(Object.entries(uploadsSchema.shape).map(([key, line]) => [key, fc.constantFrom(...line.unwrap().options)])),
);
const situation = fc.constantFrom(...UPLOAD_SITUATIONS);

describe('what a policy says about a file that is to be published', () => {
  it('is "hold" wherever the policy says nothing', () => {
    const policy = loadPolicy(small(''), { checks: CHECKS });
    for (const one of UPLOAD_SITUATIONS) expect(rank(policy.judgeUpload([one]).action), one).toBeGreaterThanOrEqual(rank('hold'));
  });

  it.each([
    ['unreadable: post', 'a file that nobody could look at'],
    ['unreadable: label', 'a file that nobody could look at'],
    ['generated-elsewhere: post', 'a generated picture without a label'],
    ['credential-broken: post', 'a broken credential'],
    ['declaration-mismatch: post', 'a false declaration'],
    ['taken-down: post', 'what was taken down'],
    ['known-bad: hold', 'what is on a list'],
    ['hostile-file: hold', 'a file that attacks'],
  ])('cannot be "%s": nobody posts %s by a line of YAML', (line) => {
    expect(checkPolicy(small(`uploads: { ${line} }\n`), { knownChecks: CHECKS }).kind).toBe('invalid');
  });

  it('never gets milder by one more situation, and refuses what was taken down, under every policy that can be written', () => {
    fc.assert(
      fc.property(lines, situation, situation, (written, one, more) => {
        const uploads = uploadsSchema.parse(written);
        const alone = judgeUpload(uploads, ref, [one]).action;
        expect(rank(judgeUpload(uploads, ref, [one, more]).action)).toBeGreaterThanOrEqual(rank(alone));
        for (const floor of ['taken-down', 'known-bad', 'hostile-file'] as const)
          expect(judgeUpload(uploads, ref, [one, floor])).toMatchObject({ action: 'refuse' });
        expect(rank(judgeUpload(uploads, ref, ['unreadable']).action)).toBeGreaterThanOrEqual(rank('hold'));
      }),
    );
  });

  it('names every situation with what it costs, floors marked', () => {
    const policy = loadPolicy(small('uploads: { ours-intact: post }\n'), { checks: CHECKS });
    expect(policy.judgeUpload(['ours-intact', 'taken-down'])).toMatchObject({
      action: 'refuse',
      reasons: [
        { situation: 'ours-intact', action: 'post', floor: false },
        { situation: 'taken-down', action: 'refuse', floor: true },
      ],
    });
  });
});
