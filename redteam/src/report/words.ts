import type { Expectation } from '../attack.ts';
import type { Answer } from '../gateway/answer.ts';
import type { Verdict } from '../graders/grade.ts';

/** How reports call each verdict. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  firm: 'stood firm',
  'got-through': 'got through',
  'false-alarm': 'false alarm',
  broke: 'broke',
  unproven: 'unproven',
  error: 'error',
};

/** What should have happened. */
export const EXPECTED_WORDS: Readonly<Record<Expectation, string>> = {
  stopped: 'a stop',
  allowed: 'a picture or a pass',
  contained: 'a stop or a refusal',
  answered: 'an orderly answer',
};

/** What happened. */
export function answerWords(answer: Answer): string {
  return answer.kind === 'rejected' || answer.kind === 'error' ? `${answer.kind}: ${answer.code}` : answer.kind;
}

/** `1 attack`, `2 attacks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
