import { describe, expect, it } from 'vitest';
import type { Category } from '../contracts/category.ts';
import type { Finding } from '../contracts/finding.ts';
import { moderationResult } from './moderation-result.ts';

const says = (category: Category, score: number, kind: 'prompt' | 'input_image' = 'prompt'): Finding => ({
  kind: 'signals',
  check: 'x',
  subject: kind === 'prompt' ? { kind } : { kind, index: 0 },
  durationMs: 1,
  signals: [{ category, score, reason: 'r' }],
});

describe('a moderation result', () => {
  it('has OpenAI’s thirteen categories and ours, with the highest score of each', () => {
    const { categories, category_scores: scores } = moderationResult(
      [says('sexual_minors', 0.4), says('sexual_minors', 0.7), says('sexual', 0.49)],
      true,
    );
    expect(Object.keys(categories)).toEqual(
      expect.arrayContaining(['sexual', 'sexual/minors', 'self-harm/intent', 'illicit/violent', 'ncii_undress', 'known_bad']),
    );
    expect(scores).toMatchObject({ 'sexual/minors': 0.7, sexual: 0.7, sexual_minors: 0.7, hate: 0, violence: 0 });
    expect(categories).toMatchObject({ 'sexual/minors': true, hate: false });
  });

  it('names a category from one half on', () => {
    const named = (score: number) => moderationResult([says('hate', score)], false).categories['hate'];
    expect([named(0.49), named(0.5)]).toEqual([false, true]);
  });

  it('is flagged when the policy would stop it, also when no check could tell why', () => {
    const failed: Finding = { kind: 'failed', check: 'x', subject: { kind: 'prompt' }, durationMs: 1, cause: 'threw', detail: '' };
    expect(moderationResult([failed], true)).toMatchObject({ flagged: true, categories: { hate: false } });
    expect(moderationResult([says('hate', 1)], false).flagged).toBe(false);
  });

  it('says whether a text or a picture was meant', () => {
    const result = moderationResult([says('hate', 0.9), says('hate', 0.1, 'input_image'), says('known_bad', 1, 'input_image')], true);
    expect(result.category_applied_input_types).toMatchObject({ hate: ['text', 'image'], known_bad: ['image'], violence: [] });
  });
});
