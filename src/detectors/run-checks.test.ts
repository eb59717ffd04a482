import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Check, CheckInput, Detection } from '../contracts/check.ts';
import { createCheckRunner } from './create-check-runner.ts';
import { runChecks } from './run-checks.ts';

const PROMPT: CheckInput = { subject: { kind: 'prompt' }, prompt: 'a teapot', surface: 'test' };
const PICTURE: CheckInput = { ...PROMPT, subject: { kind: 'input_image', index: 1 }, image: new Uint8Array([1]) };

function check(detect: (signal: AbortSignal) => unknown, about: Partial<Check> = {}): Check {
  return {
    id: 'probe',
    version: '1',
    looksAt: ['prompt'],
    categories: ['sexual'],
    deadlineMs: 1_000,
    detect: (_, signal) => detect(signal) as Promise<Detection>,
    ...about,
  };
}

const run = (checks: readonly Check[], inputs: readonly CheckInput[] = [PROMPT]) =>
  runChecks({ checks, inputs, deadlineMsOf: (one) => one.deadlineMs });
const only = async (one: Check) => (await run([one]))[0];
const signals = (...found: unknown[]) => Promise.resolve({ kind: 'signals', signals: found });

describe('running checks', () => {
  it('asks each check about each subject that it looks at', async () => {
    const findings = await run(
      [check(() => signals()), check(() => signals(), { id: 'both', looksAt: ['prompt', 'input_image'] })],
      [PROMPT, PICTURE],
    );
    expect(findings.map((finding) => [finding.check, finding.subject.kind, finding.kind])).toEqual([
      ['probe', 'prompt', 'signals'],
      ['both', 'prompt', 'signals'],
      ['both', 'input_image', 'signals'],
    ]);
  });

  it.each([
    ['rejects', () => Promise.reject(new TypeError('a teapot'))],
    [
      'throws at once',
      () => {
        throw new TypeError('a teapot');
      },
    ],
    ['throws what is no error', () => Promise.reject('a teapot')],
  ])('turns a check that %s into a failed finding that does not repeat the prompt', async (_, detect) => {
    const finding = await only(check(detect));
    expect(finding).toMatchObject({ kind: 'failed', cause: 'threw' });
    expect(JSON.stringify(finding)).not.toContain('teapot');
  });

  it('keeps name and code of an error, when they look like names and codes', async () => {
    const withCode = (code: string) => Object.assign(new RangeError('x'), { code });
    expect(await only(check(() => Promise.reject(withCode('ERR_OUT'))))).toMatchObject({ detail: 'RangeError ERR_OUT' });
    expect(await only(check(() => Promise.reject(withCode('a teapot'))))).toMatchObject({ detail: 'RangeError' });
  });

  it('stops waiting at the deadline, tells the check, and ignores what it says later', async () => {
    let told = false;
    const hanging = check(
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            told = true;
            reject(new Error('late'));
          });
        }),
      { deadlineMs: 20 },
    );
    expect(await only(hanging)).toMatchObject({ kind: 'failed', cause: 'timed_out' });
    expect(told).toBe(true);
  });

  it.each([Number.NaN, -1, 0])('gives a deadline of %s no time at all', async (deadlineMs) => {
    expect(await only(check(() => new Promise(() => {}), { deadlineMs }))).toMatchObject({ cause: 'timed_out' });
  });

  it.each([
    ['nothing', undefined],
    ['yes', true],
    ['another kind', { kind: 'fine' }],
    ['a score that is not a number', { kind: 'signals', signals: [{ category: 'sexual', score: Number.NaN, reason: 'x' }] }],
    ['a score above one', { kind: 'signals', signals: [{ category: 'sexual', score: 1.01, reason: 'x' }] }],
    ['an unknown category', { kind: 'signals', signals: [{ category: 'nonsense', score: 1, reason: 'x' }] }],
    ['a category that it did not declare', { kind: 'signals', signals: [{ category: 'hate', score: 1, reason: 'x' }] }],
    ['a reason in prose', { kind: 'signals', signals: [{ category: 'sexual', score: 1, reason: 'said: a teapot' }] }],
    [
      'a span outside the prompt',
      { kind: 'signals', signals: [{ category: 'sexual', score: 1, reason: 'x', spans: [{ start: 0, end: 9 }] }] },
    ],
    [
      'an object that throws when it is read',
      {
        get kind() {
          throw new Error('gotcha');
        },
      },
    ],
  ])('takes %s for garbage', async (_, answer) => {
    expect(await only(check(() => Promise.resolve(answer)))).toMatchObject({ kind: 'failed', cause: 'garbled' });
  });

  it('passes on what a check found', async () => {
    const signal = { category: 'sexual', score: 0.25, reason: 'lexicon:x', spans: [{ start: 2, end: 8 }] };
    expect(await only(check(() => signals(signal)))).toMatchObject({ kind: 'signals', signals: [signal], check: 'probe' });
    expect(await only(check(() => Promise.resolve({ kind: 'abstained', reason: 'unreadable' })))).toMatchObject({ kind: 'abstained' });
  });

  it('never rejects and never loses a finding, whatever the checks answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.anything(), fc.constant(Symbol('boom'))), { maxLength: 5 }), async (answers) => {
        const checks = answers.map((answer, i) =>
          check(() => (typeof answer === 'symbol' ? Promise.reject(answer) : Promise.resolve(answer)), { id: `c${i}` }),
        );
        const findings = await run(checks);
        expect(findings).toHaveLength(answers.length);
        expect(findings.filter(({ kind }) => kind === 'failed')).toHaveLength(answers.length);
      }),
    );
  });
});

describe('the runner that stages get', () => {
  it('reports an expected check that does not exist as missing, on every subject', async () => {
    const runner = createCheckRunner({ checks: [check(() => signals())], expected: ['probe', 'ghost'] });
    const { findings, expected } = await runner.run([PROMPT, PICTURE]);
    expect(findings.filter(({ check: id }) => id === 'ghost')).toMatchObject([
      { kind: 'failed', cause: 'missing', subject: { kind: 'prompt' } },
      { kind: 'failed', cause: 'missing', subject: { kind: 'input_image', index: 1 } },
    ]);
    expect(expected.map(({ check: id, subject }) => `${id} ${subject.kind}`)).toEqual([
      'probe prompt',
      'ghost prompt',
      'ghost input_image',
    ]);
  });

  it('takes the deadline of the policy before that of the check', async () => {
    const runner = createCheckRunner({ checks: [check(() => new Promise(() => {}))], expected: [], deadlineMsOf: () => 5 });
    expect((await runner.run([PROMPT])).findings).toMatchObject([{ cause: 'timed_out' }]);
  });
});
