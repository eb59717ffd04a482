import { describe, expect, it } from 'vitest';
import type { Category } from '../contracts/category.ts';
import type { Check } from '../contracts/check.ts';
import type { Finding, Signal } from '../contracts/finding.ts';
import { createCheckRunner, type Shadowed } from '../detectors/create-check-runner.ts';
import { checkPolicy } from './check-policy.ts';
import { shadowComparer } from './compare-shadows.ts';

const said = (check: string, scores: Partial<Record<Category, number>>, index = 0): Finding => ({
  kind: 'signals',
  check,
  subject: { kind: 'artifact', index },
  durationMs: 1,
  signals: Object.entries(scores).map(([category, score]) => ({ category: category as Category, score, reason: 'x' })),
});
const trial = { id: 'trial', categories: ['hate', 'violence_gore'] as const };
const thresholds = { hate: { hold: 0.4, block: 0.9, surfaces: { kids: { hold: 0.1 } } }, violence_gore: { label: 0.2 } };

describe('a check on trial', () => {
  const compare = shadowComparer({ thresholds }, [trial]);
  const outcomesOf = (findings: readonly Finding[], shadow: Finding, surface = 'app') =>
    compare({ surface, findings, shadows: [shadow] }).map(({ category, outcome }) => `${category} ${outcome}`);

  it('agrees where both would stop a category, or neither, and differs where one would', () => {
    expect(outcomesOf([said('a', { hate: 0.5 })], said('trial', { hate: 0.6 }))).toEqual(['hate both']);
    expect(outcomesOf([said('a', { hate: 0.1 })], said('trial', { hate: 0.2 }))).toEqual(['hate neither']);
    expect(outcomesOf([], said('trial', { hate: 0.4 }))).toEqual(['hate only_shadow']);
    expect(outcomesOf([said('a', { hate: 0.5 })], said('trial', {}))).toEqual(['hate only_deciding']);
    expect(outcomesOf([], said('trial', {}))).toEqual(['any neither']);
  });

  it('is measured by what the surface stops, and a label stops nothing', () => {
    expect(outcomesOf([], said('trial', { hate: 0.2 }), 'kids')).toEqual(['hate only_shadow']);
    expect(outcomesOf([], said('trial', { violence_gore: 1 }))).toEqual(['violence_gore neither']);
  });

  it('is compared only with what was said of the same picture, and of what it looks for', () => {
    expect(outcomesOf([said('a', { hate: 1 }, 1)], said('trial', { hate: 0.6 }))).toEqual(['hate only_shadow']);
    expect(outcomesOf([said('a', { sexual: 1 })], said('trial', {}))).toEqual(['any neither']);
  });

  it('is counted where it could not tell', () => {
    const failed: Finding = {
      kind: 'failed',
      check: 'trial',
      subject: { kind: 'artifact', index: 0 },
      durationMs: 1,
      cause: 'threw',
      detail: '',
    };
    expect(outcomesOf([], failed)).toEqual(['any failed']);
  });
});

describe('what a check on trial says', () => {
  const check = (id: string, detect: Check['detect']): Check => ({
    id,
    version: '1',
    looksAt: ['prompt'],
    categories: ['hate'],
    deadlineMs: 50,
    detect,
  });
  const signal: Signal = { category: 'hate', score: 1, reason: 'x' };
  const deciding = check('deciding', () => ({ kind: 'signals', signals: [] }));

  it.each<[string, Check['detect'], Finding['kind']]>([
    ['the worst', () => ({ kind: 'signals', signals: [signal] }), 'signals'],
    ['nothing, for it threw', () => Promise.reject(new Error('no')), 'failed'],
    ['nothing, for it hangs', () => new Promise(() => undefined), 'failed'],
    ['that it cannot judge', () => ({ kind: 'abstained', reason: 'unreadable' }), 'abstained'],
  ])('stands apart from the findings, and policy is owed nothing of it: %s', async (_, detect, kind) => {
    const seen: Shadowed[] = [];
    const shadows = [check('trial', detect)];
    const failures: string[] = [];
    const common = { checks: [deciding], expected: ['deciding'] };
    const runner = createCheckRunner({ ...common, shadows, onShadows: (one) => seen.push(one), onFailure: (id) => failures.push(id) });
    const inputs = [{ subject: { kind: 'prompt' }, prompt: 'a teapot', surface: 'app' }] as const;
    const judged = await runner.run(inputs);
    const without = await createCheckRunner(common).run(inputs);
    expect(judged.findings).toEqual(without.findings.map((finding) => ({ ...finding, durationMs: expect.any(Number) })));
    expect([judged.expected, judged.versions, failures]).toEqual([without.expected, without.versions, []]);
    expect(judged.shadows).toMatchObject([{ check: 'trial', kind }]);
    expect(seen).toMatchObject([{ surface: 'app', shadows: [{ check: 'trial' }] }]);
    expect(without.shadows).toBeUndefined();
  });
});

describe('a policy with checks on trial', () => {
  const problemsOf = (shadow: string) => {
    const text = [
      'imprimatur: policy/v1',
      'name: trial',
      'version: 1.0.0',
      'description: A trial.',
      'checks: [{ id: relied, whenFailed: hold }]',
      `shadow: ${shadow}`,
      'thresholds: {}',
      'appeal: { contact: Write. }',
    ].join('\n');
    const known = ['relied', 'trial'].map((id) => ({ id, looksAt: ['prompt'], categories: ['hate'] }) as const);
    const minors = { id: 'minors', looksAt: ['prompt'], categories: ['sexual_minors'] } as const;
    const checked = checkPolicy(text, { knownChecks: [...known, ...(shadow.includes('minors') ? [minors] : [])] });
    return checked.kind === 'valid' ? [] : checked.problems.map(({ message }) => message);
  };

  it('lists them by id, and none that decides, is misspelled or stands there twice', () => {
    expect(problemsOf('[{ id: trial }]')).toEqual([]);
    expect(problemsOf('[{ id: relied }]')).toEqual([expect.stringContaining('cannot decide and be a shadow')]);
    expect(problemsOf('[{ id: trail }]')).toEqual([expect.stringContaining('there is no check "trail"')]);
    expect(problemsOf('[{ id: trial }, { id: trial }]')).toEqual([expect.stringContaining('second time')]);
    expect(problemsOf('[{ id: trial, whenFailed: hold }]')).not.toEqual([]);
  });

  it('need not rely on one for a floor', () => {
    expect(problemsOf('[{ id: minors }]')).toEqual([]);
  });
});
