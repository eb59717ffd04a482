import { describe, expect, it } from 'vitest';
import type { Finding } from '../../contracts/finding.ts';
import type { StoredDecision } from '../../generations/stored-decisions.ts';
import { createUserDigest } from '../case-digests.ts';
import { spansOf } from './account-of.ts';

const said = (...signals: Extract<Finding, { kind: 'signals' }>['signals']): Finding => ({
  kind: 'signals',
  check: 'words',
  subject: { kind: 'prompt' },
  durationMs: 1,
  signals,
});
const decision = (findings: readonly Finding[], fired: readonly string[] = []): Pick<StoredDecision, 'body'> & StoredDecision => ({
  id: 'dec_1',
  stage: 'prompt',
  action: 'hold',
  policy: 'p@1',
  decided_at: new Date(),
  body: {
    rules: fired.map((reason) => ({
      rule: 'r',
      action: 'hold',
      floor: false,
      categories: ['hate'],
      evidence: [{ check: 'words', reason, score: 0.2 }],
    })),
    findings: [...findings],
    obligations: { credential: true, label: false },
    decidedBy: { kind: 'policy' },
  },
});
const at = (start: number, end: number) => [{ start, end }];
const thresholds = { hate: { hold: 0.5 } };

describe('the words of a prompt that are shown as the reason', () => {
  it('are those that a rule was fired by or that reach a number of the policy, and not all about which a classifier says a little', () => {
    const findings = [
      said(
        { category: 'hate', score: 0.1, reason: 'a little', spans: at(0, 5) },
        { category: 'hate', score: 0.2, reason: 'fired', spans: at(6, 9) },
        { category: 'hate', score: 0.5, reason: 'enough', spans: at(10, 12) },
        { category: 'sexual', score: 0.9, reason: 'no number in the policy', spans: at(13, 15) },
      ),
    ];
    expect(spansOf(decision(findings, ['fired']), { thresholds })).toEqual([
      { start: 6, end: 9, category: 'hate', rule: 'fired' },
      { start: 10, end: 12, category: 'hate', rule: 'enough' },
    ]);
  });

  it('are marked once, by the strongest of what is said of them, and only where the prompt is meant', () => {
    const findings: Finding[] = [
      said(
        { category: 'hate', score: 0.6, reason: 'weaker', spans: at(0, 5) },
        { category: 'hate', score: 0.9, reason: 'stronger', spans: at(0, 5) },
      ),
      {
        ...said({ category: 'hate', score: 0.9, reason: 'of a picture', spans: at(7, 9) }),
        subject: { kind: 'input_image', index: 0 },
      },
    ];
    expect(spansOf(decision(findings), { thresholds })).toEqual([{ start: 0, end: 5, category: 'hate', rule: 'stronger' }]);
  });
});

describe('the digest of an end user', () => {
  it('is the same for one person of one application, and says nothing without the key', () => {
    const [ours, theirs] = [createUserDigest(new Uint8Array(32)), createUserDigest(new Uint8Array(32).fill(1))];
    expect(ours('shop', 'ann')).toBe(ours('shop', 'ann'));
    const others = [ours('shop', 'bob'), ours('forum', 'ann'), ours('sho', 'pann'), theirs('shop', 'ann')];
    expect(new Set([ours('shop', 'ann'), ...others]).size).toBe(5);
  });
});
