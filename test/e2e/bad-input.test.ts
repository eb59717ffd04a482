import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countOf, errorObject, errorOf, expectWhole, fileOf, jsonOf } from './answers.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { rawRequest } from './raw-request.ts';
import { startUpstream, type Upstream } from './upstream.ts';
import { eventually } from './waiting.ts';

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startUpstream();
  const models = [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl }];
  gateway = await startTestGateway({ models, requestTimeoutMs: 1000 });
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

// Input that is at fault reaches no model and leaves no row, whatever is wrong with it.
let before = 0;
beforeEach(async () => {
  upstream.reset();
  before = await countOf(gateway, 'generations');
});
afterEach(async () => {
  expect(upstream.calls).toHaveLength(0);
  expect(await countOf(gateway, 'generations')).toBe(before);
  expect(await countOf(gateway, 'artifacts')).toBe(0);
});

const GENERATIONS = '/v1/images/generations';
const post = (body: unknown) => gateway.post(GENERATIONS, body);
const send = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  gateway.fetch(GENERATIONS, { method: 'POST', body, headers });

describe('who asks', () => {
  it.each([
    ['no key', {}, 'auth_missing'],
    ['an empty key', { authorization: 'Bearer ' }, 'auth_missing'],
    ['a key in another scheme', { authorization: 'Basic aGFsbG86aGFsbG8=' }, 'auth_missing'],
    ['a wrong key', { authorization: 'Bearer imp_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }, 'auth_invalid'],
    ['a key with SQL in it', { authorization: "Bearer imp_'or'1'='1" }, 'auth_invalid'],
  ])('with %s gets 401, before the body is looked at', async (_name, headers, code) => {
    for (const body of ['{"prompt":"a ball"}', '{not json']) {
      const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
      const answer = await fetch(`${gateway.url}${GENERATIONS}`, init);
      expect(answer.status).toBe(401);
      expect(await errorOf(answer)).toMatchObject({ code, type: 'authentication_error' });
      expect(answer.headers.get('x-should-retry')).toBe('false');
    }
  });

  it('with an operator key makes no pictures', async () => {
    const answer = await gateway.post(GENERATIONS, { prompt: 'a ball' }, { surface: 'operator' });
    expect(answer.status).toBe(403);
    expect((await errorOf(answer)).code).toBe('auth_forbidden');
  });
});

describe('a body that is no request', () => {
  it.each([
    ['malformed JSON', '{"prompt": "a ball"', undefined],
    ['nothing', '', undefined],
    ['a forged prototype', '{"prompt":"a ball","__proto__":{"n":3}}', undefined],
    ['a forged constructor', '{"prompt":"a ball","constructor":{"prototype":{"n":3}}}', undefined],
    ['plain text', 'a ball', 'text/plain'],
    ['XML', '<prompt>a ball</prompt>', 'application/xml'],
  ])('(%s) is said to be none, and not repeated', async (_name, body, type = 'application/json') => {
    const answer = await send(body, { 'content-type': type });
    expect(answer.status).toBe(400);
    const error = await errorOf(answer);
    expect(error).toMatchObject({ code: expect.stringMatching(/^request_(malformed|invalid)$/), type: 'invalid_request_error' });
    expect(JSON.stringify(error)).not.toContain('ball');
  });

  it.each(['[]', '"a ball"', '7', 'null'])('(%s) is not valid', async (body) => {
    expect((await errorOf(await send(body))).code).toMatch(/^request_(invalid|malformed)$/);
  });

  it('(nested a hundred thousand deep) is refused and does not bring anything down', async () => {
    const answer = await send(`{"prompt":"a ball","deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).code).toMatch(/^request_(invalid|malformed)$/);
  });

  it('(too large to be one) is refused before it is sent', async () => {
    const head = `POST ${GENERATIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type: application/json\r\n`;
    const { status, body } = await rawRequest(gateway.url, `${head}content-length: 130000000\r\n\r\n{`);
    expect(status).toBe(413);
    expect(z.object({ error: errorObject }).parse(JSON.parse(body)).error.code).toBe('request_too_large');
  });
});

describe('a field that is wrong is named', () => {
  it.each([
    ['prompt', {}],
    ['prompt', { prompt: '' }],
    ['prompt', { prompt: 7 }],
    ['prompt', { prompt: ['a ball'] }],
    ['prompt', { prompt: 'x'.repeat(33_000) }],
    ['n', { n: 0 }],
    ['n', { n: 11 }],
    ['n', { n: -1 }],
    ['n', { n: 1.5 }],
    ['n', { n: '2' }],
    ['size', { size: '99999x99999' }],
    ['size', { size: '1x1' }],
    ['size', { size: '0x0' }],
    ['size', { size: '8192x8192' }],
    ['size', { size: '100x4000' }],
    ['size', { size: '1024' }],
    ['size', { size: '1e9x1e9' }],
    ['size', { size: { width: 1 } }],
    ['stream', { stream: 'yes' }],
    ['partial_images', { stream: true, partial_images: 4 }],
    ['response_format', { response_format: 'hex' }],
    ['output_format', { output_format: 'bmp' }],
    ['output_compression', { output_compression: 101 }],
    ['background', { background: 'plaid' }],
    ['model', { model: '' }],
    ['user', { user: 'u'.repeat(513) }],
  ])('%s (%j)', async (param, fields) => {
    const answer = await post({ ...('prompt' in fields || param === 'prompt' ? {} : { prompt: 'a ball' }), ...fields });
    expect(answer.status).toBe(400);
    expect(await errorOf(answer)).toMatchObject({ code: 'request_invalid', type: 'invalid_request_error', param });
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('in a form, too', async () => {
    const form = new FormData();
    form.append('image', fileOf(Buffer.from('x')), 'i.png');
    form.append('prompt', 'make it green');
    form.append('n', 'two');
    expect(await errorOf(await gateway.fetch('/v1/images/edits', { method: 'POST', body: form }))).toMatchObject({ param: 'n' });
  });

  it('and so is a model that nobody knows', async () => {
    const answer = await post({ prompt: 'a ball', model: 'nonsense' });
    expect(answer.status).toBe(404);
    expect(await errorOf(answer)).toMatchObject({ code: 'model_unknown', param: 'model' });
  });
});

describe('a client that does not keep to HTTP', () => {
  it('and sends too slowly gets 408, and its connection is closed', async () => {
    const head = `POST ${GENERATIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type: application/json\r\n`;
    const { status, body } = await rawRequest(gateway.url, `${head}content-length: 100\r\n\r\n{"prompt":`);
    expect(status).toBe(408);
    const { error } = z.object({ error: errorObject }).parse(JSON.parse(body));
    expect(error).toMatchObject({ code: 'request_timed_out', imprimatur: { retry: 'later' } });
  });

  it('and sends garbage gets 400', async () => {
    const { status, body } = await rawRequest(gateway.url, 'HELLO THERE\r\n\r\n');
    expect(status).toBe(400);
    expect(z.object({ error: errorObject }).parse(JSON.parse(body)).error.code).toBe('request_malformed');
  });

  it('and leaves in the middle of its upload leaves nothing behind', async () => {
    const head = `POST ${GENERATIONS} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key()}\r\ncontent-type: application/json\r\n`;
    await rawRequest(gateway.url, `${head}content-length: 100\r\n\r\n{"prompt":`, { leaveAfterMs: 50 });
    await eventually('the gateway answers others', async () => ((await fetch(`${gateway.url}/healthz`)).ok ? true : null));
  });
});

describe('an address that does not exist', () => {
  it.each(['/', '/v1/embeddings', '/v1/images', '/ledger/tile/../../etc/passwd', '/v1/images/generations/'])('%s', async (path) => {
    const answer = await gateway.post(path, {});
    expect(answer.status).toBe(404);
    expect(await errorOf(answer)).toMatchObject({ code: 'not_found', type: 'invalid_request_error' });
  });
});

it('after all of it every record is whole, and there is nothing in them', async () => {
  await expectWhole(gateway);
  expect(
    await jsonOf(await gateway.fetch('/v1/cases', { surface: 'operator' }), z.looseObject({ data: z.array(z.unknown()) })),
  ).toMatchObject({
    data: [],
  });
});
