import { describe, expect, it } from 'vitest';
import type { Category } from '../contracts/category.ts';
import type { Finding, SubjectRef } from '../contracts/finding.ts';
import { compilePolicy } from './compile.ts';
import type { EvaluationInput } from './facts.ts';
import { loadPolicy } from './load-policy.ts';
import { CHECKS, policyText } from './policy.fixture.ts';

const PROMPT: SubjectRef = { kind: 'prompt' };
const INPUT: SubjectRef = { kind: 'input_image', index: 0 };
const OUTPUT: SubjectRef = { kind: 'artifact', index: 0 };

const says = (check: string, subject: SubjectRef, category: Category, score: number, reason = 'x'): Finding => ({
  kind: 'signals',
  check,
  subject,
  durationMs: 1,
  signals: [{ category, score, reason }],
});
const broken = (check: string, subject: SubjectRef): Finding => ({
  kind: 'failed',
  check,
  subject,
  durationMs: 1,
  cause: 'timed_out',
  detail: '',
});
const quiet = (check: string, subject: SubjectRef): Finding => ({ kind: 'signals', check, subject, durationMs: 1, signals: [] });

const standard = loadPolicy(await policyText('standard'), { checks: CHECKS });
/** Has no opinion of its own about anything. */
const lax = compilePolicy(
  { ...standard.document, rules: [], thresholds: Object.fromEntries(Object.keys(standard.document.thresholds).map((key) => [key, {}])) },
  { checks: CHECKS },
);
const answers = (stage: EvaluationInput['stage'], findings: readonly Finding[]): Finding[] => {
  const subjects = stage === 'output' ? [OUTPUT] : [PROMPT, INPUT];
  const owed = CHECKS.filter(({ id }) => findings.every(({ check }) => check !== id));
  return owed.flatMap(({ id, looksAt }) => subjects.filter(({ kind }) => looksAt.includes(kind)).map((subject) => quiet(id, subject)));
};
function judged(stage: EvaluationInput['stage'], findings: readonly Finding[], earlier: readonly Finding[] = []) {
  return lax.evaluate({
    stage,
    surface: 'api',
    operation: 'edit',
    findings: [...findings, ...answers(stage, findings)],
    expected: [],
    earlier,
  });
}
const output = (findings: readonly Finding[], earlier: readonly Finding[] = []) => judged('output', findings, earlier);

const mention = says('prompt-rules', PROMPT, 'sexual_minors', 0.03, 'lexicon:minor-mentioned');
const youngFace = (subject: SubjectRef) => says('faces', subject, 'sexual_minors', 0.01, 'face:young');
const illegible = says('faces', OUTPUT, 'sexual_minors', 0.001, 'face:illegible');
const nude = (score: number, subject: SubjectRef = OUTPUT) => says('nudity', subject, 'sexual', score, 'nudity:explicit');
const wish = says('prompt-classifier', PROMPT, 'ncii_undress', 0.3);
const named = says('prompt-gazetteers', PROMPT, 'real_person_likeness', 0.45, 'gazetteer:public_person');
const samePerson = says('edit-anomaly', OUTPUT, 'real_person_likeness', 0.04, 'edit:same-person');

describe('the floor under a minor and anything sexual', () => {
  it.each<[string, EvaluationInput['stage'], Finding[], Finding[]]>([
    ['a child in the prompt, nudity in the picture', 'output', [nude(0.4)], [mention]],
    [
      'a young face in the picture, sexual words in the prompt',
      'output',
      [youngFace(OUTPUT)],
      [says('prompt-classifier', PROMPT, 'sexual', 0.6)],
    ],
    ['a young face in the input picture, nudity in what came of it', 'output', [nude(0.4)], [youngFace(INPUT)]],
    ['a young face in the input picture, a wish to undress in the prompt', 'prompt', [youngFace(INPUT), wish], []],
    ['a face too small to read beside nudity', 'output', [nude(0.4), illegible], []],
    [
      'a child in the metadata of the file',
      'output',
      [nude(0.4), says('file-sanity', OUTPUT, 'sexual_minors', 0.03, 'metadata:lexicon:minor-mentioned')],
      [],
    ],
    [
      'doubts of words and of pixels that add up to sexual content',
      'output',
      [nude(0.39), youngFace(OUTPUT)],
      [says('prompt-classifier', PROMPT, 'sexual', 0.55)],
    ],
  ])('blocks %s', (_, stage, findings, earlier) => {
    const verdict = judged(stage, findings, earlier);
    expect(verdict).toMatchObject({ action: 'block', rules: [{ rule: 'floor:minor_sexual', action: 'block', floor: true }] });
    expect(verdict.categories).toContain('sexual_minors');
  });

  it('names each signal with its check and what it was about', () => {
    expect(output([nude(0.5)], [mention]).rules[0]?.evidence).toEqual([
      { check: 'nudity', reason: 'nudity:explicit', score: 0.5, subject: OUTPUT },
      { check: 'prompt-rules', reason: 'lexicon:minor-mentioned', score: 0.03, subject: PROMPT },
    ]);
  });

  it('leaves a child alone, and nudity alone, to the policy', () => {
    expect(output([youngFace(OUTPUT)], [mention]).action).toBe('allow');
    expect(output([nude(0.9)]).action).toBe('allow');
    expect(output([nude(0.39), youngFace(OUTPUT)]).action).toBe('allow');
  });

  it('takes a detector that could not tell for the worst where the other side is there', () => {
    expect(output([broken('faces', OUTPUT), nude(0.4)])).toMatchObject({ action: 'block', rules: [{ rule: 'floor:minor_sexual' }, {}] });
    expect(output([broken('nudity', OUTPUT), youngFace(OUTPUT)]).action).toBe('block');
    expect(output([nude(0.4)], [broken('faces', INPUT)]).action).toBe('block');
    expect(output([broken('somebody-new', OUTPUT), nude(0.4)]).action).toBe('block');
  });

  it('leaves it to the policy when no side is there, or when it was a reader of words that failed', () => {
    expect(output([broken('faces', OUTPUT), broken('nudity', OUTPUT)]).action).toBe('hold');
    expect(judged('prompt', [broken('prompt-external', PROMPT), youngFace(INPUT)]).action).toBe('hold');
  });
});

describe('the floor under a real person and undressing', () => {
  it.each<[string, Finding[], Finding[]]>([
    ['the person of the input picture in what came of a wish to undress', [samePerson], [wish]],
    ['the person of the input picture, bared', [says('edit-anomaly', OUTPUT, 'ncii_undress', 0.33, 'edit:bared'), samePerson], []],
    ['a person who is named, and nudity', [nude(0.6)], [named]],
    [
      'a protected person and a faint sign of undressing',
      [
        says('person-match', OUTPUT, 'real_person_likeness', 0.02, 'person:protected:p1'),
        says('edit-anomaly', OUTPUT, 'ncii_undress', 0.3),
      ],
      [],
    ],
  ])('blocks %s', (_, findings, earlier) => {
    const { action, rules } = output(findings, earlier);
    expect(action).toBe('block');
    expect(rules.map(({ rule }) => rule)).toContain('floor:real_person_undress');
  });

  it('is not met by consent, by a name alone, or by a portrait that was edited', () => {
    expect(output([says('person-match', OUTPUT, 'real_person_likeness', 0.02, 'person:consented:p1'), nude(0.7)]).action).toBe('allow');
    expect(output([samePerson], [named]).action).toBe('allow');
  });

  it('does not get milder because the input picture was naked, too', () => {
    expect(output([nude(0.7), samePerson], [nude(0.9, INPUT)]).action).toBe('block');
  });

  it('takes the comparison that could not tell for the worst where a person is named', () => {
    expect(output([broken('edit-anomaly', OUTPUT)], [named]).action).toBe('block');
  });
});

describe('what the prompt said, at the output', () => {
  const standardOutput = (findings: readonly Finding[], earlier: readonly Finding[]) =>
    standard.evaluate({
      stage: 'output',
      surface: 'api',
      operation: 'generate',
      findings: [...findings, ...answers('output', findings)],
      expected: [],
      earlier,
    });

  it('strengthens what the picture shows', () => {
    const sexual = says('prompt-classifier', PROMPT, 'sexual', 0.55);
    expect(standardOutput([nude(0.4)], []).action).toBe('allow');
    expect(standardOutput([nude(0.4)], [sexual])).toMatchObject({ action: 'hold', rules: [{ rule: 'threshold:sexual:hold' }] });
  });

  it('does not hold again what a person released when the picture shows nothing', () => {
    const released = [
      says('prompt-rules', PROMPT, 'sexual', 0.7),
      says('prompt-rules', PROMPT, 'hate', 0.6),
      broken('prompt-external', PROMPT),
    ];
    expect(standardOutput([nude(0.05)], released).action).toBe('allow');
  });

  it('meets a rule together with the picture, and not without it', () => {
    expect(standardOutput([nude(0.4)], [named])).toMatchObject({ action: 'block', rules: [{ rule: 'sexual-real-person' }] });
    const politics = says('prompt-classifier', PROMPT, 'political_disinformation', 0.5);
    expect(standardOutput([], [named, politics]).action).toBe('allow');
  });
});
