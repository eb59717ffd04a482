import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dataUrl, errorOf, expectOurs } from './answers.ts';
import { RELEASES } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { answerEvents, fieldsOf, neutralPicture } from './upstream.ts';

const studio = useStudio();
const TOOL = { type: 'image_generation' as const };
const sent = async (i = 0) => fieldsOf(studio.upstream.calls[i]!);
const chatPictures = z.array(z.looseObject({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }));
const bytesOfUrl = (url = '') => Buffer.from(url.split(',')[1] ?? '', 'base64');

describe.each(RELEASES)('responses.create of the unmodified SDK, $release', ({ OpenAI: release }) => {
  const responses = () => studio.gateway.sdk('api', { release }).responses;
  const calls = (output: readonly { type: string }[]) =>
    z.array(z.looseObject({ type: z.literal('image_generation_call'), id: z.string(), result: z.string() })).parse(output);

  it('gets a picture of ours from the image tool', async () => {
    const answer = await responses().create({ model: 'gpt-5', input: 'a red kite above a field', tools: [{ ...TOOL, size: '1024x1024' }] });
    expect(answer).toMatchObject({ object: 'response', status: 'completed', model: 'gpt-5', error: null });
    const [call] = calls(answer.output);
    await expectOurs(studio.gateway, Buffer.from(call?.result ?? '', 'base64'));
    expect(await sent()).toMatchObject({ prompt: 'a red kite above a field', size: '1024x1024' });
  });

  it('sends to the model whatever users and systems said, and judges the same words', async () => {
    await responses().create({
      model: 'gpt-5',
      instructions: 'Draw in pencil.',
      input: [
        { role: 'developer', content: 'Keep it calm.' },
        { role: 'user', content: [{ type: 'input_text', text: 'a house' }] },
        { role: 'assistant', content: 'Here is a house.' },
        { role: 'user', content: 'with a garden' },
      ],
      tools: [TOOL],
    });
    expect(await sent()).toMatchObject({ prompt: 'Draw in pencil.\n\nKeep it calm.\n\na house\n\nwith a garden' });
  });

  it('streams partial pictures and the whole one under the names of this API', async () => {
    const [first, last] = await Promise.all([1, 2].map(async (hue) => (await neutralPicture('png', 64, hue)).toString('base64')));
    studio.upstream.behave((_request, response) =>
      answerEvents(response, [
        { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: first },
        { type: 'image_generation.completed', b64_json: last },
      ]),
    );
    const stream = await responses().create({ model: 'gpt-5', input: 'a kite', tools: [{ ...TOOL, partial_images: 2 }], stream: true });
    const types: string[] = [];
    const numbers: number[] = [];
    let result = '';
    for await (const event of stream) {
      types.push(event.type);
      numbers.push(event.sequence_number);
      if (event.type === 'response.completed') result = calls(event.response.output)[0]?.result ?? '';
    }
    expect(types.filter((type) => !type.endsWith('partial_image'))).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.image_generation_call.in_progress',
      'response.image_generation_call.generating',
      'response.image_generation_call.completed',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(types).toContain('response.image_generation_call.partial_image');
    expect(numbers).toEqual(numbers.map((_, i) => i));
    await expectOurs(studio.gateway, Buffer.from(result, 'base64'));
  });

  it('edits the picture of an earlier answer by its id, and nobody else can', async () => {
    const first = await responses().create({ model: 'gpt-5', input: 'a kite', tools: [TOOL] });
    const again = { model: 'gpt-5', input: 'in blue', previous_response_id: first.id, tools: [{ ...TOOL, action: 'edit' as const }] };
    const second = await responses().create(again);
    await expectOurs(studio.gateway, Buffer.from(calls(second.output)[0]?.result ?? '', 'base64'));
    const { image } = await sent(1);
    expect(image).toEqual(Buffer.from(calls(first.output)[0]?.result ?? '', 'base64'));
    const other = studio.gateway.sdk('app', { release }).responses;
    await expect(other.create(again)).rejects.toMatchObject({ status: 400, code: 'request_invalid' });
  });
});

describe.each(RELEASES)('chat.completions.create of the unmodified SDK, $release', ({ OpenAI: release }) => {
  const chat = () => studio.gateway.sdk('api', { release }).chat.completions;

  it('gets pictures of ours in message.images', async () => {
    const answer = await chat().create({ model: 'studio', messages: [{ role: 'user', content: 'a red kite' }] });
    const message = z.looseObject({ images: chatPictures }).parse(answer.choices[0]?.message);
    await expectOurs(studio.gateway, bytesOfUrl(message.images[0]?.image_url.url));
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(await sent()).toMatchObject({ prompt: 'a red kite' });
  });

  it('edits the pictures of the conversation', async () => {
    const picture = await neutralPicture('png', 64, 3);
    await chat().create({
      model: 'studio',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'in green' },
            { type: 'image_url', image_url: { url: dataUrl(picture) } },
          ],
        },
      ],
    });
    expect(studio.upstream.calls[0]?.path).toBe('/v1/images/edits');
    expect(await sent()).toMatchObject({ prompt: 'in green', image: picture });
  });

  it('streams the picture in one chunk', async () => {
    const stream = await chat().create({ model: 'studio', messages: [{ role: 'user', content: 'a kite' }], stream: true });
    const pictures: string[] = [];
    for await (const { choices } of stream) {
      const found = z.looseObject({ images: chatPictures.default([]) }).parse(choices[0]?.delta);
      pictures.push(...found.images.map(({ image_url: { url } }) => url));
    }
    expect(pictures).toHaveLength(1);
    await expectOurs(studio.gateway, bytesOfUrl(pictures[0]));
  });
});

describe('what these surfaces cannot do', () => {
  const ask = (path: string, body: unknown) => studio.gateway.post(path, body, { surface: 'api' });

  it.each([
    ['tools of a language model', '/v1/responses', { input: 'a kite', tools: [{ type: 'web_search' }] }],
    ['a second tool beside the image tool', '/v1/responses', { input: 'a kite', tools: [TOOL, { type: 'web_search' }] }],
    ['no tool', '/v1/responses', { input: 'a kite' }],
    ['an edit of nothing', '/v1/responses', { input: 'a kite', tools: [{ ...TOOL, action: 'edit' }] }],
    ['a picture by its address', '/v1/responses', picturePart('https://pictures.example/a.png')],
    ['an item of another kind', '/v1/responses', { input: [{ type: 'function_call', name: 'x' }], tools: [TOOL] }],
    [
      'a picture of nobody knows where',
      '/v1/responses',
      {
        input: [
          { type: 'image_generation_call', id: 'ig_1' },
          { role: 'user', content: 'blue' },
        ],
        tools: [TOOL],
      },
    ],
    ['nothing but blanks', '/v1/chat/completions', { messages: [{ role: 'user', content: '  ' }] }],
    ['an answer in words', '/v1/chat/completions', { messages: [{ role: 'user', content: 'hello' }], modalities: ['text'] }],
    ['tools in a chat', '/v1/chat/completions', { messages: [{ role: 'user', content: 'hello' }], tools: [{ type: 'function' }] }],
  ])('is told plainly: %s', async (_what, path, body) => {
    const error = await errorOf(await ask(path, body));
    expect(error).toMatchObject({ code: 'request_invalid', imprimatur: { retry: 'no' } });
    expect(studio.upstream.calls).toHaveLength(0);
  });
});

function picturePart(url: string) {
  return {
    input: [
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'blue' },
          { type: 'input_image', image_url: url },
        ],
      },
    ],
    tools: [TOOL],
  };
}
