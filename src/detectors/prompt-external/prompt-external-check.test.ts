import { describe, expect, it } from 'vitest';
import type { Examination, ExternalPanel, Unjudged } from '../../prompts/external/external-panel.ts';
import { createCheckRunner } from '../create-check-runner.ts';
import { createPromptExternalCheck, createPromptExternalStrictCheck } from './prompt-external-check.ts';

const found = { category: 'hate', score: 0.7, reason: 'external:one:hate' } as const;
const unjudged = (mode: Unjudged['mode']): Unjudged => ({ classifier: 'two', category: 'ip', cause: 'TIMED_OUT', mode });

/** What both checks say of one examination, and how often it was made. */
async function sayings(examination: Examination) {
  let asked = 0;
  const externalPanel: ExternalPanel = {
    version: 'v',
    categories: ['hate', 'ip'],
    usage: () => [],
    examine: async () => {
      asked += 1;
      return examination;
    },
  };
  const checks = [createPromptExternalCheck({ externalPanel }, {}), createPromptExternalStrictCheck({ externalPanel }, {})];
  const runner = createCheckRunner({ checks, expected: checks.map(({ id }) => id) });
  const { findings } = await runner.run([{ subject: { kind: 'prompt' }, prompt: 'a teapot', surface: 'api' }]);
  const said = (id: string) => {
    const finding = findings.find(({ check }) => check === id);
    if (finding?.kind === 'failed') return `failed ${finding.detail}`;
    return finding?.kind === 'abstained' ? finding.reason : finding?.signals;
  };
  return { asked, plain: said('prompt-external'), strict: said('prompt-external-strict') };
}

const examined = (...modes: Unjudged['mode'][]): Examination => ({ kind: 'examined', signals: [found], unjudged: modes.map(unjudged) });

describe('the checks over external classifiers', () => {
  it('say what was found once, and ask once for both', async () => {
    expect(await sayings(examined())).toEqual({ asked: 1, plain: [found], strict: [] });
  });

  it('fail for a category that is to be held, and keep what the others found', async () => {
    expect(await sayings(examined('hold'))).toEqual({ asked: 1, plain: 'failed NotJudged TIMED_OUT', strict: [found] });
  });

  it('both fail for a category that is to be blocked, so a policy with only one of them does not let it pass', async () => {
    const failure = 'failed NotJudged TIMED_OUT';
    expect(await sayings(examined('block'))).toEqual({ asked: 1, plain: failure, strict: failure });
    expect(await sayings(examined('open', 'hold', 'block'))).toMatchObject({ plain: failure, strict: failure });
  });

  it('do not fail for a category that is open', async () => {
    expect(await sayings(examined('open'))).toMatchObject({ plain: [found], strict: [] });
  });

  it('say that they were not asked, instead of that nothing was found', async () => {
    expect(await sayings({ kind: 'not_asked', why: 'certain' })).toMatchObject({ plain: 'external:certain', strict: 'external:certain' });
  });
});
