import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectWhole, jsonOf } from './answers.ts';
import { RELEASES, thrownBy } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { neutralPicture } from './upstream.ts';
import { gate } from './waiting.ts';

/** Streams of the pictures API end in kill.test.ts; these are the other doors through which a picture can come in pieces. */
const studio = useStudio();
const operator = { surface: 'operator' };
const thrown: string[] = [];
afterEach(async () => {
  for (const id of thrown.splice(0)) await studio.gateway.post(`/v1/kill/${id}/lift`, {}, operator);
});
async function stop() {
  const answer = await studio.gateway.post('/v1/kill', { scope: { surface: 'api' }, reason: 'a drill' }, operator);
  thrown.push((await jsonOf(answer, z.looseObject({ id: z.string(), settled: z.literal(true) }))).id);
}

/** A model that has sent one frame, and sends the rest when it is told to. */
async function drawingModel() {
  const { passed, open } = gate();
  const frame = (await neutralPicture('png', 64)).toString('base64');
  studio.upstream.behave(async (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (event: Record<string, unknown>) => response.write(`event: ${event['type']}\ndata: ${JSON.stringify(event)}\n\n`);
    send({ type: 'image_generation.partial_image', partial_image_index: 0, b64_json: frame });
    await passed;
    send({ type: 'image_generation.partial_image', partial_image_index: 1, b64_json: frame });
    send({ type: 'image_generation.completed', b64_json: frame });
    response.end();
  });
  return { goOn: open, isAsked: () => expect.poll(() => studio.upstream.calls.length).toBe(1) };
}

describe.each(RELEASES)('a kill switch in the middle of a stream, $release', ({ OpenAI: release }) => {
  function sdk() {
    let attempts = 0;
    const counted: typeof fetch = (...args) => {
      attempts += 1;
      return fetch(...args);
    };
    const client = new release({ apiKey: studio.gateway.key(), baseURL: `${studio.gateway.url}/v1`, fetch: counted });
    return { client, attempts: () => attempts };
  }

  it('of the Responses API lets no further frame out, ends with an error that says why, and the SDK does not try again', async () => {
    const model = await drawingModel();
    const { client, attempts } = sdk();
    const tools = [{ type: 'image_generation' as const, partial_images: 2 }];
    const stream = await client.responses.create({ model: 'gpt-5', input: 'a kite', tools, stream: true });
    const seen: string[] = [];
    const error = await thrownBy(
      (async () => {
        for await (const { type } of stream) {
          seen.push(type);
          if (!type.endsWith('partial_image')) continue;
          await stop();
          model.goOn();
        }
      })(),
    );
    expect([error.code, attempts(), studio.upstream.calls.length]).toEqual(['review_required', 1, 1]);
    expect(seen.filter((type) => /partial_image|completed|done/.test(type))).toEqual(['response.image_generation_call.partial_image']);
  });

  it('of a chat is a plain refusal, because nothing went out before', async () => {
    const model = await drawingModel();
    const { client, attempts } = sdk();
    const messages = [{ role: 'user' as const, content: 'a kite' }];
    const failed = thrownBy(client.chat.completions.create({ model: 'studio', messages, stream: true }));
    await model.isAsked();
    await stop();
    model.goOn();
    const error = await failed;
    expect([error.status, error.code, attempts()]).toEqual([403, 'review_required', 1]);
    await expectWhole(studio.gateway);
  });
});
