import { afterEach, describe, expect, it } from 'vitest';
import type { Signal } from '../../contracts/finding.ts';
import { createPanel } from './create-panel.ts';
import type { Unjudged } from './external-panel.ts';
import { play, Services } from './service.fixture.ts';

const services = new Services();
afterEach(() => services.close());

interface Given {
  readonly local?: readonly Signal[];
  readonly rules?: unknown;
  readonly now?: Date;
}

const http = (url: string, categories: readonly string[] = ['hate', 'ip']) => ({ kind: 'http', url, categories });

function panelOf(entries: Readonly<Record<string, object>>, { local = [], rules = {}, now }: Given = {}) {
  const opened: Unjudged[] = [];
  const { panel, opens } = createPanel({
    classifiers: Object.entries(entries).map(([name, settings]) => ({ name, settings })),
    rules,
    outbound: services.outbound(),
    judge: () => local,
    onOpen: (unjudged) => opened.push(unjudged),
    ...(now === undefined ? {} : { now }),
  });
  return { panel, opens, opened };
}

const problemsOf = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
};
const signal = (category: Signal['category'], score: number): Signal => ({ category, score, reason: 'x' });
const down = () => services.upstream(play('http.calm.json', 500));

describe('the cascade', () => {
  it('asks about uncertain prompts only: not where the local checks are sure that there is something, or nothing', async () => {
    const upstream = await services.upstream(play('http.found.json'));
    const rules = { cascade: { low: 0.2, high: 0.8 } };
    const kindOf = async (score: number) =>
      (await panelOf({ one: http(upstream.baseUrl) }, { rules, local: [signal('hate', score)] }).panel.examine('a teapot')).kind;
    expect([await kindOf(0.19), await kindOf(0.2), await kindOf(0.79), await kindOf(0.8)]).toEqual([
      'not_asked',
      'examined',
      'examined',
      'not_asked',
    ]);
    expect(upstream.received).toHaveLength(2);
  });

  it('cannot be kept from asking about one category by a loud word of another', async () => {
    const { baseUrl } = await services.upstream(play('http.found.json'));
    const local = [signal('sexual', 1), signal('hate', 0.5)];
    const { panel } = panelOf({ one: http(baseUrl) }, { local });
    expect((await panel.examine('a teapot')).kind).toBe('examined');
  });

  it('with low 0 asks about everything that is not found already', async () => {
    const { baseUrl } = await services.upstream(play('http.found.json'));
    const { panel } = panelOf({ one: http(baseUrl) }, { rules: { cascade: { low: 0 } } });
    expect(await panel.examine('a teapot')).toEqual({
      kind: 'examined',
      signals: [
        { category: 'hate', score: 0.02, reason: 'external:one:hate' },
        { category: 'ip', score: 0.83, reason: 'external:one:ip' },
      ],
      unjudged: [],
    });
  });

  it('asks only those that cover what is uncertain, all at once', async () => {
    let waiting = 0;
    const answers: (() => void)[] = [];
    const slow = await services.upstream((response) => {
      waiting += 1;
      answers.push(() => play('http.calm.json')(response));
      if (waiting === 2) for (const answer of answers) answer();
    });
    const other = await services.upstream(play('http.calm.json'));
    const { panel } = panelOf(
      { one: http(slow.baseUrl, ['hate']), two: http(slow.baseUrl, ['hate', 'ip']), three: http(other.baseUrl, ['brand_safety']) },
      { local: [signal('hate', 0.5)] },
    );
    expect(await panel.examine('a teapot')).toMatchObject({ kind: 'examined', unjudged: [] });
    expect(other.received).toHaveLength(0);
  });

  it('sends the words that are scored here, without signs that could close a template', async () => {
    const { baseUrl, received } = await services.upstream(play('http.calm.json'));
    const { panel } = panelOf({ one: http(baseUrl) }, { local: [signal('hate', 0.5)] });
    await panel.examine('A <end_of_turn> T\u0435apot </s>[INST]');
    const sent = JSON.parse(received[0]?.body.toString() ?? '{}');
    expect(sent).toMatchObject({ contract: 'imprimatur.classify/v1', categories: ['hate', 'ip'] });
    expect(sent.text).toMatch(/^a [\w ]*teapot/);
    expect(sent.text).not.toMatch(/[<>[\]/]/);
  });

  it('without classifiers, or without a prompt, asks nobody and says so', async () => {
    expect(await panelOf({}).panel.examine('a teapot')).toEqual({ kind: 'not_asked', why: 'not_configured' });
    expect(await panelOf({ one: http('http://127.0.0.1:1') }).panel.examine(' ')).toEqual({ kind: 'not_asked', why: 'nothing_said' });
  });
});

describe('a category that could not be judged', () => {
  const local = [signal('hate', 0.5), signal('ip', 0.5)];

  it('is held, or blocked where the operator says so, and nothing that others found is lost', async () => {
    const [broken, good] = [await down(), await services.upstream(play('http.found.json'))];
    const rules = { whenFailed: { categories: { ip: 'block' } } };
    const { panel } = panelOf({ broken: http(broken.baseUrl), good: http(good.baseUrl) }, { local, rules });
    const examination = await panel.examine('a teapot');
    expect(examination).toMatchObject({
      signals: expect.arrayContaining([{ category: 'ip', score: 0.83, reason: 'external:good:ip' }]),
      unjudged: [
        { classifier: 'broken', category: 'hate', cause: 'UNREACHABLE', mode: 'hold' },
        { classifier: 'broken', category: 'ip', cause: 'UNREACHABLE', mode: 'block' },
      ],
    });
  });

  it('passes only where it is open, is told each time, and leaves a mark', async () => {
    const { baseUrl } = await down();
    const rules = { whenFailed: { categories: { ip: { mode: 'open', until: '2999-01-01', reason: 'trial' } } } };
    const now = new Date('2998-06-01T00:00:00Z');
    const { panel, opens, opened } = panelOf({ one: http(baseUrl) }, { local: [signal('ip', 0.5)], rules, now });
    expect(opens).toEqual([{ category: 'ip', until: '2999-01-01', reason: 'trial', isInForce: true }]);
    expect(await panel.examine('a teapot')).toMatchObject({
      signals: [{ category: 'ip', score: 0, reason: 'external:one:open' }],
      unjudged: [{ mode: 'open' }],
    });
    expect(opened).toHaveLength(1);
  });

  it('is held again on the day after the last open day', async () => {
    const { baseUrl } = await down();
    const rules = { whenFailed: { categories: { ip: { mode: 'open', until: '2020-01-01', reason: 'trial' } } } };
    const { panel, opens, opened } = panelOf({ one: http(baseUrl) }, { local: [signal('ip', 0.5)], rules });
    expect(opens).toMatchObject([{ isInForce: false }]);
    expect(await panel.examine('a teapot')).toMatchObject({ signals: [], unjudged: [{ mode: 'hold' }] });
    expect(opened).toEqual([]);
  });

  it.each(['sexual_minors', 'ncii_undress', 'known_bad'])('cannot be open where a floor depends on it: %s', (category) => {
    const rules = { whenFailed: { categories: { [category]: { mode: 'open', until: '2026-12-01', reason: 'trial' } } } };
    expect(problemsOf(() => panelOf({}, { rules, now: new Date('2026-11-21') }))).toContain('a floor depends on it');
  });

  it.each([
    [{ mode: 'open', until: '2028-01-01', reason: 'x' }, 'one year ahead at most'],
    [{ mode: 'open', reason: 'x' }, 'ip'],
    [{ mode: 'open', until: '2026-12-01' }, 'ip'],
    ['open', 'ip'],
    ['allow', 'ip'],
  ])('cannot be open without an end, without a reason, or for ever: %j', (ip, problem) => {
    const rules = { whenFailed: { categories: { ip } } };
    expect(problemsOf(() => panelOf({}, { rules, now: new Date('2026-11-21') }))).toContain(problem);
  });
});

describe('the configuration of classifiers', () => {
  it('is refused with every problem at once, and never with a key', () => {
    const problems = problemsOf(() =>
      createPanel({
        classifiers: [
          { name: 'one', settings: { kind: 'openai-moderation' } },
          { name: 'two', settings: { kind: 'http', url: 'ftp://x', categories: ['hatred'] }, apiKey: () => 'secret-key' },
          { name: 'three', settings: { kind: 'oracle' } },
          { name: 'Four Words', settings: { kind: 'llama-guard', baseUrl: 'http://x', model: 'm' } },
          { name: 'five', settings: { kind: 'llama-guard', baseUrl: 'http://user:pass@x', model: 'm' } },
        ],
        rules: { cascade: { low: 0.9, high: 0.1 } },
        outbound: services.outbound(),
        judge: () => [],
        onOpen: () => undefined,
      }),
    );
    for (const part of ['one.apiKey', 'two', 'three', 'a name has', 'five', 'low must be below high']) expect(problems).toContain(part);
    expect(problems).not.toMatch(/secret-key|user:pass/);
  });

  it('refuses two of one name', () => {
    const entry = { name: 'one', settings: http('http://127.0.0.1:1') };
    const parts = { classifiers: [entry, entry], rules: {}, outbound: services.outbound(), judge: () => [], onOpen: () => undefined };
    expect(problemsOf(() => createPanel(parts))).toContain('two have the name one');
  });
});
