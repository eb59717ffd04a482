import { describe, expect, it } from 'vitest';
import type { Finding } from '../contracts/finding.ts';
import { explain } from './explain.ts';
import { decisionLedgerBody } from './ledger-body.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, OTHERS_SILENT, policyText, promptInput, promptSays, small } from './policy.fixture.ts';
import { formatPolicyRef } from './policy-ref.ts';

const compile = (more = '') => loadPolicy(small(more), { checks: CHECKS, now: new Date('2026-11-21') });

describe('evaluating', () => {
  it('holds a category that the policy forgot from 0.5 on', () => {
    const policy = compile('thresholds: { ip: {} }\n');
    expect(policy.evaluate(promptInput([promptSays({ category: 'hate', score: 0.5, reason: 'x' })]))).toMatchObject({
      action: 'hold',
      rules: [{ rule: 'unlisted:hate:hold' }],
    });
    expect(policy.evaluate(promptInput([promptSays({ category: 'ip', score: 1, reason: 'x' })])).action).toBe('allow');
  });

  it('uses the numbers of a surface, and the general ones where the surface has none', () => {
    const policy = compile('thresholds: { hate: { hold: 0.5, block: 0.8, surfaces: { kids: { hold: 0.1 } } } }\n');
    const at = (score: number, surface: string) =>
      policy.evaluate(promptInput([promptSays({ category: 'hate', score, reason: 'x' })], { surface })).action;
    expect([at(0.1, 'kids'), at(0.1, 'api'), at(0.8, 'kids'), at(0.1, 'constructor')]).toEqual(['hold', 'allow', 'block', 'allow']);
  });

  it('asks a rule only at its stage, and matches reasons by their beginning', () => {
    const policy = compile(`rules:
  - { id: listed, description: Listed., when: { check: prompt-rules, reason: "lexicon:*" }, action: block, stage: prompt }
  - { id: not-internal, description: Outside., when: { all: [{ not: { surface: [internal] } }, { operation: [edit] }] }, action: label }
`);
    const listed = promptSays({ category: 'ip', score: 0.01, reason: 'lexicon:a' });
    expect(policy.evaluate(promptInput([listed])).rules.map(({ rule }) => rule)).toEqual(['listed']);
    const output = policy.evaluate({ ...promptInput([listed]), stage: 'output' });
    expect(output.rules.map(({ rule }) => rule)).toEqual(['failed:known-hashes', 'failed:file-sanity']);
    const edit = (surface: string) => policy.evaluate(promptInput([], { surface, operation: 'edit' })).rules.map(({ rule }) => rule);
    expect(edit('app')).toContain('not-internal');
    expect(edit('internal')).not.toContain('not-internal');
  });

  it.each([Number.NaN, -1, 2, Number.POSITIVE_INFINITY])('takes a score of %d for a failed check', (score) => {
    const verdict = compile().evaluate(promptInput([promptSays({ category: 'ip', score, reason: 'x' })]));
    expect(verdict.rules.map(({ rule }) => rule)).toContain('failed:prompt-rules');
  });

  it('keeps the strongest eight pieces of evidence of a thousand', () => {
    const signals = Array.from({ length: 1000 }, (_, i) => ({ category: 'hate' as const, score: 0.5 + i / 2000, reason: `r${i}` }));
    const [hit] = compile().evaluate(promptInput([promptSays(...signals)])).rules;
    expect(hit?.evidence.map(({ reason }) => reason)).toEqual(['r999', 'r998', 'r997', 'r996', 'r995', 'r994', 'r993', 'r992']);
  });

  it('requires a label where a threshold asks for one, also when a stronger action wins', () => {
    const policy = compile('thresholds: { hate: { label: 0.2, hold: 0.5 } }\n');
    const at = (score: number) => policy.evaluate(promptInput([promptSays({ category: 'hate', score, reason: 'x' })]));
    expect([0.1, 0.2, 0.5].map((score) => [at(score).action, at(score).obligations.label])).toEqual([
      ['allow', false],
      ['label', true],
      ['hold', true],
    ]);
  });

  it('requires a label on the surfaces that the policy lists', () => {
    const policy = compile('obligations: { label: { surfaces: [news] } }\n');
    const label = (surface: string) => policy.evaluate(promptInput([promptSays()], { surface })).obligations.label;
    expect([label('news'), label('api')]).toEqual([true, false]);
  });

  it('lets pictures leave unsigned only until the end of the last day, and never without a clock', () => {
    const policy = compile('obligations: { credential: false, unsignedException: { reason: Migration., until: 2027-01-31 } }\n');
    const signed = (at?: string) =>
      policy.evaluate(promptInput([promptSays()], at === undefined ? {} : { at: new Date(at) })).obligations.credential;
    expect([signed('2027-01-31T23:59:59Z'), signed('2027-02-01T00:00:00Z'), signed(), signed('nonsense')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('blocks a floor case even for a document that nobody checked', () => {
    const policy = compile();
    const verdict = policy.evaluate(promptInput([promptSays({ category: 'sexual_minors', score: 0.3, reason: 'x' })]));
    expect(verdict).toMatchObject({ action: 'block', rules: [{ rule: 'floor:sexual_minors', floor: true }] });
  });

  it('plans each check with the deadline of the policy, or else its own', () => {
    const policy = loadPolicy(small().replace('id: prompt-rules,', 'id: prompt-rules, deadlineMs: 40,'), { checks: CHECKS });
    expect(policy.checks.map(({ id, deadlineMs, whenFailed }) => [id, deadlineMs, whenFailed])).toEqual([
      ['prompt-rules', 40, 'hold'],
      ['file-sanity', 5000, 'hold'],
      ['known-hashes', 5000, 'block'],
    ]);
  });
});

describe('explaining', () => {
  it('tells a reviewer what fired, what nearly did, and how far the floors were', async () => {
    const policy = loadPolicy(await policyText('standard'), { checks: CHECKS });
    const findings: Finding[] = [
      promptSays(
        { category: 'real_person_likeness', score: 0.65, reason: 'figure:living' },
        { category: 'ncii_undress', score: 0.25, reason: 'lexicon:undress' },
      ),
      ...OTHERS_SILENT,
    ];
    const text = explain(policy.trace(promptInput(findings)));
    expect(text.split('\n')).toEqual([
      `hold  prompt of generate on api, by ${formatPolicyRef(policy.ref)}`,
      '├─ fired',
      '│  └─ threshold:real_person_likeness:hold → hold',
      '│     └─ prompt-rules says figure:living (0.65)',
      '├─ risks from everything that was found',
      '│  ├─ █████████████······· 0.65 real_person_likeness',
      '│  │  └─ █████████████······· +0.65 prompt-rules says figure:living (0.65), words',
      '│  └─ █████··············· 0.25 ncii_undress',
      '│     └─ █████··············· +0.25 prompt-rules says lexicon:undress (0.25), words',
      '├─ nearly fired',
      '│  └─ threshold:ncii_undress:hold → hold: ncii_undress 0.25, hold begins at 0.30',
      '├─ floors, which no policy may relax',
      '│  ├─ sexual_minors blocks from 0.30: not named by any check',
      '│  ├─ ncii_undress blocks from 0.80: 0.25, below',
      '│  ├─ known_bad blocks from 0.90: not named by any check',
      '│  ├─ unsafe_file blocks from 0.90: not named by any check',
      '│  ├─ floor:minor_sexual blocks both together: sexual absent, minor absent',
      '│  └─ floor:real_person_undress blocks both together: real person there, undress absent',
      '└─ whatever leaves carries a signed credential, an invisible watermark where the picture can bear one and a visible label',
    ]);
  });

  it('says in the words of the policy why a rule nearly fired', async () => {
    const policy = loadPolicy(await policyText('standard'), { checks: CHECKS });
    const signals = [
      { category: 'sexual' as const, score: 0.35, reason: 'x' },
      { category: 'real_person_likeness' as const, score: 0.35, reason: 'y' },
    ];
    expect(explain(policy.trace(promptInput([promptSays(...signals)])))).toContain(
      'sexual-real-person → block: Sexual content about somebody',
    );
  });
});

describe('the reference and the ledger entry', () => {
  it('names the policy with twelve digits in headers and with all in the ledger', () => {
    const policy = compile();
    expect(formatPolicyRef(policy.ref)).toMatch(/^small@1\.0\.0\+sha256:[0-9a-f]{12}$/);
    const body = decisionLedgerBody(policy.evaluate(promptInput([])), policy.checks);
    expect(body.policy).toMatch(/^small@1\.0\.0\+sha256:[0-9a-f]{64}$/);
    expect(body.checks).toEqual({ 'prompt-rules': '1.0.0', 'file-sanity': '1.0.0', 'known-hashes': '1.0.0' });
  });

  it('keeps reasons, scores and details of a failure out of the ledger', () => {
    const verdict = compile().evaluate(
      promptInput([
        promptSays({ category: 'hate', score: 0.777, reason: 'secret-words' }),
        { kind: 'failed', check: 'prompt-rules', subject: { kind: 'prompt' }, durationMs: 1, cause: 'threw', detail: 'secret-words' },
      ]),
    );
    expect(JSON.stringify(decisionLedgerBody(verdict))).not.toMatch(/secret|0\.777/);
    expect(JSON.stringify(verdict)).toContain('0.777');
  });
});
