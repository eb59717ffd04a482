import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bytesOf, expectOurs, expectWhole, fileOf, jsonOf } from './answers.ts';
import { known, NOTHING_FOUND } from './planted-checks.ts';
import { RELEASES, thrownBy } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { answerEvents, fieldsOf, neutralPicture } from './upstream.ts';
import { gate } from './waiting.ts';

const studio = useStudio({ planted: true });
const { plant } = studio;
beforeEach(() => drawFrames());

/** Two partial frames and the finished picture, as OpenAI streams them. */
async function drawFrames(kind: 'image_generation' | 'image_edit' = 'image_generation') {
  const [first, second, last] = await Promise.all([1, 2, 3].map(async (hue) => (await neutralPicture('png', 64, hue)).toString('base64')));
  studio.upstream.behave((_request, response) =>
    answerEvents(response, [
      { type: `${kind}.partial_image`, partial_image_index: 0, b64_json: first },
      { type: `${kind}.partial_image`, partial_image_index: 1, b64_json: second },
      { type: `${kind}.completed`, b64_json: last, size: '1024x1024', quality: 'high', background: 'opaque', usage: { total_tokens: 9 } },
    ]),
  );
}

async function collect<Event>(stream: AsyncIterable<Event>): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** What came before a stream broke off, and what it broke off with. */
async function untilBroken<Event>(stream: AsyncIterable<Event>) {
  const events: Event[] = [];
  const error = await thrownBy(
    (async () => {
      for await (const event of stream) events.push(event);
    })(),
  );
  return { events, error };
}

const reportBody = z.looseObject({
  record: z.looseObject({ artifact_id: z.string(), takedown: z.looseObject({ at: z.iso.date() }).nullish() }).nullable(),
});
async function verified(bytes: Buffer) {
  const body = new FormData();
  body.append('file', fileOf(bytes), 'a.png');
  return jsonOf(await studio.gateway.fetch('/v1/verify', { method: 'POST', body }), reportBody);
}
const artifactOf = async (bytes: Buffer) => (await verified(bytes)).record?.artifact_id;

const wish = { model: 'studio', prompt: 'a ball', stream: true, partial_images: 2 } as const;

describe.each(RELEASES)('a stream of the unmodified SDK, $release', ({ OpenAI: release, toFile }) => {
  const images = () => studio.gateway.sdk('api', { release }).images;

  it('brings partial frames and the finished picture, every one of them signed', async () => {
    const { data, response } = await images().generate(wish).withResponse();
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    for (const name of ['x-request-id', 'x-imprimatur-generation-id', 'x-imprimatur-decision-id', 'x-imprimatur-policy']) {
      expect(response.headers.get(name), name).toBeTruthy();
    }
    const events = await collect(data);
    expect(events.map(({ type }) => type)).toEqual([
      'image_generation.partial_image',
      'image_generation.partial_image',
      'image_generation.completed',
    ]);
    expect(events.map((event) => ('partial_image_index' in event ? event.partial_image_index : null))).toEqual([0, 1, null]);
    expect(events[2]).toMatchObject({ size: '1024x1024', quality: 'high', output_format: 'png', usage: { total_tokens: 9 } });
    for (const event of events) await expectOurs(studio.gateway, bytesOf(event));
    expect(await fieldsOf(studio.upstream.calls[0]!)).toMatchObject({ stream: true, partial_images: 2 });
  });

  it('is taken down with its frames: the last of them is nearly the picture', async () => {
    const [frame, , whole] = (await collect(await images().generate(wish))).map(bytesOf);
    const down = await studio.gateway.post(
      '/v1/takedowns',
      { artifact_id: await artifactOf(whole!), reason: 'court-order' },
      { surface: 'operator' },
    );
    expect(down.status).toBe(200);
    const isDown = async (bytes: Buffer) => typeof (await verified(bytes)).record?.takedown?.at === 'string';
    expect([await isDown(frame!), await isDown(whole!)]).toEqual([true, true]);
  });

  it('of an edit has the events of an edit', async () => {
    await drawFrames('image_edit');
    const image = await toFile(await neutralPicture('png', 64), 'in.png', { type: 'image/png' });
    const events = await collect(await images().edit({ ...wish, image }));
    expect(events.map(({ type }) => type)).toEqual(['image_edit.partial_image', 'image_edit.partial_image', 'image_edit.completed']);
    await expectOurs(studio.gateway, bytesOf(events[2]));
  });

  it('has no partial frame for a caller that wants none', async () => {
    const events = await collect(await images().generate({ ...wish, partial_images: 0 }));
    expect(events.map(({ type }) => type)).toEqual(['image_generation.completed']);
  });

  it('is a plain error when the prompt is refused, and not a stream', async () => {
    const error = await thrownBy(images().generate({ ...wish, prompt: 'a scene full of gore' }));
    expect(error).toBeInstanceOf(release.APIError);
    expect(error.code).toMatch(/^(moderation_blocked|review_required)$/);
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('breaks off with the refusal when the finished picture is blocked after frames went out', async () => {
    plant.behave(async (input) => {
      const isLast = input.image !== undefined && Buffer.from(input.image).equals(await neutralPicture('png', 64, 3));
      return isLast ? { kind: 'signals', signals: [known(0.95)] } : NOTHING_FOUND;
    });
    const { events, error } = await untilBroken(await images().generate(wish));
    expect(events.map(({ type }) => type)).toEqual(['image_generation.partial_image', 'image_generation.partial_image']);
    expect(error).toBeInstanceOf(release.APIError);
    expect(error.code).toBe('moderation_blocked');
    expect(error.error).toMatchObject({ moderation_details: { moderation_stage: 'output', categories: ['known_bad'] } });
  });
});

describe('a stream that is under way when its gate is closed', () => {
  const setGate = (state: string) =>
    studio.gateway.post(`/v1/gates/${encodeURIComponent('studio:generate')}`, { state }, { surface: 'operator', method: 'PUT' });

  it('ends whole, because it was let in; the next is refused before anything is paid for, and not as a stream', async () => {
    const { passed, open } = gate();
    const frame = (await neutralPicture('png', 64, 1)).toString('base64');
    studio.upstream.behave(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const send = (event: Record<string, unknown>) => response.write(`event: ${event['type']}\ndata: ${JSON.stringify(event)}\n\n`);
      send({ type: 'image_generation.partial_image', partial_image_index: 0, b64_json: frame });
      await passed;
      send({ type: 'image_generation.partial_image', partial_image_index: 1, b64_json: frame });
      send({ type: 'image_generation.completed', b64_json: frame, usage: { total_tokens: 9 } });
      response.end();
    });
    const images = studio.gateway.sdk().images;
    const seen: string[] = [];
    try {
      for await (const { type } of await images.generate(wish)) {
        if (seen.push(type) > 1) continue;
        expect((await setGate('off')).status).toBe(200);
        const late = await thrownBy(images.generate(wish));
        expect([late.status, late.code]).toEqual([403, 'capability_closed']);
        open();
      }
    } finally {
      open();
      await setGate('on');
    }
    expect(seen).toEqual(['image_generation.partial_image', 'image_generation.partial_image', 'image_generation.completed']);
    expect(studio.upstream.calls).toHaveLength(1);
    await expectWhole(studio.gateway);
  });
});

describe('a partial frame', () => {
  it('that a person would have to see stays inside, and the rest of the stream goes on', async () => {
    plant.behave(async (input) => {
      const isFirst = input.image !== undefined && Buffer.from(input.image).equals(await neutralPicture('png', 64, 1));
      return isFirst ? { kind: 'signals', signals: [known(0.6)] } : NOTHING_FOUND;
    });
    const events = await collect(await studio.gateway.sdk().images.generate(wish));
    expect(events.map((event) => ('partial_image_index' in event ? event.partial_image_index : 'last'))).toEqual([1, 'last']);
  });

  it('that is blocked ends the generation before anything went out', async () => {
    plant.findInArtifacts(known(0.95));
    const error = await thrownBy(studio.gateway.sdk().images.generate(wish));
    expect(error.status).toBe(400);
    expect(error.code).toBe('moderation_blocked');
    await expectWhole(studio.gateway);
  });
});

describe('an upstream that breaks its stream off', () => {
  it.each([
    ['after a partial frame', true],
    ['before any frame', false],
  ])('%s: an error with its cause, and no finished picture', async (_when, withFrame) => {
    const frame = (await neutralPicture('png', 64, 1)).toString('base64');
    studio.upstream.behave((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const event = { type: 'image_generation.partial_image', partial_image_index: 0, b64_json: frame };
      response.write(withFrame ? `data: ${JSON.stringify(event)}\n\n` : ': hello\n\n');
      setTimeout(() => response.destroy(), 50);
    });
    if (withFrame) {
      const { events, error } = await untilBroken(await studio.gateway.sdk().images.generate(wish));
      expect(events.map(({ type }) => type)).toEqual(['image_generation.partial_image']);
      expect(error.code).toBe('model_failed');
    } else {
      expect(await thrownBy(studio.gateway.sdk().images.generate(wish))).toMatchObject({ status: 502, code: 'model_failed' });
    }
    await expectWhole(studio.gateway);
  });
});
