import { z } from 'zod';
import type { Post } from './classification.ts';
import { unusable } from './classification.ts';
import { readShape } from './post-json.ts';

/** A chat endpoint that serves a guard model; the URL ends before `/chat/completions`. */
export interface GuardEndpoint {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey?: (() => string) | undefined;
}

/** Natural logarithm of a probability. Servers round, so a hair above 0 is 0. */
const logprob = z.number().max(0.001);
const alternative = z.object({ token: z.string(), logprob });
const tokenSchema = alternative.extend({ top_logprobs: z.array(alternative).default([]) });
const replySchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string(),
        message: z.object({ content: z.string().max(20_000) }),
        logprobs: z.object({ content: z.array(tokenSchema).nullish() }).nullish(),
      }),
    )
    .length(1),
});

export type GuardToken = z.output<typeof tokenSchema>;

/** What the guard wrote, and the probabilities of its tokens when the server gives them. */
export interface GuardVerdict {
  readonly kind: 'verdict';
  readonly text: string;
  readonly tokens: readonly GuardToken[];
  /** False when the server cut the answer at its token limit. */
  readonly complete: boolean;
}

interface Question {
  readonly content: string;
  readonly maxTokens: number;
}

/** Asks one question without chance (temperature 0). */
export async function askGuard({ baseUrl, model, apiKey }: GuardEndpoint, { content, maxTokens }: Question, post: Post) {
  const answer = await post({
    url: `${baseUrl}/chat/completions`,
    headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey()}` },
    body: {
      model,
      messages: [{ role: 'user', content }],
      temperature: 0,
      max_tokens: maxTokens,
      stream: false,
      logprobs: true,
      top_logprobs: 5,
    },
  });
  const read = readShape(answer, replySchema);
  if (read.kind === 'failed') return read;
  const [choice] = read.value.choices;
  if (choice === undefined) return unusable('no choice');
  const { finish_reason: reason, message, logprobs } = choice;
  if (reason !== 'stop' && reason !== 'length') return unusable('the guard did not finish');
  const verdict: GuardVerdict = {
    kind: 'verdict',
    text: message.content,
    tokens: logprobs?.content ?? [],
    complete: reason === 'stop',
  };
  return verdict;
}
