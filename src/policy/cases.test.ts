import { describe, expect, it } from 'vitest';
import { runCases } from './cases.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, small } from './policy.fixture.ts';

describe('a golden case', () => {
  const policy = loadPolicy(small('thresholds: { hate: { hold: 0.5 } }\n'), { checks: CHECKS });
  const run = (text: string) => runCases(policy, [{ path: 'a.yaml', text }]);
  const given =
    'given: { stage: prompt, surface: api, operation: generate, findings: [{ check: prompt-rules, subject: prompt, signals: [{ category: hate, score: 0.5 }] }] }';

  it('passes when verdict and ledger are as it says', () => {
    const [result] = run(
      `- name: n\n  ${given}\n  expect: { action: hold, rules: ["threshold:hate:hold"], categories: [hate], ledger: { checks: { file-sanity: 1.0.0 } } }\n`,
    );
    expect(result).toEqual({ file: 'a.yaml', line: 1, name: 'n', differences: [] });
  });

  it('shows every difference', () => {
    const [result] = run(
      `\n- name: n\n  ${given}\n  expect: { action: allow, rules: [], categories: [ip], ledger: { action: block, checks: { file-sanity: 2.0.0 }, user: a } }\n`,
    );
    expect(result).toMatchObject({ line: 2 });
    expect(result?.differences).toEqual([
      'action: expected "allow", got "hold"',
      'rules: expected [], got ["threshold:hate:hold"]',
      'categories: expected ["ip"], got ["hate"]',
      'ledger.action: expected "block", got "hold"',
      'ledger.checks.file-sanity: expected "2.0.0", got "1.0.0"',
      'ledger.user: expected "a", got nothing',
    ]);
  });

  it('is a failed result with a line when it cannot be read', () => {
    const [result] = run(`- name: n\n  ${given}\n  expect: { acton: allow, rules: [] }\n`);
    expect(result).toMatchObject({ line: 3 });
    expect(result?.differences.join()).toContain('a.yaml:3:13: unknown key "acton" (did you mean "action"?)');
  });

  it('cannot pass by having no cases at all', () => {
    expect(run('[]\n')[0]?.differences).not.toEqual([]);
    expect(run('')[0]?.differences).not.toEqual([]);
  });
});
