import { describe, expect, it } from 'vitest';
import { parsePromptRules } from './rules.ts';

const problemsOf = (yaml: string) => {
  const parsed = parsePromptRules(yaml);
  return parsed.ok ? [] : parsed.problems;
};

describe('reading a file of word rules', () => {
  it('names every problem at once, each with its line', () => {
    const problems = problemsOf(`version: "1"
groups:
  unused: [something]
  circle: ["@circle again"]
rules:
  - id: first
    category: ip
    score: 0.5
    languages: [en]
    anyOf: [fine, "x", "@nowhere to go"]
  - id: first
    category: ip
    score: 0.5
    languages: [en]
    anyOf: ["@circle", "{9-1} things"]
`);
    expect(problems.map(({ line, message }) => `${line}: ${message}`).sort()).toEqual([
      '10: a term must have two letters or more',
      '10: there is no group "nowhere"',
      '11: the id "first" is taken',
      '15: a range of numbers must rise, by 200 at most',
      '15: groups refer to each other too deeply, or in a circle',
      '3: nothing uses the group "unused"',
    ]);
  });

  it('names fields of the wrong form with their lines', () => {
    const problems = problemsOf(`version: "1"
rules:
  - id: one
    category: nonsense
    score: 2
    languages: [en]
    anyOf: [word]
    pattern: ".*"
  - id: two
    category: ip
    score: 0.5
    languages: [en]
`);
    expect(problems.map(({ line }) => line).sort((a, b) => a - b)).toEqual([3, 4, 5, 9]);
  });

  it('says where YAML itself is broken', () => {
    expect(problemsOf('version: "1"\nrules: [\n')[0]?.line).toBeGreaterThan(1);
  });

  it('refuses terms that stand for too many phrases', () => {
    const group = `[${Array.from({ length: 200 }, (_, i) => `word${i}`).join(', ')}]`;
    const problems = problemsOf(
      `version: "1"\ngroups: { w: ${group} }\nrules: [{ id: a, category: ip, score: 1, languages: [en], anyOf: ["@w @w @w"] }]\n`,
    );
    expect(problems.map(({ message }) => message)).toEqual(['stands for more than 20000 phrases']);
  });

  it('gives another version to other rules', () => {
    const versionOf = (word: string) => {
      const parsed = parsePromptRules(`version: "1"\nrules: [{ id: a, category: ip, score: 1, languages: [en], anyOf: [${word}] }]\n`);
      return parsed.ok ? parsed.rules.version : undefined;
    };
    expect(versionOf('teapot')).toMatch(/^1\+[0-9a-f]{12}$/);
    expect(versionOf('teapot')).not.toBe(versionOf('kettle'));
  });
});
