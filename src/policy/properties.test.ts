import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { CATEGORIES } from '../contracts/category.ts';
import { ACTIONS } from '../contracts/decision.ts';
import type { Finding } from '../contracts/finding.ts';
import { readCases } from './case-file.ts';
import { checkPolicy } from './check-policy.ts';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import type { EvaluationInput } from './facts.ts';
import { FLOORS } from './floors.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, policyText } from './policy.fixture.ts';

const SURFACES = ['api', 'chat', 'lab'];
const OPERATIONS = ['generate', 'edit', 'variation'] as const;
const IDS = [...CHECKS.map(({ id }) => id), 'outside'];
const rank = (action: (typeof ACTIONS)[number]) => ACTIONS.indexOf(action);

const score = fc.double({ min: 0, max: 1, noNaN: true });
const level = fc.integer({ min: 1, max: 100 }).map((n) => n / 100);
const subject = fc.oneof(
  fc.constant({ kind: 'prompt' as const }),
  fc.record({ kind: fc.constantFrom('input_image' as const, 'artifact' as const), index: fc.integer({ min: 0, max: 2 }) }),
);
const about = { check: fc.constantFrom(...IDS), subject, durationMs: fc.constant(1) };
const reason = fc.constantFrom('a', 'lexicon:x', 'lexicon:minor-mentioned', 'face:young', 'edit:same-person', 'person:protected:p1');
const signal = fc.record({ category: fc.constantFrom(...CATEGORIES), score, reason });
const failed = fc.record({
  ...about,
  kind: fc.constant('failed' as const),
  cause: fc.constantFrom('threw' as const, 'timed_out' as const, 'missing' as const, 'garbled' as const),
  detail: fc.constant(''),
});
const finding: fc.Arbitrary<Finding> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ ...about, kind: fc.constant('signals' as const), signals: fc.array(signal, { maxLength: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ ...about, kind: fc.constant('abstained' as const), reason: fc.constant('r') }) },
  { weight: 1, arbitrary: failed },
);
const input: fc.Arbitrary<EvaluationInput> = fc.record({
  stage: fc.constantFrom('prompt' as const, 'output' as const),
  surface: fc.constantFrom(...SURFACES),
  operation: fc.constantFrom(...OPERATIONS),
  findings: fc.array(finding, { maxLength: 8 }),
  earlier: fc.array(finding, { maxLength: 4 }),
  expected: fc.array(fc.record({ check: about.check, subject }), { maxLength: 3 }),
});

const setting = fc.oneof(
  fc.record({ surface: fc.subarray(SURFACES, { minLength: 1 }) }),
  fc.record({ operation: fc.subarray([...OPERATIONS], { minLength: 1 }) }),
);
const { condition } = fc.letrec((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ category: fc.constantFrom(...CATEGORIES), score: level }),
    fc.record({ check: fc.constantFrom(...CHECKS.map(({ id }) => id)), reason: fc.constantFrom('a', 'lexicon:*') }),
    setting,
    fc.record({ not: setting }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
  ),
}));
/** Mostly ascending, as `checkPolicy` wants it; sometimes not. */
const levels = fc
  .tuple(fc.uniqueArray(level, { minLength: 3, maxLength: 3 }), fc.subarray(['label', 'hold', 'block']), fc.integer({ min: 0, max: 9 }))
  .map(([numbers, actions, luck]) => {
    const ordered = luck === 0 ? numbers : numbers.toSorted((a, b) => a - b);
    return Object.fromEntries(actions.map((action, i) => [action, ordered[i]]));
  });
const line = fc.tuple(levels, fc.dictionary(fc.constantFrom(...SURFACES), levels)).map(([base, surfaces]) => ({ ...base, surfaces }));
const document = fc.record({
  imprimatur: fc.constant('policy/v1'),
  name: fc.constant('random'),
  version: fc.constant('0.1.0'),
  description: fc.constant('Random.'),
  checks: fc.tuple(...CHECKS.map(({ id }) => fc.record({ id: fc.constant(id), whenFailed: fc.constantFrom('hold', 'block') }))),
  rules: fc.uniqueArray(
    fc.record({
      id: fc.stringMatching(/^[a-z]{1,6}$/),
      description: fc.constant('R.'),
      when: condition,
      action: fc.constantFrom('label', 'hold', 'block'),
    }),
    {
      selector: ({ id }) => id,
      maxLength: 6,
    },
  ),
  thresholds: fc.dictionary(fc.constantFrom(...CATEGORIES), line, { maxKeys: 5 }),
  obligations: fc.record(
    {
      credential: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
      label: fc.boolean(),
      unsignedException: fc.constant({ reason: 'R.', until: '2020-01-01' }),
    },
    { requiredKeys: ['credential', 'label'] },
  ),
  appeal: fc.constant({ contact: 'Us.' }),
});
/** Random documents that `checkPolicy` lets pass; most random ones it does not. */
const policy: fc.Arbitrary<CompiledPolicy> = document
  .map((plain) => checkPolicy(stringify(plain), { knownChecks: CHECKS }))
  .filter((checked) => checked.kind === 'valid')
  .map(({ document: valid }) => compilePolicy(valid, { checks: CHECKS }));

describe('whatever the policy and the findings', () => {
  it('a failed finding never ends in allow or label', () => {
    fc.assert(
      fc.property(policy, input, failed, (compiled, given, failure) => {
        const { action } = compiled.evaluate({ ...given, findings: [...given.findings, failure] });
        return action === 'hold' || action === 'block';
      }),
    );
  });

  it('an expected finding that is not there never ends in allow or label', () => {
    fc.assert(
      fc.property(policy, input, subject, (compiled, given, owed) => {
        const { action } = compiled.evaluate({ ...given, expected: [...given.expected, { check: 'never-answers', subject: owed }] });
        return action === 'hold' || action === 'block';
      }),
    );
  });

  it('one more finding never makes the verdict milder, once every question is answered', () => {
    fc.assert(
      fc.property(policy, input, finding, (compiled, given, more) => {
        const owed = [
          ...given.expected,
          ...CHECKS.flatMap(({ id }) => given.findings.concat(more).map((one) => ({ check: id, subject: one.subject }))),
        ];
        const kinds = [{ kind: 'prompt' as const }, { kind: 'input_image' as const, index: 0 }, { kind: 'artifact' as const, index: 0 }];
        const questions = [...owed, ...CHECKS.flatMap(({ id }) => kinds.map((kind) => ({ check: id, subject: kind })))];
        const answers: Finding[] = questions.map((question) => ({ ...question, kind: 'signals', signals: [], durationMs: 1 }));
        const findings = [...given.findings, ...answers];
        const before = compiled.evaluate({ ...given, findings });
        const after = compiled.evaluate({ ...given, findings: [...findings, more] });
        expect(rank(after.action)).toBeGreaterThanOrEqual(rank(before.action));
        expect(Number(after.obligations.label)).toBeGreaterThanOrEqual(Number(before.obligations.label));
      }),
    );
  });

  it('one more finding of an earlier stage, or a higher score, never makes it milder either', () => {
    const raised = (findings: readonly Finding[], by: number) =>
      findings.map((one) =>
        one.kind === 'signals' ? { ...one, signals: one.signals.map((s) => ({ ...s, score: s.score + (1 - s.score) * by })) } : one,
      );
    fc.assert(
      fc.property(policy, input, finding, score, (compiled, given, more, by) => {
        const before = rank(compiled.evaluate(given).action);
        expect(rank(compiled.evaluate({ ...given, earlier: [...(given.earlier ?? []), more] }).action)).toBeGreaterThanOrEqual(before);
        expect(rank(compiled.evaluate({ ...given, findings: raised(given.findings, by) }).action)).toBeGreaterThanOrEqual(before);
        expect(rank(compiled.evaluate({ ...given, earlier: raised(given.earlier ?? [], by) }).action)).toBeGreaterThanOrEqual(before);
      }),
    );
  });

  it('does not depend on the order of findings', () => {
    fc.assert(
      fc.property(policy, input, (compiled, given) => {
        const turned = { ...given, findings: given.findings.toReversed(), earlier: given.earlier?.toReversed() ?? [] };
        const rules = (one: EvaluationInput) =>
          compiled
            .evaluate(one)
            .rules.map(({ rule }) => rule)
            .sort();
        expect(rules(turned)).toEqual(rules(given));
        expect(compiled.evaluate(turned).action).toBe(compiled.evaluate(given).action);
      }),
    );
  });

  it('the strongest action of all rules that fired wins, and allow means that none fired', () => {
    fc.assert(
      fc.property(policy, input, (compiled, given) => {
        const { action, rules } = compiled.evaluate(given);
        expect(rank(action)).toBe(Math.max(0, ...rules.map((hit) => rank(hit.action))));
        expect(action === 'allow').toBe(rules.length === 0);
      }),
    );
  });

  it('a floor case is blocked, signed and marked as a floor under every policy that passes the check', () => {
    const floor = fc
      .constantFrom(...FLOORS)
      .chain(({ category, rule, score: from }) => fc.double({ min: from, max: 1, noNaN: true }).map((at) => ({ category, rule, at })));
    fc.assert(
      fc.property(policy, input, floor, fc.constantFrom(...IDS), subject, (compiled, given, { category, rule, at }, check, where) => {
        const bad: Finding = { kind: 'signals', check, subject: where, durationMs: 1, signals: [{ category, score: at, reason: 'x' }] };
        const verdict = compiled.evaluate({ ...given, findings: [...given.findings, bad] });
        expect(verdict.action).toBe('block');
        expect(verdict.rules).toContainEqual(expect.objectContaining({ rule, floor: true }));
        expect(verdict.obligations.credential).toBe(true);
      }),
    );
  });

  it('the same input gives the same verdict, and is left untouched', () => {
    fc.assert(
      fc.property(policy, input, (compiled, given) => {
        const copy = structuredClone(given);
        expect(compiled.evaluate(given)).toEqual(compiled.evaluate(copy));
        expect(compiled.trace(given).verdict).toEqual(compiled.evaluate(given));
        expect(given).toEqual(copy);
      }),
    );
  });
});

describe('the digest', () => {
  const shuffled = (value: unknown): fc.Arbitrary<unknown> => {
    if (Array.isArray(value)) return fc.tuple(...value.map(shuffled));
    if (typeof value !== 'object' || value === null) return fc.constant(value);
    const entries = Object.entries(value);
    return fc
      .tuple(fc.shuffledSubarray(entries, { minLength: entries.length }), fc.tuple(...entries.map(([, inner]) => shuffled(inner))))
      .map(([order, inner]) => Object.fromEntries(order.map(([key]) => [key, inner[entries.findIndex(([name]) => name === key)]])));
  };

  it('does not depend on key order, comments or the style of YAML', async () => {
    const { ref, document: original } = loadPolicy(await policyText('standard'), { checks: CHECKS });
    fc.assert(
      fc.property(shuffled(original), fc.constantFrom(0, 2, 4), fc.stringMatching(/^[a-z ]{0,20}$/), (value, indent, comment) => {
        const text =
          indent === 0
            ? JSON.stringify(value)
            : `# ${comment}\n${stringify(value, { indent, defaultStringType: 'QUOTE_DOUBLE' })}# ${comment}\n`;
        expect(loadPolicy(text, { checks: CHECKS }).ref).toEqual(ref);
      }),
      { numRuns: 30 },
    );
  });

  it('changes with every number', async () => {
    const text = await policyText('standard');
    const { ref } = loadPolicy(text, { checks: CHECKS });
    expect(loadPolicy(text.replace('hate: { hold: 0.5', 'hate: { hold: 0.51'), { checks: CHECKS }).ref.digest).not.toBe(ref.digest);
  });
});

describe('the parser', () => {
  const tame = (text: string) => {
    const checked = checkPolicy(text, { knownChecks: CHECKS });
    if (checked.kind === 'invalid') expect(checked.problems.length).toBeGreaterThan(0);
    readCases(text);
  };

  it('never throws on random text', () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.json({ maxDepth: 6 })), tame), { numRuns: 300 });
  });

  it('never throws on random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => tame(Buffer.from(bytes).toString('utf8'))),
      { numRuns: 300 },
    );
  });

  it('never throws on a policy with a random wound, and points into the file', async () => {
    const text = await policyText('standard');
    const lines = text.split('\n').length;
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(30), fc.stringMatching(/^[-{}[\]:,&*!|>'"%@`#? \n\ta-z0-9.]{0,6}$/), (at, cut, insert) => {
        const checked = checkPolicy(text.slice(0, at) + insert + text.slice(at + cut), { knownChecks: CHECKS });
        for (const { line: where } of checked.kind === 'invalid' ? checked.problems : []) expect(where).toBeLessThanOrEqual(lines + 6);
      }),
      { numRuns: 200 },
    );
  });
});
