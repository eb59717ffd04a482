import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { captions } from '../../bench/prompts/captions.ts';
import { newId } from '../contracts/ids.ts';
import { createOptOutNames, NOBODY_OPTED_OUT } from '../registries/opt-outs/opt-out-names.ts';
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
    const alone = buildModeration({ checks, policy, settings, optOuts: NOBODY_OPTED_OUT, helpers: 0, closers });
    const together = buildModeration({ checks, policy, settings, optOuts: NOBODY_OPTED_OUT, helpers: 1, closers });
    const expected = await alone(texts, about);
    expect(expected.map((result) => JSON.parse(result ?? '{}').flagged)).toEqual(texts.map((text) => text.includes('blood')));
    for (let call = 0; call < 5; call++) expect(await together(texts, about)).toEqual(expected);
  });

  it('is shared with a helper as soon as it has loaded', async () => {
    const counting = counted();
    const together = buildModeration({ checks: counting.checks, policy, settings, optOuts: NOBODY_OPTED_OUT, helpers: 1, closers });
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
    const together = buildModeration({
      checks: { ...counting.checks, checks: promoted },
      policy,
      settings,
      optOuts: NOBODY_OPTED_OUT,
      helpers: 1,
      closers,
    });
    for (let call = 1; call <= 3; call++) {
      await together(texts, about);
      expect(counting.runs()).toBe(texts.length * call);
    }
  });

  it('is shared with a helper while somebody has opted out, who is told of each change', async () => {
    const wish = { aliases: [], works: [], what: ['name'], expiresAt: null } as const;
    let names = createOptOutNames([{ ...wish, id: newId('optout'), name: 'Zofia Wolanin' }]);
    const now = {
      get version() {
        return names.version;
      },
      get findable() {
        return names.findable;
      },
      judge: (reading: Parameters<typeof names.judge>[0]) => names.judge(reading),
      notForTraining: () => [],
    };
    const own = await openTextChecks(settings, now);
    let runs = 0;
    const run: typeof checks.run = (inputs) => {
      runs += 1;
      return own.runner.run(inputs);
    };
    const together = buildModeration({ checks: { ...own.runner, run }, policy, settings, optOuts: now, helpers: 1, closers });
    const named = texts.map((text, index) =>
      index % 3 === 0 ? `${text} by ${index % 2 === 0 ? 'Zofia Wolanin' : 'Bruno Feldhase'}` : text,
    );
    const scores = async () => (await together(named, about)).map((result) => JSON.parse(result ?? '{}').category_scores.ip === 0.9);
    const sharedWith = async (name: string) => {
      for (const until = Date.now() + 80_000; Date.now() < until; await sleep(100)) {
        const before = runs;
        expect(await scores()).toEqual(named.map((text) => text.includes(name)));
        if (runs - before < named.length) return true;
      }
      return false;
    };
    expect(await sharedWith('Wolanin')).toBe(true);
    names = createOptOutNames([{ ...wish, id: newId('optout'), name: 'Bruno Feldhase' }]);
    expect(await sharedWith('Feldhase')).toBe(true);
    names = NOBODY_OPTED_OUT;
    expect(await sharedWith('nobody at all')).toBe(true);
  });

  it('is judged here when the helper cannot load', async () => {
    const together = buildModeration({
      checks,
      policy,
      settings: { ...settings, promptRules: '/nowhere.yaml' },
      optOuts: NOBODY_OPTED_OUT,
      helpers: 1,
      closers,
    });
    expect((await together(texts, about)).filter((result) => result === null)).toEqual([]);
  });

  it('says where a check could not tell', async () => {
    const broken: typeof checks.run = async (inputs) => ({
      ...(await checks.run(inputs)),
      findings: [{ kind: 'failed', check: 'prompt-rules', subject: { kind: 'prompt' }, durationMs: 1, cause: 'threw', detail: '' }],
    });
    const alone = buildModeration({ checks: { ...checks, run: broken }, policy, settings, optOuts: NOBODY_OPTED_OUT, helpers: 0, closers });
    expect(await alone(['a'], about)).toEqual([null]);
  });
});

it('one worker means no helper', () => expect(helpersFor(1)).toBe(0));
