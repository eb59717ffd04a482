import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../contracts/decision.ts';
import { AGE_METHODS, type EndUser, TIERS } from '../contracts/end-user.ts';
import type { EvaluationInput } from './facts.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, OTHERS_SILENT, promptSays, small } from './policy.fixture.ts';

const NOW = new Date('2026-11-22');
const KNOWN: EndUser = {
  id: 'p',
  tier: 'paid',
  verified: true,
  age: { over: 18, method: 'verified', on: new Date('2026-11-01') },
  region: 'DE',
  locale: null,
};

function policyWith(...rules: string[]) {
  return loadPolicy(small(`rules:\n${rules.map((rule) => `  - ${rule}`).join('\n')}`), { checks: CHECKS });
}
const rule = (rest: string) => `{ id: r, description: A rule., ${rest}, action: block }`;
const ask = (user: EndUser | undefined, more: Partial<EvaluationInput> = {}): EvaluationInput => ({
  stage: 'prompt',
  surface: 'api',
  operation: 'generate',
  findings: [promptSays(), ...OTHERS_SILENT],
  expected: [],
  at: NOW,
  ...(user === undefined ? {} : { user }),
  ...more,
});

describe('rules about end users', () => {
  it.each([
    ['{ tier: { below: verified } }', { tier: 'verified' }, { tier: 'free' }],
    ['{ verified: false }', { verified: true }, { verified: false }],
    ['{ age: { below: 18 } }', { age: KNOWN.age }, { age: { ...KNOWN.age, over: 16 } }],
    [
      '{ age: { below: 18, unless: inferred } }',
      { age: { ...KNOWN.age, method: 'inferred' } },
      { age: { ...KNOWN.age, method: 'estimated' } },
    ],
    ['{ age: { below: 18, withinDays: 30 } }', { age: KNOWN.age }, { age: { ...KNOWN.age, on: new Date('2026-10-01') } }],
    ['{ region: [DE] }', { region: 'FR' }, { region: 'DE' }],
    ['{ region: [EU] }', { region: 'US-CA' }, { region: 'FR' }],
    ['{ region: [US] }', { region: 'CA' }, { region: 'US-CA' }],
    ['{ region: [US-CA] }', { region: 'US-NY' }, { region: 'US' }],
  ] as const)('%s lets through who has it, stops who has not, and stops of whom nothing was said', (when, has, lacks) => {
    const policy = policyWith(rule(`when: ${when}`));
    const about = (change: object): EndUser => ({ ...KNOWN, ...change }) as EndUser;
    expect(policy.evaluate(ask(about(has))).action).toBe('allow');
    expect(policy.evaluate(ask(about(lacks))).action).toBe('block');
    expect(policy.evaluate(ask(undefined)).action).toBe('block');
  });

  it('cannot be negated, so that saying more of somebody makes nothing stricter', () => {
    for (const when of ['{ tier: { below: free } }', '{ verified: false }', '{ age: { below: 18 } }', '{ region: [DE] }']) {
      expect(() => policyWith(rule(`when: { not: ${when} }`))).toThrow();
    }
    expect(() => policyWith(rule('when: { verified: true }'))).toThrow();
  });

  it('counts an age that must be recent as too old where nobody says what day it is', () => {
    const policy = policyWith(rule('when: { age: { below: 18, withinDays: 36500 } }'));
    const { at: _at, ...timeless } = ask(KNOWN);
    expect(policy.evaluate(timeless).action).toBe('block');
  });

  it('say what would help, where a rule asks for something', () => {
    const requires = 'requires: { tier: verified, age: { over: 18, method: verified, withinDays: 365 } }';
    const policy = policyWith(rule(`when: { category: nudity_art, score: 0.3 }, ${requires}`).replace('nudity_art', 'sexual'));
    const findings = [promptSays({ category: 'sexual', score: 0.4, reason: 'x' }), ...OTHERS_SILENT];
    const asked = (user?: EndUser) => policy.evaluate(ask(user, { findings }));
    expect(asked(KNOWN).rules.map((hit) => hit.rule)).not.toContain('r');
    expect(asked().rules.find((hit) => hit.rule === 'r')?.lacking).toEqual({
      tier: 'verified',
      age: { over: 18, method: 'verified', withinDays: 365 },
    });
    const young = { ...KNOWN, age: null };
    expect(Object.keys(asked(young).rules.find((hit) => hit.rule === 'r')?.lacking ?? {})).toEqual(['age']);
  });

  it('never grow milder when something is left out of a claim, or the claim itself', () => {
    const policy = policyWith(
      `{ id: a, description: A., when: { tier: { below: verified } }, action: label }`,
      `{ id: b, description: B., when: { any: [{ age: { below: 18, unless: estimated } }, { region: [EU, US-CA] }] }, action: hold }`,
      `{ id: c, description: C., when: { operation: [edit] }, requires: { verified: true, tier: paid }, action: block }`,
    );
    const users = fc.record({
      id: fc.constant('p'),
      tier: fc.constantFrom(...TIERS),
      verified: fc.boolean(),
      age: fc.option(
        fc.record({
          over: fc.integer({ min: 0, max: 40 }),
          method: fc.constantFrom(...AGE_METHODS),
          on: fc.date({ max: NOW, noInvalidDate: true }),
        }),
      ),
      region: fc.option(fc.constantFrom('DE', 'FR', 'US', 'US-CA', 'US-NY', 'CN')),
      locale: fc.constant(null),
    });
    const rank = (user: EndUser | undefined, operation: 'generate' | 'edit') =>
      ACTIONS.indexOf(policy.evaluate(ask(user, { operation, findings: [promptSays(), ...OTHERS_SILENT] })).action);
    fc.assert(
      fc.property(users, fc.constantFrom('generate' as const, 'edit' as const), (user, operation) => {
        const said = rank(user, operation);
        for (const less of [
          undefined,
          { ...user, age: null },
          { ...user, region: null },
          { ...user, verified: false },
          { ...user, tier: 'anonymous' as const },
        ]) {
          if (rank(less, operation) < said) return false;
        }
        return true;
      }),
    );
  });
});
