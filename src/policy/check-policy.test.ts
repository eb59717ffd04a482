import { describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import { checkPolicy } from './check-policy.ts';
import { loadPolicy, loadPolicyFile } from './load-policy.ts';
import { CHECKS, policyText, small } from './policy.fixture.ts';

const problemsOf = (text: string) => {
  const checked = checkPolicy(text, { knownChecks: CHECKS, now: new Date('2026-11-21') });
  return checked.kind === 'valid' ? [] : checked.problems;
};
const only = (text: string) => {
  const problems = problemsOf(text);
  expect(problems, JSON.stringify(problems)).toHaveLength(1);
  return problems[0]!;
};
/** The line of `small(more)` on which `needle` stands. */
const lineOf = (text: string, needle: string) => text.split('\n').findIndex((line) => line.includes(needle)) + 1;
const rule = (when: string, rest = 'action: hold') => small(`rules:\n  - { id: a-rule, description: A rule., when: ${when}, ${rest} }\n`);

describe('a policy with a slip of the pen', () => {
  it('names line, column and the key that was meant', () => {
    const text = small('obligatons: { credential: true }\n');
    expect(only(text)).toEqual({
      path: 'obligatons',
      line: 10,
      column: 1,
      message: 'unknown key "obligatons"',
      hint: 'did you mean "obligations"?',
    });
  });

  it('finds a misspelled key deep inside a condition', () => {
    const text = rule('{ all: [{ any: [{ category: hate, scor: 0.5 }] }] }');
    const problems = problemsOf(text);
    expect(problems.map(({ message, hint }) => [message, hint])).toEqual(
      expect.arrayContaining([['unknown key "scor"', 'did you mean "score"?']]),
    );
    expect(problems[0]?.line).toBe(lineOf(text, 'a-rule'));
  });

  it('names the category that was meant, as a key and as a value', () => {
    expect(only(small('thresholds: { violence_gor: { hold: 0.5 } }\n')).hint).toBe('did you mean "violence_gore"?');
    expect(only(rule('{ category: sexual_minor, score: 0.2 }')).hint).toBe('did you mean "sexual_minors"?');
  });

  it('names the check that was meant, on the line where it stands', () => {
    const text = small().replace('id: file-sanity', 'id: file-sanitty');
    expect(only(text)).toMatchObject({
      line: lineOf(text, 'sanitty'),
      message: 'there is no check "file-sanitty"',
      hint: 'did you mean "file-sanity"?',
    });
  });

  it('refuses a rule about a check that the policy does not rely on', () => {
    expect(only(rule('{ check: prompt-rule }'))).toMatchObject({ path: 'rules[0].when.check', hint: 'did you mean "prompt-rules"?' });
  });

  it('refuses two rules of one name', () => {
    const one = '  - { id: twin, description: A rule., when: { surface: [api] }, action: hold }\n';
    expect(only(small(`rules:\n${one}${one}`))).toMatchObject({ path: 'rules[1].id', line: 12 });
  });

  it('refuses one key written twice', () => {
    expect(only(small('name: other\n')).line).toBe(10);
  });

  it('says that something is missing, and where', () => {
    expect(only(small().replace('version: 1.0.0\n', ''))).toMatchObject({ message: '"version" is missing', line: 1 });
    expect(only(rule('{}')).hint).toContain('category');
  });

  it('says that two forms of a condition cannot be mixed', () => {
    expect(only(rule('{ category: hate, score: 0.5, surface: [api] }')).message).toBe('"surface" cannot stand beside the other keys here');
  });

  it('reports every problem at once, in the order of the file', () => {
    const text = small(
      [
        'thresholds: { sexual_minors: { block: 0.5 }, hate: { hold: 2 } }',
        'rules:',
        '  - { id: x, description: X., when: { check: nobody }, action: allow }',
        '  - { id: y, description: Y., when: { check: nobody }, action: hold }',
        'colour: red',
      ].join('\n'),
    ).replace('whenFailed: block', 'whenFailed: allow');
    const lines = problemsOf(text).map(({ line }) => line);
    expect(problemsOf(text).map(({ path }) => path)).toEqual([
      'checks[2].whenFailed',
      'thresholds.sexual_minors.block',
      'thresholds.hate.hold',
      'rules[0].action',
      'colour',
    ]);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });
});

describe('a policy that tries to say yes too easily', () => {
  it.each(['allow', 'label'])('cannot %s what a failed check could not judge', (action) => {
    expect(only(small().replace('whenFailed: block', `whenFailed: ${action}`))).toMatchObject({
      path: 'checks[2].whenFailed',
      hint: 'allowed: hold, block',
    });
  });

  it('cannot have a rule that allows', () => {
    expect(only(rule('{ surface: [api] }', 'action: allow')).path).toBe('rules[0].action');
  });

  it('cannot negate a finding', () => {
    expect(problemsOf(rule('{ not: { category: hate, score: 0.5 } }'))).not.toEqual([]);
    expect(problemsOf(rule('{ not: { surface: [internal] } }'))).toEqual([]);
  });

  it.each([
    ['sexual_minors', 0.31],
    ['ncii_undress', 0.81],
    ['known_bad', 0.91],
    ['unsafe_file', 0.91],
  ])('cannot block %s only from %d', (category, from) => {
    const problem = only(small(`thresholds:\n  ${category}: { block: ${from} }\n`));
    expect(problem).toMatchObject({ path: `thresholds.${category}.block`, line: 11, hint: 'a floor: no policy may relax it' });
  });

  it('cannot hold where a floor blocks, on any surface', () => {
    expect(only(small('thresholds: { sexual_minors: { block: 0.3, surfaces: { lab: { block: 0.9 } } } }\n')).path).toBe(
      'thresholds.sexual_minors.surfaces.lab.block',
    );
    expect(only(small('thresholds: { sexual_minors: { block: 0.3, surfaces: { lab: { hold: 0.9 } } } }\n')).path).toBe(
      'thresholds.sexual_minors.surfaces.lab.hold',
    );
    expect(only(small('thresholds: { known_bad: { hold: 0.5 } }\n')).path).toBe('thresholds.known_bad');
    expect(only(rule('{ all: [{ surface: [lab] }, { category: sexual_minors, score: 0.4 }] }')).path).toBe('rules[0].when.all[1].score');
    expect(problemsOf(rule('{ category: sexual_minors, score: 0.2 }'))).toEqual([]);
  });

  it('cannot let pictures leave unsigned without a reason and a last day within a year', () => {
    expect(only(small('obligations: { credential: false }\n')).path).toBe('obligations.credential');
    const excepted = (until: string) =>
      small(`obligations: { credential: false, unsignedException: { reason: Migration., until: ${until} } }\n`);
    expect(only(excepted('2031-01-01')).path).toBe('obligations.unsignedException.until');
    expect(problemsOf(excepted('2027-01-31'))).toEqual([]);
    expect(problemsOf(excepted('2020-01-31'))).toEqual([]);
  });

  it('cannot leave out the only check that sees what a floor is about', () => {
    const problem = only(small().replace(/ {2}- \{ id: known-hashes.*\n/, ''));
    expect(problem.message).toContain('known_bad');
    expect(problem.message).toContain('known-hashes');
  });

  it('cannot have a threshold that never applies, or is triggered by nothing', () => {
    expect(only(small('thresholds: { hate: { hold: 0.8, block: 0.5 } }\n')).message).toBe(
      '"hold" can never apply: "block" begins at 0.5 already',
    );
    expect(only(small('thresholds: { hate: { hold: 0 } }\n')).message).toBe('must be more than 0');
  });

  it('cannot replace a parameter by a value that it does not allow', () => {
    expect(only(small('parameters: { moderation: { allow: [auto], otherwise: low } }\n')).path).toBe('parameters.moderation.otherwise');
    expect(only(small('parameters: { safety_tolerance: {} }\n')).path).toBe('parameters.safety_tolerance');
  });
});

describe('a text that is no policy', () => {
  it.each([
    ['an alias', 'a: &x 1\nb: *x\n'],
    ['a tag', 'a: !!binary aGk=\n'],
    ['the prototype key', 'parameters: { __proto__: { remove: true } }\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a hundred thousand brackets', '['.repeat(100_000)],
    ['a hundred thousand dashes', '- '.repeat(100_000)],
    ['a deep ladder', `${'{a: '.repeat(200)}1${'}'.repeat(200)}`],
    ['half a character', 'a: "\\ud800"\n'],
    ['too much', `# ${'x'.repeat(300_000)}`],
    ['nothing', ''],
    ['a number', '7'],
    ['a tab', '\t- x'],
  ])('is refused with a place: %s', (_, text) => {
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const { line, column } of problems) expect(Math.min(line, column)).toBeGreaterThanOrEqual(1);
  });
});

describe('loading a policy', () => {
  it('fails with every problem on a line of its own, as a compiler prints it', () => {
    const text = small('obligatons: {}\nthresholds: { hate: { hold: 2 } }\n');
    const load = () => loadPolicy(text, { checks: CHECKS, source: 'small.yaml' });
    expect(load).toThrowError(ImprimaturError);
    expect(load).toThrowError(
      [
        'small.yaml has 2 problems:',
        'small.yaml:10:1: unknown key "obligatons" (did you mean "obligations"?)',
        'small.yaml:11:29: must be at most 1',
      ].join('\n'),
    );
  });

  it('fails for a file that is not there', async () => {
    await expect(loadPolicyFile('/nowhere/policy.yaml', { checks: CHECKS })).rejects.toMatchObject({ code: 'POLICY_INVALID' });
  });

  it('fails when a pack relies on a check that is not installed', async () => {
    const text = await policyText('standard');
    expect(() => loadPolicy(text, { checks: CHECKS.slice(1) })).toThrowError(/no check "prompt-rules"/);
  });
});

describe('a surface that the gateway does not have', () => {
  const problemsOf = (more: string) => {
    const checked = checkPolicy(small(more), { knownChecks: CHECKS, surfaces: ['chat', 'app', 'api'] });
    return checked.kind === 'valid' ? [] : checked.problems.map(({ path, message, hint }) => [path, message, hint]);
  };
  const rule = (when: string) => `rules: [{ id: r, description: d, when: ${when}, action: hold }]\n`;

  it.each([
    [rule('{ surface: [chat, appp] }'), 'rules[0].when.surface[1]'],
    [rule('{ all: [{ not: { surface: [appp] } }, { any: [{ category: hate, score: 0.2 }] }] }'), 'rules[0].when.all[0].not.surface[0]'],
    ['thresholds: { hate: { hold: 0.5, surfaces: { appp: { hold: 0.1 } } } }\n', 'thresholds.hate.surfaces.appp'],
    ['obligations: { label: { surfaces: [appp] } }\n', 'obligations.label.surfaces[0]'],
  ])('is named with its place and what was probably meant: %s', (more, path) => {
    expect(problemsOf(more)).toEqual([[path, 'there is no surface "appp"', 'did you mean "app"?']]);
  });

  it('is listed against those that it has when none is near', () => {
    expect(problemsOf(rule('{ surface: [television] }'))[0]?.[2]).toBe('configured: chat, app, api');
  });

  it('is no problem where all are known', () => {
    expect(problemsOf(`${rule('{ not: { surface: [chat] } }')}obligations: { label: { surfaces: [app] } }\n`)).toEqual([]);
  });
});
