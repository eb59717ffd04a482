import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { captions } from '../../bench/prompts/captions.ts';
import type { CheckSettings } from './build-checks.ts';
import { buildModeration, helpersFor } from './build-moderation.ts';
import { createClosers } from './closers.ts';
import { openTextChecks } from './text-checks.ts';

const settings: CheckSettings = {
  policy: 'standard',
  promptRules: undefined,
  gazetteers: { packs: [], without: [], publicKeys: [], allowUnsigned: false },
  classifiers: [],
  classifierRules: undefined,
  hashLists: [],
};
const { runner: checks, policy } = await openTextChecks(settings);
const closers = createClosers(() => undefined);
afterAll(() => closers.closeAll());

const about = { surface: 'api', operation: 'generate' } as const;
const caption = captions(5);
const texts = Array.from({ length: 150 }, (_, index) =>
  index % 40 === 7 ? `a decapitated head in a pool of blood, number ${index}` : caption(),
);

/** How many runs this process made, for knowing who judged. */
function counted() {
  let runs = 0;
  const run: typeof checks.run = (inputs) => {
    runs += 1;
    return checks.run(inputs);
  };
  return { checks: { ...checks, run }, runs: () => runs };
}

describe('a batch of texts', () => {
  it('gets the same answers in the same order, whoever judges', async () => {
    const alone = buildModeration({ checks, policy, settings, helpers: 0, closers });
    const together = buildModeration({ checks, policy, settings, helpers: 1, closers });
    const expected = await alone(texts, about);
    expect(expected.map((result) => JSON.parse(result ?? '{}').flagged)).toEqual(texts.map((text) => text.includes('blood')));
    for (let call = 0; call < 5; call++) expect(await together(texts, about)).toEqual(expected);
  });

  it('is shared with a helper as soon as it has loaded', async () => {
    const counting = counted();
    const together = buildModeration({ checks: counting.checks, policy, settings, helpers: 1, closers });
    let shared = 0;
    for (const until = Date.now() + 80_000; Date.now() < until && shared === 0; await sleep(100)) {
      const before = counting.runs();
      expect(await together(texts, about)).toHaveLength(texts.length);
      shared = texts.length - (counting.runs() - before);
    }
    expect(shared).toBeGreaterThan(0);
  });

  it('is judged here alone when the helper would judge with something else', async () => {
    const counting = counted();
    const promoted = counting.checks.checks.map((check) =>
      check.id === 'prompt-classifier' ? { ...check, version: '1+promoted' } : check,
    );
    const together = buildModeration({ checks: { ...counting.checks, checks: promoted }, policy, settings, helpers: 1, closers });
    for (let call = 1; call <= 3; call++) {
      await together(texts, about);
      expect(counting.runs()).toBe(texts.length * call);
    }
  });

  it('is judged here when the helper cannot load', async () => {
    const together = buildModeration({ checks, policy, settings: { ...settings, promptRules: '/nowhere.yaml' }, helpers: 1, closers });
    expect((await together(texts, about)).filter((result) => result === null)).toEqual([]);
  });

  it('says where a check could not tell', async () => {
    const broken: typeof checks.run = async (inputs) => ({
      ...(await checks.run(inputs)),
      findings: [{ kind: 'failed', check: 'prompt-rules', subject: { kind: 'prompt' }, durationMs: 1, cause: 'threw', detail: '' }],
    });
    const alone = buildModeration({ checks: { ...checks, run: broken }, policy, settings, helpers: 0, closers });
    expect(await alone(['a'], about)).toEqual([null]);
  });
});

it('one worker means no helper', () => expect(helpersFor(1)).toBe(0));
