import { describe, expect, it } from 'vitest';
import { CATEGORIES, type Category } from '../contracts/category.ts';
import type { RuleHit } from '../contracts/decision.ts';
import type { Finding } from '../contracts/finding.ts';
import { loadPolicy } from '../policy/load-policy.ts';
import { CHECKS, OTHERS_SILENT, policyText, promptInput, promptSays, small } from '../policy/policy.fixture.ts';
import { moderationJson, moderationResult } from './moderation-result.ts';

const says = (category: Category, score: number, kind: 'prompt' | 'input_image' = 'prompt'): Finding => ({
  kind: 'signals',
  check: 'x',
  subject: kind === 'prompt' ? { kind } : { kind, index: 0 },
  durationMs: 1,
  signals: [{ category, score, reason: 'r' }],
});
const hit = (action: RuleHit['action'], ...categories: Category[]): RuleHit => ({
  rule: 'r',
  action,
  floor: false,
  categories,
  evidence: [],
});
const PASSES = { action: 'allow', rules: [] } as const;

describe('a moderation result', () => {
  it('has OpenAI’s thirteen categories and ours, with the highest score of each', () => {
    const findings = [says('sexual_minors', 0.4), says('sexual_minors', 0.7), says('sexual', 0.49)];
    const result = moderationResult(findings, { action: 'block', rules: [hit('block', 'sexual_minors')] });
    expect(Object.keys(result.categories)).toEqual(
      expect.arrayContaining(['sexual', 'sexual/minors', 'self-harm/intent', 'illicit/violent', 'ncii_undress', 'known_bad']),
    );
    expect(result.category_scores).toMatchObject({ 'sexual/minors': 0.7, sexual: 0.7, sexual_minors: 0.7, hate: 0, violence: 0 });
    expect(result.categories).toMatchObject({ 'sexual/minors': true, sexual_minors: true, hate: false });
  });

  it('is the same when it is written as JSON at once', () => {
    const findings = [says('sexual_minors', 1e-7), says('hate', 0.1 + 0.2, 'input_image'), says('hate', 0.2), says('ip', 1)];
    for (const judged of [PASSES, { action: 'block', rules: [hit('block', 'hate', 'ip')] } as const])
      expect(JSON.parse(moderationJson(findings, judged))).toEqual(moderationResult(findings, judged));
  });

  it('is flagged when the policy would stop it, also when no category is to blame', () => {
    expect(moderationResult([], { action: 'hold', rules: [hit('hold')] })).toMatchObject({ flagged: true, categories: { hate: false } });
    expect(moderationResult([says('hate', 1)], PASSES)).toMatchObject({ flagged: false, categories: { hate: false } });
    const labeled = moderationResult([says('ip', 1)], { action: 'label', rules: [hit('label', 'ip')] });
    expect(labeled).toMatchObject({ flagged: false, categories: { ip: false } });
  });

  it('says whether a text or a picture was meant', () => {
    const result = moderationResult([says('hate', 0.9), says('hate', 0.1, 'input_image'), says('known_bad', 1, 'input_image')], PASSES);
    expect(result.category_applied_input_types).toMatchObject({ hate: ['text', 'image'], known_bad: ['image'], violence: [] });
  });
});

describe.each(['standard', 'strict'])('under the %s pack', async (pack) => {
  const policy = loadPolicy(await policyText(pack), { checks: CHECKS });
  const answer = (...signals: readonly { readonly category: Category; readonly score: number }[]) => {
    const finding = promptSays(...signals.map((signal) => ({ ...signal, reason: 'r' })));
    const findings = [finding, ...OTHERS_SILENT];
    return moderationResult(findings, policy.evaluate(promptInput(findings)));
  };

  it.each(CATEGORIES.map((category) => [category]))('%s is flagged from the score on that the policy stops, and not below', (category) => {
    const { hold, block } = policy.document.thresholds[category] ?? {};
    const from = Math.min(hold ?? 2, block ?? 2);
    expect(from).toBeLessThanOrEqual(1);
    expect(answer({ category, score: from })).toMatchObject({ flagged: true, categories: { [category]: true } });
    expect(answer({ category, score: from - 0.001 })).toMatchObject({ flagged: false, categories: { [category]: false } });
  });

  it('names both categories where only both together are stopped', () => {
    const both = answer({ category: 'sexual', score: 0.4 }, { category: 'real_person_likeness', score: 0.4 });
    expect(both).toMatchObject({ flagged: true, categories: { sexual: true, real_person_likeness: true, hate: false } });
  });
});

describe('a policy with other numbers for one surface', () => {
  const policy = loadPolicy(small('thresholds: { hate: { hold: 0.9, surfaces: { kids: { hold: 0.2 } } } }\n'), { checks: CHECKS });

  it('flags there what passes elsewhere', () => {
    const findings = [promptSays({ category: 'hate', score: 0.5, reason: 'r' })];
    const on = (surface: string) => moderationResult(findings, policy.evaluate(promptInput(findings, { surface }))).categories['hate'];
    expect([on('kids'), on('api')]).toEqual([true, false]);
  });
});
