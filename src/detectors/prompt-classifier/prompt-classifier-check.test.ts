import { describe, expect, it } from 'vitest';
import { createPromptClassifier } from '../../prompts/classifier/prompt-classifier.ts';
import { walrusModel } from '../../prompts/classifier/walrus-model.fixture.ts';
import { standardWordBook } from '../../prompts/reading/word-book.ts';
import { runChecks } from '../run-checks.ts';
import { createPromptClassifierCheck } from './prompt-classifier-check.ts';

const parts = { promptClassifier: createPromptClassifier(walrusModel()), promptJudge: { book: standardWordBook() } };
const check = createPromptClassifierCheck(parts);

describe('the prompt-classifier check', () => {
  it('answers with signals that the runner takes, for prompts of every kind', async () => {
    for (const prompt of ['a walrus in a boat', '', '\ud800', 'a​wal​rus', 'walrus '.repeat(500)]) {
      const input = { subject: { kind: 'prompt' }, prompt, surface: 'web' } as const;
      const [finding] = await runChecks({ checks: [check], inputs: [input], deadlineMsOf: () => 5_000 });
      expect(finding?.kind).toBe('signals');
    }
  });

  it('changes its version with the model', () => expect(check.version).toBe('1+walrus'));

  it('refuses options that it does not know', () => {
    expect(() => createPromptClassifierCheck(parts, { threshold: 1 })).toThrow();
  });
});
