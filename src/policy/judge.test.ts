import { describe, expect, it } from 'vitest';
import type { Category } from '../contracts/category.ts';
import type { Finding } from '../contracts/finding.ts';
import { compilePolicy } from './compile.ts';
import { FLOORS } from './floors.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, policyText, promptInput, promptSays, small } from './policy.fixture.ts';

const policy = (more: string) => loadPolicy(small(more), { checks: CHECKS });
const hate = policy('thresholds: { hate: { label: 0.2, hold: 0.5, block: 0.8 } }\n');
const says = (category: Category, ...scores: number[]) => scores.map((score) => promptSays({ category, score, reason: 'planted' }));
const actionAt = (...scores: number[]) => hate.evaluate(promptInput(says('hate', ...scores))).action;
const PICTURE = { kind: 'artifact', index: 0 } as const;
const quiet = (check: string, subject: Finding['subject'] = PICTURE): Finding => ({
  kind: 'signals',
  check,
  subject,
  durationMs: 1,
  signals: [],
});

describe('a threshold', () => {
  it('acts from its own score on, and not a hair below', () => {
    expect([0.19, 0.2, 0.49, 0.5, 0.79, 0.8, 1].map((score) => actionAt(score))).toEqual([
      'allow',
      'label',
      'label',
      'hold',
      'hold',
      'block',
      'block',
    ]);
  });

  it('goes by the highest score, whichever check gave it and in whatever order', () => {
    expect([actionAt(0.9, 0.1), actionAt(0.1, 0.9), actionAt(0.1, 0.6, 0.3)]).toEqual(['block', 'block', 'hold']);
  });

  it('does not act on a score of nothing', () => {
    expect([actionAt(0), actionAt()]).toEqual(['allow', 'hold']);
  });
});

describe('a floor', () => {
  it.each(FLOORS.map(({ category, score, rule }) => [category, score, rule] as const))(
    'blocks %s from %d on, and no policy is asked',
    (category, score, rule) => {
      // A document that says almost nothing, and that nobody checked.
      const lax = compilePolicy({ ...hate.document, thresholds: { [category]: { hold: 1 } } }, { checks: CHECKS });
      const rulesAt = (at: number) => lax.evaluate(promptInput(says(category, at)));
      expect(rulesAt(score)).toMatchObject({ action: 'block', rules: [{ rule, floor: true }] });
      expect(rulesAt(score - 0.001)).toMatchObject({ action: 'allow', rules: [] });
    },
  );
});

describe('a check that could not tell', () => {
  const output = (...findings: Finding[]) => hate.evaluate({ ...promptInput(findings), stage: 'output' });
  const broken = (check: string): Finding => ({ kind: 'failed', check, subject: PICTURE, durationMs: 1, cause: 'threw', detail: '' });

  it('holds or blocks as the policy says, and holds when the policy does not even know it', () => {
    expect(output(quiet('file-sanity'), quiet('known-hashes')).action).toBe('allow');
    expect(output(broken('file-sanity'), quiet('known-hashes')).action).toBe('hold');
    expect(output(quiet('file-sanity'), broken('known-hashes')).action).toBe('block');
    expect(output(quiet('file-sanity'), quiet('known-hashes'), broken('somebody-new')).action).toBe('hold');
  });

  it('is not made good by another answer of the same check', () => {
    expect(output(quiet('file-sanity'), quiet('known-hashes'), broken('file-sanity')).action).toBe('hold');
  });

  it('is one that never answered, also when nobody was expected to', () => {
    expect(output().rules.map(({ rule }) => rule)).toEqual(['failed:known-hashes', 'failed:file-sanity']);
    expect(output(quiet('file-sanity')).action).toBe('block');
    const second = { kind: 'artifact', index: 1 } as const;
    expect(output(quiet('file-sanity'), quiet('known-hashes'), quiet('file-sanity', second)).action).toBe('block');
  });

  it('for an edit is one that did not see the picture, and for a variation nobody need have seen a prompt', () => {
    const images = ['file-sanity', 'known-hashes'].map((check) => quiet(check, { kind: 'input_image', index: 0 }));
    const at = (operation: 'edit' | 'variation', ...findings: Finding[]) => hate.evaluate(promptInput(findings, { operation })).action;
    expect([at('edit', promptSays()), at('edit', ...images), at('edit', promptSays(), ...images)]).toEqual(['block', 'hold', 'allow']);
    expect([at('variation'), at('variation', ...images)]).toEqual(['block', 'allow']);
  });

  it('abstains without consequence only where the policy says nothing about that', async () => {
    const abstained: Finding = { kind: 'abstained', check: 'file-sanity', subject: PICTURE, durationMs: 1, reason: 'unreadable' };
    expect(output(abstained, quiet('known-hashes')).action).toBe('allow');
    const standard = loadPolicy(await policyText('standard'), { checks: CHECKS });
    const others = ['known-hashes', 'nudity', 'faces', 'person-match', 'edit-anomaly'].map((check) => quiet(check));
    expect(standard.evaluate({ ...promptInput([abstained, ...others]), stage: 'output' })).toMatchObject({
      action: 'hold',
      rules: [{ rule: 'abstained:file-sanity' }],
    });
  });
});

describe('what fired', () => {
  it('stands in the verdict with the strongest first, so that a reader sees what decided', () => {
    const several = policy('thresholds: { hate: { label: 0.2 }, ip: { hold: 0.5 }, extremism: { block: 0.5 } }\n');
    const findings = [...says('hate', 0.3), ...says('ip', 0.6), ...says('extremism', 0.6)];
    expect(several.evaluate(promptInput(findings)).rules.map(({ action }) => action)).toEqual(['block', 'hold', 'label']);
  });

  it('needs every part of an "all" and one part of an "any"', () => {
    const rules = policy(`rules:
  - { id: both, description: B., when: { all: [{ category: ip, score: 0.4 }, { category: hate, score: 0.4 }] }, action: hold }
  - { id: either, description: E., when: { any: [{ category: ip, score: 0.4 }, { category: hate, score: 0.4 }] }, action: label }
`);
    const fired = (...findings: Finding[]) => rules.evaluate(promptInput(findings)).rules.map(({ rule }) => rule);
    expect(fired(...says('ip', 0.4))).toEqual(['either']);
    expect(fired(...says('ip', 0.4), ...says('hate', 0.4))).toEqual(['both', 'either']);
    expect(fired(...says('ip', 0.39), ...says('hate', 0.39))).toEqual([]);
  });
});
