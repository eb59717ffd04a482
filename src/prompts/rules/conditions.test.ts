import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { canonicalize } from '../reading/canonicalize.ts';
import type { PromptReading } from '../reading/prompt-reading.ts';
import { evaluatePrompt, evaluateReading } from './evaluate-prompt.ts';
import { parsePromptRules } from './rules.ts';
import { rulesFrom } from './standard-rules.fixture.ts';

const rule = (fields: string) => `version: "1"\nrules:\n  - { id: one, category: brand_safety, score: 0.5, languages: [en], ${fields} }\n`;
const problemsOf = (fields: string) => {
  const parsed = parsePromptRules(rule(fields));
  return parsed.ok ? [] : parsed.problems.map(({ line, message }) => `${line}: ${message}`);
};
const reasons = (fields: string, text: string, context = {}) =>
  evaluatePrompt(rulesFrom(rule(fields)), text, context).map(({ reason }) => reason);

describe('expressions in rules', () => {
  it('match the folded text and point at the words of the user', () => {
    const rules = rulesFrom(rule(String.raw`patterns: ['purple (?:\w+ ){0,2}teapots?']`));
    const text = 'A big PURPLE  shiny Téapot';
    const [signal] = evaluatePrompt(rules, text);
    expect(signal?.reason).toBe('pattern:one');
    expect(signal?.spans?.map(({ start, end }) => text.slice(start, end))).toEqual(['PURPLE  shiny Téapot']);
  });

  it('answer in linear time to an expression that hangs other engines', () => {
    const rules = rulesFrom(rule("patterns: ['(?:a+)+$x|(?:x+x+)+y|(?:[a-z]+)*9z']"));
    const startedAt = performance.now();
    evaluatePrompt(rules, `walrus ${'ax'.repeat(10)} `.repeat(800));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it.each([
    ['a look-behind', "patterns: ['(?<=a)b']", /not an RE2 expression/],
    ['a back-reference', String.raw`patterns: ['(a)\1']`, /not an RE2 expression/],
    ['an open bracket', "patterns: ['(ab']", /not an RE2 expression/],
    ['a repetition that is too large', "patterns: ['(?:abcdefghij){999}']", /larger|not an RE2/],
    ['what matches everything', "patterns: ['a*']", /every prompt/],
  ])('refuse %s by its line', (_, fields, message) => {
    expect(problemsOf(fields)).toEqual([expect.stringMatching(message)]);
    expect(problemsOf(fields)[0]).toMatch(/^3: /);
  });
});

describe('conditions in rules', () => {
  it.each([
    ['a surface', `when: 'surface == "app"'`, ['condition:one']],
    ['a number of words', `when: 'words > 2 && operation == "edit"'`, ['condition:one']],
    ['another surface', `when: 'surface == "web"'`, []],
    ['an expression', `when: 'text.matches("walrus(es)?")'`, ['condition:one']],
    ['words and a condition', `anyOf: [walrus], when: 'surface == "app"'`, ['lexicon:one']],
    ['a condition without its words', `anyOf: [teapot], when: 'surface == "app"'`, []],
  ])('may ask for %s', (_, fields, expected) => {
    expect(reasons(fields, 'a walrus far away', { surface: 'app', operation: 'edit' })).toEqual(expected);
  });

  it('see the scores and the ids of rules before them', () => {
    const rules = rulesFrom(`version: "1"
rules:
  - { id: walrus, category: ip, score: 0.4, languages: [en], anyOf: [walrus] }
  - { id: both, category: brand_safety, score: 0.9, languages: [en], when: 'scores.ip >= 0.4 && "walrus" in rules' }
`);
    expect(evaluatePrompt(rules, 'a walrus').map(({ reason }) => reason)).toEqual(['lexicon:walrus', 'condition:both']);
    expect(evaluatePrompt(rules, 'a teapot')).toEqual([]);
  });

  it('fire and say so when they cannot be answered', () => {
    expect(reasons(`when: 'words / (words - words) == 1'`, 'a walrus')).toEqual(['condition-failed:one']);
  });

  it('are not hung by an expression', () => {
    const startedAt = performance.now();
    reasons(`when: 'text.matches("(a+)+b$")'`, 'a'.repeat(60));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it.each([
    ['an unknown name', `when: 'sufrace == "app"'`],
    ['an unknown category, even behind false', `when: 'false && scores.sexul > 0.1'`],
    ['what is no yes or no', `when: 'words'`],
    ['a bad expression', 'when: \'text.matches("(a")\''],
    ['an expression made up later', `when: 'text.matches(surface)'`],
    ['loops in loops', `when: 'tricks.all(a, tricks.all(b, tricks.all(c, a == b)))'`],
    ['broken syntax', `when: 'words >'`],
  ])('are refused for %s, by their line', (_, fields) => {
    expect(problemsOf(fields)).toEqual([expect.stringMatching(/^3: /)]);
  });
});

describe('context', () => {
  it('takes back a hit beside it, and no other', () => {
    const fields = 'anyOf: [walrus], unless: { terms: [statue], within: 2 }';
    expect(reasons(fields, 'a walrus statue')).toEqual([]);
    expect(reasons(fields, 'a walrus swims far away from the statue')).toEqual(['lexicon:one']);
  });

  it('wants groups to meet within a window', () => {
    const fields = 'allOf: [[walrus], [tricycle]], within: 3';
    expect(reasons(fields, 'a walrus on a tricycle')).toEqual(['lexicon:one']);
    expect(reasons(fields, 'a walrus in the sea and much later a tricycle')).toEqual([]);
  });

  it('is not taken for a category with a floor', () => {
    const parsed = parsePromptRules(
      rule('anyOf: [walrus], unless: { terms: [statue], within: 2 }').replace('brand_safety', 'sexual_minors'),
    );
    expect(parsed.ok).toBe(false);
  });

  it('knows a star as any ending', () => {
    expect(reasons('anyOf: ["teap* lid", teapots]', 'a teapot lid')).toEqual(['lexicon:one']);
    expect(reasons('anyOf: ["teap* lid", teapot lids]', 'two teapot lids')).toEqual(['lexicon:one']);
    expect(reasons('anyOf: ["teap* lid"]', 'a tea lid')).toEqual([]);
    expect(reasons('anyOf: ["walrus*"]', 'two walruses')).toEqual(['lexicon:one']);
  });
});

describe('a negative prompt', () => {
  const reading = (positive: string, negative: string, syntax = 'a lora'): PromptReading => ({
    original: `${positive} ${negative}`,
    parts: [
      { role: 'positive', canonical: canonicalize(positive) },
      { role: 'negative', canonical: canonicalize(negative) },
      { role: 'technical', canonical: canonicalize(syntax) },
    ],
  });
  const rules = rulesFrom(rule('anyOf: [walrus]'));

  it('does not fire a rule by itself', () => {
    expect(evaluateReading(rules, reading('a teapot', 'walrus'))).toEqual([]);
    expect(evaluateReading(rules, reading('a walrus', 'teapot'))).toHaveLength(1);
  });

  it('is no place to hide the name of a network or a key', () => {
    expect(evaluateReading(rules, reading('a teapot', '', 'lora walrus'))).toHaveLength(1);
    expect(evaluateReading(rules, reading('a walrus', '', 'lora walrus'))).toHaveLength(1);
  });

  it('counts where a rule asks for it, with what the positive prompt says', () => {
    const both = rulesFrom(rule('anyOf: [walrus], negativeOf: [hat]'));
    expect(evaluateReading(both, reading('a walrus', 'hat'))).toHaveLength(1);
    expect(evaluateReading(both, reading('a walrus', 'teapot'))).toEqual([]);
    expect(evaluateReading(both, reading('a teapot', 'hat'))).toEqual([]);
    expect(evaluatePrompt(both, 'a walrus with a hat')).toEqual([]);
  });
});
