import { createServer } from 'node:net';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, countOf, errorOf, expectOurs, expectWhole, imagesBody, jsonOf } from './answers.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { answerJson, answerPictures, type Behavior, fieldsOf, neutralPicture, startUpstream, type Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
const noHttp = createServer((socket) => void socket.resume().end('SSH-2.0-something\r\n'));
beforeAll(async () => {
  upstream = await startUpstream();
  await new Promise<void>((resolve) => noHttp.listen(0, '127.0.0.1', resolve));
  const address = noHttp.address();
  const noHttpPort = typeof address === 'object' && address !== null ? address.port : 0;
  const { baseUrl } = upstream;
  gateway = await startTestGateway({
    modelTimeoutMs: 1_500,
    models: [
      { name: 'studio', kind: 'openai', baseUrl },
      { name: 'impatient', kind: 'openai', baseUrl, deadlineMs: 300 },
      { name: 'cutoff', kind: 'openai', baseUrl, upstreamModel: 'cutoff', fallback: 'studio' },
      { name: 'small', kind: 'openai', baseUrl, maxReplyBytes: 2_000 },
      { name: 'down', kind: 'openai', baseUrl: 'http://127.0.0.1:1/v1' },
      { name: 'ssh', kind: 'openai', baseUrl: `http://127.0.0.1:${noHttpPort}` },
      { name: 'diffusion', kind: 'automatic1111', baseUrl },
      { name: 'stable', kind: 'stability', baseUrl, apiKey: 'upstream-key' },
      { name: 'grok', kind: 'xai', baseUrl, apiKey: 'upstream-key' },
    ],
  });
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
  noHttp.close();
});
beforeEach(() => upstream.reset());

const ask = (model: string) => gateway.post('/v1/images/generations', { model, prompt: 'a ball' });
const NO_PICTURE = { artifacts: 'artifacts where published_at is not null' };

/** No picture out, the cause named, and the truth about a retry, in the header and in the body. */
async function expectFailure(model: string, { status, code, retry }: { status: number; code: string; retry: boolean }) {
  const published = await countOf(gateway, NO_PICTURE.artifacts);
  const answer = await ask(model);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('x-should-retry')).toBe(String(retry));
  const error = await errorOf(answer);
  expect(error).toMatchObject({ code, param: null, imprimatur: { retry: retry ? 'later' : 'no' } });
  expect(error.moderation_details).toBeUndefined();
  expect(await countOf(gateway, NO_PICTURE.artifacts)).toBe(published);
  return { answer, error };
}

const answering =
  (status: number, type: string, body: string | Buffer, headers: Record<string, string> = {}): Behavior =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type, ...headers }).end(body);

describe('a model that', () => {
  it('is down was not reached, and a retry may help', () => expectFailure('down', { status: 503, code: 'model_unreachable', retry: true }));

  it('never answers is given up on at its deadline, and not asked again', async () => {
    upstream.behave(() => undefined);
    await expectFailure('impatient', { status: 504, code: 'model_timed_out', retry: false });
  });

  it('is slower than the gateway waits is given up on, and not asked again', async () => {
    upstream.behave(() => undefined);
    await expectFailure('studio', { status: 504, code: 'model_timed_out', retry: false });
  });

  it('sends its answer drop by drop is given up on at the same time', async () => {
    upstream.behave((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    });
    await expectFailure('impatient', { status: 504, code: 'model_timed_out', retry: false });
  });

  it('breaks off in the middle of its answer failed', async () => {
    upstream.behave((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"data":[{"b64_json":"iVBOR', () => response.destroy());
    });
    await expectFailure('studio', { status: 502, code: 'model_failed', retry: false });
  });

  it('does not speak HTTP failed', () => expectFailure('ssh', { status: 502, code: 'model_failed', retry: false }));

  it.each([
    ['HTML with 200', 'text/html', '<!doctype html><title>Sign in</title>'],
    ['garbage', 'application/json', '\u0000\u0001garbage'],
    ['nothing', 'application/json', ''],
    ['an empty object', 'application/json', '{}'],
    ['an empty success', 'application/json', '{"created":1,"data":[]}'],
    ['entries without pictures', 'application/json', '{"data":[{"b64_json":""}]}'],
    ['base64 that is no picture', 'application/json', `{"data":[{"b64_json":"${Buffer.from('x'.repeat(99)).toString('base64')}"}]}`],
    ['an unsafe link', 'application/json', '{"data":[{"url":"file:///etc/passwd"}]}'],
    ['a link into our own network', 'application/json', '{"data":[{"url":"http://169.254.169.254/latest"}]}'],
  ])('answers %s gave an answer that cannot be used', async (_name, type, body) => {
    upstream.behave(answering(200, type, body));
    const { error } = await expectFailure('studio', { status: 502, code: 'model_answer_unusable', retry: false });
    expect(error.message).not.toMatch(/passwd|169\.254|garbage/);
  });

  it('sends more than the limit gave an answer that cannot be used', async () => {
    upstream.behave(answering(200, 'application/json', Buffer.alloc(3_000, 32)));
    await expectFailure('small', { status: 502, code: 'model_answer_unusable', retry: false });
  });

  it('sends more pictures than were asked for gave somebody else’s answer', async () => {
    upstream.behave(async (_request, response) => answerPictures(response, [await neutralPicture(), await neutralPicture()]));
    await expectFailure('studio', { status: 502, code: 'model_answer_unusable', retry: false });
  });

  it.each([
    [500, 502, 'model_failed', false],
    [503, 429, 'model_rate_limited', true],
    [429, 429, 'model_rate_limited', true],
    [401, 502, 'model_misconfigured', false],
    [403, 502, 'model_misconfigured', false],
    [302, 502, 'model_answer_unusable', false],
    [400, 400, 'parameter_rejected', false],
  ])('answers %i becomes %i %s', async (theirs, status, code, retry) => {
    const secret = 'sk-upstream-secret';
    upstream.behave(answering(theirs, 'application/json', `{"error":{"message":"${secret}"}}`, { location: 'http://127.0.0.1:1/' }));
    const { error } = await expectFailure('studio', { status, code, retry });
    expect(JSON.stringify(error)).not.toContain(secret);
  });

  it('says when to come back is quoted', async () => {
    upstream.behave(answering(429, 'application/json', '{}', { 'retry-after': '7' }));
    const { answer } = await expectFailure('studio', { status: 429, code: 'model_rate_limited', retry: true });
    expect([answer.headers.get('retry-after-ms'), answer.headers.get('retry-after')]).toEqual(['7000', '7']);
  });
});

describe('a block of the whole account', () => {
  it.each([
    ['Azure', 403, { error: { code: 'Forbidden', message: 'Your resource has been temporarily blocked because of content policy.' } }],
    ['OpenAI', 401, { error: { code: 'account_deactivated', message: 'The account was deactivated for violations.' } }],
  ])('(%s) is never shown as the violation of the user who came by', async (_name, status, body) => {
    upstream.behave((_request, response) => answerJson(response, status, body));
    const { error } = await expectFailure('studio', { status: 503, code: 'model_account_blocked', retry: false });
    expect(error.message).toContain('not about your request');
    expect(error.type).toBe('server_error');
    expect(JSON.stringify(error)).not.toMatch(/moderation|content policy|violation/);
  });
});

describe('a model whose account is blocked', () => {
  it('is stood in for by another one, and the credential, the ledger and the alert say so', async () => {
    const picture = await neutralPicture();
    upstream.behave(async (request, response) => {
      const { model } = await fieldsOf(request);
      if (model === 'cutoff') answerJson(response, 403, { error: { message: 'Your account has been suspended.' } });
      else answerPictures(response, [picture]);
    });
    const answer = await ask('cutoff');
    expect(answer.status).toBe(200);
    expect(upstream.calls).toHaveLength(2);
    const kinds = async () => (await ledgerEntries(gateway)).filter(({ kind }) => String(kind).startsWith('model.'));
    await expect
      .poll(kinds)
      .toEqual(
        expect.arrayContaining([
          expect.objectContaining({ kind: 'model.account_blocked', model: 'cutoff' }),
          expect.objectContaining({ kind: 'model.failed_over', from: 'cutoff', to: 'studio' }),
        ]),
      );
    await expect.poll(() => countOf(gateway, "alerts where key = 'account-blocked:cutoff'")).toBe(1);
    const sealed = (await ledgerEntries(gateway)).findLast(({ kind }) => kind === 'artifacts.sealed');
    expect(sealed).toMatchObject({ model: 'studio' });
  });
});

describe('a picture that the model itself filtered', () => {
  const black = () =>
    sharp({ create: { width: 64, height: 64, channels: 3, background: 'black' } })
      .png()
      .toBuffer();

  async function expectFiltered(model: string) {
    const published = await countOf(gateway, NO_PICTURE.artifacts);
    const answer = await ask(model);
    expect(answer.status).toBe(400);
    const { code, imprimatur } = await errorOf(answer);
    expect({ code, by: imprimatur['decided_by'] }).toEqual({ code: 'moderation_blocked', by: 'model' });
    expect(await countOf(gateway, NO_PICTURE.artifacts)).toBe(published);
  }

  it('painted black is a refusal, and not a picture', async () => {
    const picture = (await black()).toString('base64');
    upstream.behave((_request, response) => answerJson(response, 200, { images: [picture], info: '{}' }));
    await expectFiltered('diffusion');
  });

  it('blurred and marked as filtered is a refusal, and not a picture', async () => {
    const blurred = await sharp(await neutralPicture())
      .blur(20)
      .png()
      .toBuffer();
    upstream.behave(answering(200, 'image/png', blurred, { 'finish-reason': 'CONTENT_FILTERED' }));
    await expectFiltered('stable');
  });

  it('without the mark is not taken for a good one', async () => {
    upstream.behave(answering(200, 'image/png', await neutralPicture()));
    await expectFailure('stable', { status: 502, code: 'model_answer_unusable', retry: false });
  });

  it('flagged in a success is a refusal', async () => {
    upstream.behave((_request, response) => answerJson(response, 200, { data: [{ url: '', respect_moderation: false }] }));
    await expectFiltered('grok');
  });

  it('differs from one that it did not filter, which leaves', async () => {
    const picture = (await neutralPicture()).toString('base64');
    upstream.behave((_request, response) => answerJson(response, 200, { images: [picture], info: '{}' }));
    const { data } = await jsonOf(await ask('diffusion'), imagesBody);
    await expectOurs(gateway, bytesOf(data[0]));
  });
});

it('after all of it every record is whole', () => expectWhole(gateway));
