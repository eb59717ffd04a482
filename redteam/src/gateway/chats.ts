import type OpenAI from 'openai';
import { z } from 'zod';
import type { Answer } from './answer.ts';

const response = z.looseObject({ output: z.array(z.looseObject({ type: z.string(), result: z.string().nullish() })) });
const picture = z.looseObject({ image_url: z.looseObject({ url: z.string() }) });
const completion = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ images: z.array(picture).default([]) }) })),
});

/** Asks the image tool of the Responses API. @throws what the SDK throws */
export async function askResponses(client: OpenAI, input: string, user: string, size: string): Promise<Answer> {
  const tools = [{ type: 'image_generation', size }];
  const { output } = response.parse(await client.post('/responses', { body: { model: 'gpt-5', input, user, tools } }));
  return answerWith(output.flatMap(({ result }) => result ?? []));
}

/** Asks for a picture by chat. @throws what the SDK throws */
export async function askChat(client: OpenAI, content: string, user: string, size: string): Promise<Answer> {
  const body = { user, size, messages: [{ role: 'user', content }] };
  const { choices } = completion.parse(await client.post('/chat/completions', { body }));
  return answerWith(choices.flatMap(({ message: { images } }) => images.map(({ image_url: { url } }) => url)));
}

function answerWith(pictures: readonly string[]): Answer {
  return pictures.length > 0 ? { kind: 'allowed', pictures, dropped: [] } : { kind: 'error', code: 'no_picture' };
}
