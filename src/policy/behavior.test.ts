import { describe, expect, it } from 'vitest';
import { decisionLedgerBody } from './ledger-body.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, OTHERS_SILENT, promptSays, small } from './policy.fixture.ts';

const rule = (when: string) =>
  loadPolicy(small(`rules:\n  - { id: r, description: A rule., when: ${when}, action: hold }`), { checks: CHECKS });
const asked = (behavior?: { probing: number }) => ({
  stage: 'prompt' as const,
  surface: 'api',
  operation: 'generate' as const,
  findings: [promptSays(), ...OTHERS_SILENT],
  expected: [],
  ...(behavior === undefined ? {} : { behavior: { campaign: 0, burst: 0, copies: 0, reasons: [], ...behavior } }),
});

describe('a rule about how an account behaves', () => {
  it('holds from its number on, and says nothing where nobody knows the account', () => {
    const policy = rule('{ behavior: probing, score: 0.8 }');
    const held = policy.evaluate(asked({ probing: 0.8 }));
    expect([held.action, held.rules.map(({ rule }) => rule)]).toEqual(['hold', ['r']]);
    expect(policy.evaluate(asked({ probing: 0.79 })).action).toBe('allow');
    expect(policy.evaluate(asked()).action).toBe('allow');
  });

  it('cannot be negated, and knows no other behavior', () => {
    expect(() => rule('{ not: { behavior: probing, score: 0.8 } }')).toThrow();
    expect(() => rule('{ behavior: politeness, score: 0.8 }')).toThrow();
  });
});

describe('an account that is slowed or asked to prove itself', () => {
  const acting = (action: string) =>
    loadPolicy(small(`rules:\n  - { id: r, description: A rule., when: { behavior: probing, score: 0.5 }, ${action} }`), {
      checks: CHECKS,
    });
  const user = (verified: boolean) => ({ id: 'u', tier: 'free', verified, age: null, region: null, locale: null }) as const;

  it('waits as long as the rule says, and five seconds where it does not; the ledger says so', () => {
    const slowed = acting('action: slow, seconds: 20').evaluate(asked({ probing: 0.6 }));
    expect([slowed.action, slowed.obligations.delaySeconds]).toEqual(['allow', 20]);
    expect(decisionLedgerBody(slowed).obligations).toMatchObject({ delaySeconds: 20 });
    expect(acting('action: slow').evaluate(asked({ probing: 0.6 })).obligations.delaySeconds).toBe(5);
    expect(acting('action: slow').evaluate(asked({ probing: 0.4 })).obligations).not.toHaveProperty('delaySeconds');
    expect(() => acting('action: slow, seconds: 31')).toThrow();
  });

  it('is refused until the platform vouches for whom it is, and is told what would help', () => {
    const policy = acting('action: step_up');
    const refused = policy.evaluate({ ...asked({ probing: 0.6 }), user: user(false) });
    expect([refused.action, refused.rules[0]?.lacking]).toEqual(['block', { verified: true }]);
    expect(policy.evaluate(asked({ probing: 0.6 })).action).toBe('block');
    expect(policy.evaluate({ ...asked({ probing: 0.6 }), user: user(true) }).action).toBe('allow');
  });
});
