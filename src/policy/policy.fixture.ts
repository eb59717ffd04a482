import { readFile } from 'node:fs/promises';
import { CATEGORIES } from '../contracts/category.ts';
import type { Finding } from '../contracts/finding.ts';
import type { CheckInfo } from './cross-references.ts';
import type { EvaluationInput } from './facts.ts';

/** The checks that ship, as far as policy sees them. */
export const CHECKS: readonly CheckInfo[] = [
  ...['prompt-rules', 'prompt-classifier', 'prompt-gazetteers', 'prompt-conversation', 'prompt-external', 'prompt-external-strict'].map(
    (id): CheckInfo => ({
      id,
      version: '1.0.0',
      looksAt: ['prompt'],
      categories: CATEGORIES.filter((category) => category !== 'known_bad' && category !== 'unsafe_file'),
      deadlineMs: 250,
    }),
  ),
  {
    id: 'file-sanity',
    version: '1.0.0',
    looksAt: ['input_image', 'artifact'],
    // It reads prompts in metadata, too.
    categories: ['unsafe_file', 'sexual_minors', 'ncii_undress'],
    deadlineMs: 5000,
  },
  { id: 'known-hashes', version: '1.0.0', looksAt: ['input_image', 'artifact'], categories: ['known_bad'], deadlineMs: 5000 },
  { id: 'nudity', version: '1.0.0', looksAt: ['input_image', 'artifact'], categories: ['sexual'], deadlineMs: 5000 },
  { id: 'faces', version: '1.0.0', looksAt: ['input_image', 'artifact'], categories: ['sexual_minors'], deadlineMs: 5000 },
  { id: 'person-match', version: '1.0.0', looksAt: ['input_image', 'artifact'], categories: ['real_person_likeness'], deadlineMs: 5000 },
  {
    id: 'edit-anomaly',
    version: '1.0.0',
    looksAt: ['artifact'],
    categories: ['ncii_undress', 'real_person_likeness'],
    deadlineMs: 5000,
  },
];

export const policyFolder = (name: string) => new URL(`../../policies/${name}/`, import.meta.url);
export const policyText = (name: string) => readFile(new URL('policy.yaml', policyFolder(name)), 'utf8');

/** A small valid policy; `more` goes at the end. */
export const small = (more = '') => `imprimatur: policy/v1
name: small
version: 1.0.0
description: For tests.
checks:
  - { id: prompt-rules, whenFailed: hold }
  - { id: file-sanity, whenFailed: hold }
  - { id: known-hashes, whenFailed: block }
appeal: { contact: Write to us. }
${more}`;

/** The prompt check named these categories. */
export function promptSays(...signals: Extract<Finding, { kind: 'signals' }>['signals']): Finding {
  return { kind: 'signals', check: 'prompt-rules', subject: { kind: 'prompt' }, durationMs: 1, signals };
}

/** Every other check of the prompt found nothing. */
export const OTHERS_SILENT: readonly Finding[] = CHECKS.filter(
  ({ id, looksAt }) => id !== 'prompt-rules' && looksAt.includes('prompt'),
).map(({ id }) => ({ kind: 'signals', check: id, subject: { kind: 'prompt' }, durationMs: 1, signals: [] }));

export const promptInput = (findings: readonly Finding[], more: Partial<EvaluationInput> = {}): EvaluationInput => ({
  stage: 'prompt',
  surface: 'api',
  operation: 'generate',
  findings,
  expected: [],
  ...more,
});
