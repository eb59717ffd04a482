import type OpenAI from 'openai';
import { type Answer, answerOfError } from './answer.ts';

/** OpenAI's endpoint takes more; this many keep a batch under a second on a small machine. */
const BATCH = 64;
const GATHER_MS = 5;

interface Waiting {
  readonly text: string;
  readonly resolve: (answer: Answer) => void;
}

/** Asks for moderations one by one, and sends what comes within a few milliseconds together. */
export function batchedModeration(client: OpenAI): (text: string) => Promise<Answer> {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function send(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    const answers = await moderateAll(
      client,
      batch.map(({ text }) => text),
    );
    for (const [index, { resolve }] of batch.entries()) resolve(answers[index] ?? { kind: 'error', code: 'no_result' });
  }

  return (text) =>
    new Promise((resolve) => {
      waiting.push({ text, resolve });
      if (waiting.length >= BATCH) void send();
      else timer ??= setTimeout(() => void send(), GATHER_MS);
    });
}

/** When a batch fails, each text is asked for alone, so that one bad text is not the error of its neighbors. */
async function moderateAll(client: OpenAI, texts: readonly string[]): Promise<Answer[]> {
  try {
    const { results } = await client.moderations.create({ input: [...texts] });
    return results.map(({ flagged }) => (flagged ? { kind: 'flagged' } : { kind: 'allowed', pictures: [], dropped: [] }));
  } catch (error) {
    if (texts.length < 2) return [answerOfError(error)];
    const answers: Answer[] = [];
    for (const text of texts) answers.push(...(await moderateAll(client, [text])));
    return answers;
  }
}
