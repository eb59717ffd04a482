import { expect, it } from 'vitest';
import { decisionLedgerBody } from './ledger-body.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, policyText } from './policy.fixture.ts';

const RULE = `
rules:
  - id: likeness-with-care
    description: What might show a real person is made with care.
    when: { category: real_person_likeness, score: 0.2 }
    action: conservative
    stage: prompt
`;
const text = (await policyText('standard')).replace(/^rules:\n/m, RULE.trimStart());
const policy = loadPolicy(text, { checks: CHECKS });

const judge = (score: number) =>
  policy.evaluate({
    stage: 'prompt',
    surface: 'app',
    operation: 'generate',
    expected: [],
    findings: [
      ...CHECKS.filter(({ looksAt }) => looksAt.includes('prompt')).map(({ id }) => ({
        kind: 'signals' as const,
        check: id,
        subject: { kind: 'prompt' as const },
        durationMs: 1,
        signals: id === 'prompt-rules' && score > 0 ? [{ category: 'real_person_likeness' as const, score, reason: 'r' }] : [],
      })),
    ],
  });

it('a rule that asks for care allows the request, says so in the ledger, and yields to whatever is stronger', () => {
  const careful = judge(0.3);
  expect(careful).toMatchObject({ action: 'allow', obligations: { conservative: true } });
  expect(decisionLedgerBody(careful)).toMatchObject({ action: 'allow', obligations: { conservative: true } });
  expect(judge(0).obligations).not.toHaveProperty('conservative');
  expect(judge(0.99)).toMatchObject({ action: expect.stringMatching(/hold|block/), obligations: { conservative: true } });
});

const tiered = loadPolicy(
  text.replace(
    /^parameters:\n/m,
    'parametersByTier:\n  verified: { n: { max: 2 } }\n  anonymous: { n: { max: 1 }, quality: { allow: [low], otherwise: low } }\nparameters:\n',
  ),
  { checks: CHECKS },
);

it.each([
  [undefined, 1, 'low'],
  ['anonymous', 1, 'low'],
  ['free', 2, 'high'],
  ['verified', 2, 'high'],
  ['paid', 4, 'high'],
] as const)('limits of a tier are for it and for every lower one: %s', (tier, n, quality) => {
  expect(tiered.clamp({ n: 4, quality: 'high', moderation: 'low' }, tier).parameters).toEqual({ n, quality, moderation: 'auto' });
});

it('a threshold may ask for care, for prompts alone, and yields to what is stronger', () => {
  const careful = loadPolicy(text.replace(/real_person_likeness: \{ label: 0.4/, 'real_person_likeness: { conservative: 0.1, label: 0.4'), {
    checks: CHECKS,
  });
  const input = (score: number, stage: 'prompt' | 'output') => ({
    ...{ stage, surface: 'app', operation: 'generate' as const, expected: [] },
    findings: [
      {
        kind: 'signals' as const,
        check: 'prompt-rules',
        subject: { kind: 'prompt' as const },
        durationMs: 1,
        signals: [{ category: 'real_person_likeness' as const, score, reason: 'r' }],
      },
    ],
  });
  const verdict = careful.evaluate(input(0.15, 'prompt'));
  expect(verdict.obligations.conservative).toBe(true);
  expect(verdict.rules).toContainEqual(expect.objectContaining({ rule: 'threshold:real_person_likeness:conservative', action: 'allow' }));
  expect(careful.evaluate(input(0.05, 'prompt')).obligations).not.toHaveProperty('conservative');
  expect(careful.evaluate(input(0.15, 'output')).obligations).not.toHaveProperty('conservative');
});
