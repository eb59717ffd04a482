import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { KINDS, type Kind, play, Services } from './service.fixture.ts';

const services = new Services();
afterEach(() => services.close());

async function answerOf(kind: Kind, fixture: string) {
  const upstream = await services.upstream(play(fixture));
  const answer = await services.classifier(kind, upstream).classify('a teapot on a table');
  return { answer, upstream };
}

const scored = async (kind: Kind, fixture: string) => {
  const { answer } = await answerOf(kind, fixture);
  if (answer.kind === 'failed') throw new Error(answer.detail);
  return Object.fromEntries(answer.scores.map(({ category, score }) => [category, Math.round(score * 100) / 100]));
};

describe('what a classifier says', () => {
  it('is taken over in our categories, the strongest label of each', async () => {
    expect(await scored('openai-moderation', 'openai-moderation.violence.json')).toEqual({
      sexual: 0,
      sexual_minors: 0,
      hate: 0,
      extremism: 0.5,
      illegal_goods: 0,
      self_harm: 0,
      violence_gore: 0.91,
    });
    expect(await scored('azure-content-safety', 'azure.violence.json')).toEqual({ hate: 0, self_harm: 0, sexual: 0, violence_gore: 0.71 });
    expect(await scored('http', 'http.found.json')).toEqual({ hate: 0.02, ip: 0.83 });
    expect(await scored('shield-gemma', 'shield-gemma.yes.json')).toEqual({
      illegal_goods: 0.9,
      self_harm: 0.9,
      extremism: 0.9,
      hate: 0.9,
      sexual: 0.9,
    });
  });

  it('counts as at least one half when the service itself says "flagged", however low its number is', async () => {
    const { answer } = await answerOf('openai-moderation', 'openai-moderation.violence.json');
    expect(answer).toMatchObject({ scores: expect.arrayContaining([{ category: 'extremism', score: 0.5, label: 'illicit/violent' }]) });
  });

  it('of a Llama Guard is one score for each code, as sure as the first word was', async () => {
    expect(await scored('llama-guard', 'llama-guard.unsafe.json')).toMatchObject({
      violence_gore: 0.8,
      extremism: 0.8,
      hate: 0.8,
      sexual: 0,
    });
    expect(await scored('llama-guard', 'llama-guard.unsafe-no-logprobs.json')).toMatchObject({ sexual: 0.9, hate: 0 });
  });

  it.each<[Kind, string]>([
    ['openai-moderation', 'openai-moderation.calm.json'],
    ['azure-content-safety', 'azure.calm.json'],
    ['llama-guard', 'llama-guard.safe.json'],
    ['shield-gemma', 'shield-gemma.no.json'],
    ['http', 'http.calm.json'],
  ])('%s: nothing found is an answer for every category that it covers', async (kind, fixture) => {
    const { answer, upstream } = await answerOf(kind, fixture);
    const { categories } = services.classifier(kind, upstream);
    if (answer.kind === 'failed') throw new Error(answer.detail);
    expect([...answer.scores.map(({ category }) => category)].sort()).toEqual([...categories].sort());
    expect(answer.scores.every(({ score }) => score < 0.05)).toBe(true);
  });

  it('is asked for with the key where the service wants it', async () => {
    const sent = async (kind: Kind, fixture: string) => (await answerOf(kind, fixture)).upstream.received[0];
    expect((await sent('openai-moderation', 'openai-moderation.calm.json'))?.headers['authorization']).toBe('Bearer secret-key');
    const azure = await sent('azure-content-safety', 'azure.calm.json');
    expect(azure?.headers['ocp-apim-subscription-key']).toBe('secret-key');
    expect(azure?.path).toBe('/contentsafety/text:analyze?api-version=2024-09-01');
  });

  it('of a word that its own probabilities contradict is the word', async () => {
    expect(await scored('shield-gemma', 'shield-gemma.contradiction.json')).toMatchObject({ sexual: 0.9 });
  });
});

describe('an answer that is no answer is a failure, never "nothing found"', () => {
  it.each<[Kind, string]>([
    ...['missing-category', 'no-results', 'out-of-range', 'negative', 'null-score', 'text-score', 'nan', 'infinite', 'truncated'].map(
      (name): [Kind, string] => ['openai-moderation', `openai-moderation.${name}.json`],
    ),
    ...['missing-category', 'twice', 'out-of-range', 'fraction', 'nan', 'truncated', 'error'].map((name): [Kind, string] => [
      'azure-content-safety',
      `azure.${name}.json`,
    ]),
    ...['prose', 'no-codes', 'unknown-code', 'both', 'cut', 'filtered', 'nan', 'positive-logprob', 'no-choices', 'truncated'].map(
      (name): [Kind, string] => ['llama-guard', `llama-guard.${name}.json`],
    ),
    ...['prose', 'nan'].map((name): [Kind, string] => ['shield-gemma', `shield-gemma.${name}.json`]),
    ...['missing-category', 'out-of-range', 'percent-text', 'other-contract', 'list', 'nan', 'truncated'].map((name): [Kind, string] => [
      'http',
      `http.${name}.json`,
    ]),
  ])('%s, %s', async (kind, fixture) => {
    expect((await answerOf(kind, fixture)).answer).toMatchObject({ kind: 'failed', cause: 'UNUSABLE_ANSWER' });
  });
});

const GOOD: Readonly<Record<Kind, string>> = {
  'openai-moderation': 'openai-moderation.calm.json',
  'azure-content-safety': 'azure.calm.json',
  'llama-guard': 'llama-guard.safe.json',
  'shield-gemma': 'shield-gemma.no.json',
  http: 'http.calm.json',
};
const every = Object.keys(KINDS).filter((kind): kind is Kind => kind in KINDS);

describe.each(every)('a service of kind %s that misbehaves', (kind) => {
  it('shows a page with status 200', async () => {
    expect((await answerOf(kind, 'sign-in.html')).answer).toMatchObject({ kind: 'failed', cause: 'UNUSABLE_ANSWER', detail: 'not JSON' });
  });

  it.each(['text/plain', 'text/html', 'application/octet-stream', ''])('gives a good answer as "%s"', async (type) => {
    const upstream = await services.upstream(play(GOOD[kind], 200, { 'content-type': type }));
    expect(await services.classifier(kind, upstream).classify('a teapot')).toMatchObject({ kind: 'failed', cause: 'UNUSABLE_ANSWER' });
  });

  it.each<[number, string]>([
    [204, 'UNUSABLE_ANSWER'],
    [302, 'UNUSABLE_ANSWER'],
    [400, 'REJECTED'],
    [401, 'REJECTED'],
    [429, 'RATE_LIMITED'],
    [500, 'UNREACHABLE'],
  ])('gives a good answer with status %i', async (status, cause) => {
    const upstream = await services.upstream(play(GOOD[kind], status, { 'retry-after': '7', location: '/elsewhere' }));
    const answer = await services.classifier(kind, upstream).classify('a teapot');
    expect(answer).toMatchObject({ kind: 'failed', cause, ...(status === 429 ? { retryAfterMs: 7_000 } : {}) });
  });

  it('hangs: it is left at the deadline', async () => {
    const upstream = await services.upstream(() => undefined);
    const startedAt = Date.now();
    expect(await services.classifier(kind, upstream, { deadlineMs: 100 }).classify('a teapot')).toMatchObject({ cause: 'TIMED_OUT' });
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  });

  it('sends its answer letter by letter: the deadline holds for all of it', async () => {
    const upstream = await services.upstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect(await services.classifier(kind, upstream, { deadlineMs: 150 }).classify('a teapot')).toMatchObject({ cause: 'TIMED_OUT' });
  });

  it('breaks off, speaks no HTTP, sends too much, or is not there', async () => {
    const off = await services.upstream((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"results":', () => response.destroy());
    });
    expect(await services.classifier(kind, off).classify('a teapot')).toMatchObject({ cause: 'UNREACHABLE' });
    const huge = await services.upstream((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.alloc(300_000, ' ')),
    );
    expect(await services.classifier(kind, huge).classify('a teapot')).toMatchObject({ cause: 'UNUSABLE_ANSWER' });
    const server = net.createServer((socket) => socket.resume().end('SSH-2.0-something\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const elsewhere = { ...off, baseUrl: `http://127.0.0.1:${port}` };
    expect(await services.classifier(kind, elsewhere).classify('a teapot')).toMatchObject({ cause: 'UNREACHABLE' });
    await new Promise((resolve) => server.close(resolve));
    expect(await services.classifier(kind, elsewhere).classify('a teapot')).toMatchObject({ cause: 'UNREACHABLE' });
  });

  it('never gets its words, the text or the key into what we log', async () => {
    const upstream = await services.upstream((response, { headers, body }) => {
      const echo = JSON.stringify({
        error: { code: `${body}`, message: `${headers.authorization} ${headers['ocp-apim-subscription-key']}` },
      });
      response.writeHead(200, { 'content-type': 'application/json' }).end(echo);
    });
    const answer = await services.classifier(kind, upstream).classify('a purple teapot');
    expect(answer.kind).toBe('failed');
    expect(JSON.stringify(answer)).not.toMatch(/teapot|secret-key/);
  });
});
