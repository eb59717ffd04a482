import { afterEach, describe, expect, it } from 'vitest';
import { play, Services } from './service.fixture.ts';

const services = new Services();
afterEach(() => services.close());

describe('a classifier under guard', () => {
  it('is asked once for the same text, also when the second question comes while the first is open', async () => {
    const upstream = await services.upstream(play('http.calm.json'));
    const classifier = services.classifier('http', upstream);
    await Promise.all([classifier.classify('a teapot'), classifier.classify('a teapot')]);
    await classifier.classify('a teapot');
    await classifier.classify('another teapot');
    expect(upstream.received).toHaveLength(2);
    expect(classifier.usage()).toEqual({ name: 'one', asked: 4, calls: 2, charsSent: 22, answeredFromCache: 1, failures: {} });
  });

  it('is asked again when the answer is old, and forgets what was used least', async () => {
    let now = 0;
    const upstream = await services.upstream(play('http.calm.json'));
    const classifier = services.classifier('http', upstream, { cacheTtlMs: 1_000, cacheEntries: 2 }, () => now);
    for (const text of ['a', 'b', 'a', 'c', 'a']) await classifier.classify(text);
    expect(upstream.received).toHaveLength(3);
    await classifier.classify('b');
    expect(upstream.received).toHaveLength(4);
    now = 1_001;
    await classifier.classify('a');
    expect(upstream.received).toHaveLength(5);
  });

  it('does not remember a failure as an answer', async () => {
    const answers = [play('http.nan.json'), play('http.calm.json')];
    const upstream = await services.upstream((response) => answers.shift()?.(response));
    const classifier = services.classifier('http', upstream);
    expect(await classifier.classify('a teapot')).toMatchObject({ kind: 'failed' });
    expect(await classifier.classify('a teapot')).toMatchObject({ kind: 'scores' });
  });

  it('fails when its calls of the minute are spent, and may call again as the minute goes on', async () => {
    let now = 0;
    const upstream = await services.upstream(play('http.calm.json'));
    const classifier = services.classifier('http', upstream, { callsPerMinute: 2, failuresToOpen: 1 }, () => now);
    const ask = async (text: string) => (await classifier.classify(text)).kind;
    expect([await ask('a'), await ask('b'), await ask('c')]).toEqual(['scores', 'scores', 'failed']);
    expect(classifier.usage().failures).toEqual({ BUDGET_SPENT: 1 });
    now = 30_000;
    expect([await ask('c'), await ask('d')]).toEqual(['scores', 'failed']);
    expect(upstream.received).toHaveLength(3);
  });

  it('is left alone after failures in a row, then tried with a single call', async () => {
    let now = 0;
    let isUp = false;
    const upstream = await services.upstream((response) => play('http.calm.json', isUp ? 200 : 500)(response));
    const classifier = services.classifier('http', upstream, { failuresToOpen: 2, coolDownMs: 5_000 }, () => now);
    const ask = async (text: string) => {
      const answer = await classifier.classify(text);
      return answer.kind === 'failed' ? answer.cause : 'scores';
    };
    expect([await ask('a'), await ask('b'), await ask('c')]).toEqual(['UNREACHABLE', 'UNREACHABLE', 'CIRCUIT_OPEN']);
    now = 5_000;
    expect((await Promise.all([ask('d'), ask('e')])).sort()).toEqual(['CIRCUIT_OPEN', 'UNREACHABLE']);
    isUp = true;
    expect(await ask('f')).toBe('CIRCUIT_OPEN');
    now = 10_000;
    expect([await ask('f'), await ask('g')]).toEqual(['scores', 'scores']);
  });

  it('is left alone for as long as it asks, when it says "too many requests"', async () => {
    let now = 0;
    const answers = [play('openai-error.json', 429, { 'retry-after': '20' }), play('http.calm.json')];
    const upstream = await services.upstream((response) => answers.shift()?.(response));
    const classifier = services.classifier('http', upstream, {}, () => now);
    expect(await classifier.classify('a')).toMatchObject({ cause: 'RATE_LIMITED', retryAfterMs: 20_000 });
    now = 19_999;
    expect(await classifier.classify('a')).toMatchObject({ cause: 'CIRCUIT_OPEN' });
    now = 20_000;
    expect(await classifier.classify('a')).toMatchObject({ kind: 'scores' });
  });

  it('looks at a long text in pieces that overlap, and the worst piece counts', async () => {
    const upstream = await services.upstream((response, { body }) =>
      play(body.toString().includes('needle') ? 'http.found.json' : 'http.calm.json')(response),
    );
    const classifier = services.classifier('http', upstream);
    const answer = await classifier.classify(`${'hay '.repeat(4_000)}needle${' hay'.repeat(3_000)}`);
    expect(answer).toMatchObject({ kind: 'scores', scores: expect.arrayContaining([{ category: 'ip', score: 0.83, label: 'ip' }]) });
    expect(upstream.received.length).toBeGreaterThan(2);
  });

  it('does not answer for a text of which it could not see all', async () => {
    const answers = [play('http.calm.json'), play('http.truncated.json')];
    const upstream = await services.upstream((response) => answers.shift()?.(response));
    expect(await services.classifier('http', upstream).classify('hay '.repeat(4_000))).toMatchObject({ kind: 'failed' });
    expect(await services.classifier('http', upstream).classify('hay '.repeat(40_000))).toMatchObject({ cause: 'TEXT_TOO_LONG' });
  });

  it('lets go of a caller that waits no longer', async () => {
    const upstream = await services.upstream(() => undefined);
    const classifier = services.classifier('http', upstream, { deadlineMs: 300 });
    const controller = new AbortController();
    const answer = classifier.classify('a teapot', controller.signal);
    controller.abort();
    expect(await answer).toMatchObject({ kind: 'failed', cause: 'TIMED_OUT' });
  });
});
