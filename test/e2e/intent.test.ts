import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, countOf, errorOf, expectWhole, imagesBody, jsonOf } from './answers.ts';
import { openTestGateway, startTestGateway, type TestGateway } from './gateway.ts';
import { RELEASES, thrownBy } from './sdk-releases.ts';
import { answerJson, answerPictures, neutralPicture, startUpstream, type Upstream } from './upstream.ts';
import { gate } from './waiting.ts';

let upstream: Upstream;
let gateway: TestGateway;
let settings: Record<string, unknown>;
beforeAll(async () => {
  upstream = await startUpstream();
  settings = {
    models: [
      { name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl },
      { name: 'gone', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' },
    ],
  };
  gateway = await startTestGateway(settings);
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});
beforeEach(() => upstream.reset());

let keys = 0;
const freshKey = () => ({ 'idempotency-key': `wish-${keys++}` });
const ask = (headers: Record<string, string> = {}, body: object = {}, surface = 'api') =>
  gateway.post('/v1/images/generations', { prompt: `a ball of wish ${keys}`, ...body }, { headers, surface });

async function pictureOf(answer: Response) {
  expect(answer.status).toBe(200);
  const { data } = await jsonOf(answer, imagesBody);
  return { id: answer.headers.get('x-imprimatur-generation-id'), bytes: bytesOf(data[0]) };
}

/** Holds the model until the test lets it draw. */
function slowModel() {
  const { passed, open } = gate();
  upstream.behave(async (_request, response) => {
    await passed;
    answerPictures(response, [await neutralPicture()]);
  });
  return open;
}

describe('the same Idempotency-Key', () => {
  it('gives the same picture again, byte by byte, and the model is asked once', async () => {
    const headers = freshKey();
    const first = await pictureOf(await ask(headers));
    expect(await pictureOf(await ask(headers))).toEqual(first);
    expect(upstream.calls).toHaveLength(1);
  });

  it('on requests that come at once makes one generation that all of them get', async () => {
    const [headers, draw] = [freshKey(), slowModel()];
    const answers = Array.from({ length: 6 }, () => ask(headers));
    setTimeout(draw, 200);
    const pictures = await Promise.all((await Promise.all(answers)).map(pictureOf));
    expect(new Set(pictures.map(({ id }) => id)).size).toBe(1);
    expect(new Set(pictures.map(({ bytes }) => bytes.toString('hex'))).size).toBe(1);
    expect(upstream.calls).toHaveLength(1);
  });

  it.each(['after', 'while'])('with another body is refused, %s the first one runs', async (when) => {
    const [headers, draw] = [freshKey(), slowModel()];
    const first = ask(headers);
    if (when === 'after') draw();
    if (when === 'after') await first;
    else await expect.poll(() => upstream.calls.length).toBe(1);
    const answer = await ask(headers, { n: 2 });
    draw();
    expect(answer.status).toBe(422);
    expect((await errorOf(answer)).code).toBe('idempotency_key_reused');
    await pictureOf(await first);
    expect(upstream.calls).toHaveLength(1);
  });

  it('of another caller is another wish', async () => {
    const headers = freshKey();
    const mine = await pictureOf(await ask(headers));
    const theirs = await pictureOf(await ask(headers, {}, 'chat'));
    expect(theirs.id).not.toBe(mine.id);
    expect(upstream.calls).toHaveLength(2);
  });

  it('gives the same refusal again', async () => {
    const headers = freshKey();
    const [a, b] = [await ask(headers, { prompt: 'naked schoolgirl' }), await ask(headers, { prompt: 'naked schoolgirl' })];
    expect(a.status).toBe(400);
    expect(b.headers.get('x-imprimatur-decision-id')).toBe(a.headers.get('x-imprimatur-decision-id'));
  });

  it('tries again when the model certainly made nothing, because that is no second picture', async () => {
    const headers = freshKey();
    upstream.behave((_request, response) => answerJson(response, 429, { error: { message: 'busy' } }, { 'retry-after': '1' }));
    expect((await ask(headers)).status).toBe(429);
    upstream.reset();
    await pictureOf(await ask(headers));
    const gone = freshKey();
    for (let i = 0; i < 2; i++) expect((await errorOf(await ask(gone, { model: 'gone' }))).code).toBe('model_unreachable');
  });

  it('does not try again when the model may have made, and charged for, a picture', async () => {
    const headers = freshKey();
    upstream.behave((_request, response) => void response.destroy());
    const first = await ask(headers);
    expect(first.status).toBe(502);
    expect(first.headers.get('x-should-retry')).toBe('false');
    upstream.behave(async (_request, response) => answerPictures(response, [await neutralPicture()]));
    expect((await ask(headers)).status).toBe(502);
    expect(upstream.calls).toHaveLength(1);
  });

  it('may be as long as 255 characters, and no longer', async () => {
    await pictureOf(await ask({ 'idempotency-key': 'k'.repeat(255) }));
    expect((await errorOf(await ask({ 'idempotency-key': 'k'.repeat(256) }))).param).toBe('Idempotency-Key');
  });
});

describe('without a key and without a retry', () => {
  it('the same words twice are two wishes', async () => {
    const [a, b] = [await pictureOf(await ask()), await pictureOf(await ask())];
    expect(a.id).not.toBe(b.id);
    expect(upstream.calls).toHaveLength(2);
  });
});

describe.each(RELEASES)("the SDK's own retry, $release", ({ OpenAI: release }) => {
  const wish = () => ({ model: 'studio', prompt: `a ball of ${release.name} ${keys++}` });

  it('after the answer was lost on the way gets that answer, and the model is asked once', async () => {
    let attempts = 0;
    const lossy: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      if (++attempts > 1) return response;
      await response.arrayBuffer();
      throw new TypeError('the connection was lost');
    };
    const client = new release({ apiKey: gateway.key(), baseURL: `${gateway.url}/v1`, maxRetries: 2, fetch: lossy });
    const answer = await client.images.generate(wish());
    expect(bytesOf(answer.data?.[0]).length).toBeGreaterThan(1000);
    expect(attempts).toBe(2);
    expect(upstream.calls).toHaveLength(1);
  });

  it('after it lost its patience joins the generation that still runs', async () => {
    const draw = slowModel();
    const client = gateway.sdk('api', { release, maxRetries: 3, timeout: 400 });
    setTimeout(draw, 700);
    const answer = await client.images.generate(wish());
    expect(answer.data).toHaveLength(1);
    expect(upstream.calls).toHaveLength(1);
  });

  it('happens when the model is busy, and then there is a picture', async () => {
    let busy = true;
    upstream.behave(async (_request, response) => {
      if (!busy) return answerPictures(response, [await neutralPicture()]);
      busy = false;
      return answerJson(response, 503, { error: { message: 'overloaded' } }, { 'retry-after-ms': '20' });
    });
    const answer = await gateway.sdk('api', { release, maxRetries: 2 }).images.generate(wish());
    expect(answer.data).toHaveLength(1);
    expect(upstream.calls).toHaveLength(2);
  });

  it('does not happen when the model failed in a way that may have cost something', async () => {
    upstream.behave((_request, response) => answerJson(response, 500, { error: { message: 'oops' } }));
    const error = await thrownBy(gateway.sdk('api', { release, maxRetries: 2 }).images.generate(wish()));
    expect(error).toMatchObject({ status: 502, code: 'model_failed' });
    expect(upstream.calls).toHaveLength(1);
  });
});

describe('a restart of the gateway', () => {
  it('changes nothing: the same key gets the same picture, and the model is not asked', async () => {
    const headers = freshKey();
    const before = await pictureOf(await ask(headers));
    const generations = await countOf(gateway, 'generations');
    await gateway.stop();
    gateway = await openTestGateway(gateway.dataDir, settings);
    expect(await pictureOf(await ask(headers))).toEqual(before);
    expect((await errorOf(await ask(headers, { n: 3 }))).code).toBe('idempotency_key_reused');
    expect(await countOf(gateway, 'generations')).toBe(generations);
    expect(upstream.calls).toHaveLength(1);
    await expectWhole(gateway);
  });
});
