import { describe, expect, it } from 'vitest';
import { UNWATCHED } from '../behavior/unwatched.fixture.ts';
import type { CheckInput } from '../contracts/check.ts';
import type { Finding, Signal } from '../contracts/finding.ts';
import { admittedForTest, aSubmission } from '../contracts/stages.fixture.ts';
import { precheck } from './precheck.ts';

const image = (index: number, role: 'image' | 'mask' = 'image') => ({ index, role, bytes: new Uint8Array([index]), sha256: '' });
const edit = aSubmission({ request: { operation: 'edit', prompt: 'a teapot', inputs: [image(0), image(1, 'mask')] } });
const about = (index: number, ...signals: Signal[]): Finding => ({
  kind: 'signals',
  check: 'file-sanity',
  subject: { kind: 'input_image', index },
  durationMs: 1,
  signals,
});
const broken: Signal = { category: 'unsafe_file', score: 1, reason: 'malformed:bad_header' };

function looking(...findings: Finding[]) {
  const inputs: CheckInput[] = [];
  const run = async (given: readonly CheckInput[]) => {
    inputs.push(...given);
    return { findings, expected: [] };
  };
  return { inputs, done: precheck(admittedForTest(edit), { behavior: UNWATCHED, checks: { checks: [], run } }) };
}

describe('before anything is paid for', () => {
  it('the prompt, every picture and every mask are looked at', async () => {
    const { inputs, done } = looking();
    await done;
    expect(inputs.map(({ subject, prompt, surface, image: bytes }) => ({ subject, prompt, surface, bytes }))).toEqual([
      { subject: { kind: 'prompt' }, prompt: 'a teapot', surface: 'api', bytes: undefined },
      { subject: { kind: 'input_image', index: 0 }, prompt: 'a teapot', surface: 'api', bytes: new Uint8Array([0]) },
      { subject: { kind: 'input_image', index: 1 }, prompt: 'a teapot', surface: 'api', bytes: new Uint8Array([1]) },
    ]);
  });

  it('the prompt comes with what links it to earlier requests, pictures do not', async () => {
    const { inputs, done } = looking();
    await done;
    expect(inputs.map(({ conversation }) => conversation?.turn)).toEqual([edit.id, undefined, undefined]);
  });

  it('everything that was found is handed on, also what could not be told', async () => {
    const failed: Finding = { kind: 'failed', check: 'x', subject: { kind: 'prompt' }, durationMs: 1, cause: 'threw', detail: '' };
    expect(await looking(failed, about(0)).done).toMatchObject({ stage: 'prompt', findings: [failed, about(0)] });
  });

  it('a picture that is merely broken is the sender’s to correct, and is named', async () => {
    await expect(looking(about(0), about(1, broken)).done).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
      publicMessage: expect.stringContaining('Picture 2 of the request: bad header.'),
    });
  });

  it.each<[string, Signal]>([
    ['a hostile file', { category: 'unsafe_file', score: 1, reason: 'hostile:bomb' }],
    ['a listed file', { category: 'known_bad', score: 1, reason: 'hash:list-a:sha256' }],
    ['the least risk in the prompt', { category: 'hate', score: 0.01, reason: 'lexicon:x' }],
  ])('%s beside a broken one goes to the policy and into the ledger', async (_, signal) => {
    expect((await looking(about(0, signal), about(1, broken)).done).findings).toHaveLength(2);
  });

  it('a signal of no risk at all does not change that', async () => {
    await expect(looking(about(0, { category: 'hate', score: 0, reason: 'x' }), about(1, broken)).done).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
    });
  });
});

describe('texts beside the prompt', () => {
  const beside = aSubmission({ request: { prompt: 'a teapot', parameters: { prompt_2: 'a purple one', quality: 'high', seed: 3 } } });
  const said = (score: number, spans = true): Finding => ({
    kind: 'signals',
    check: 'prompt-rules',
    subject: { kind: 'prompt' },
    durationMs: 1,
    signals: [{ category: 'hate', score, reason: 'lexicon:x', ...(spans ? { spans: [{ start: 0, end: 1 }] } : {}) }],
  });

  async function judged(own: Finding, besides: Finding) {
    const prompts: string[] = [];
    const run = async ([first]: readonly CheckInput[]) => {
      prompts.push(first?.prompt ?? '');
      return { findings: [prompts.length === 1 ? own : besides], expected: [] };
    };
    const { findings } = await precheck(admittedForTest(beside), { behavior: UNWATCHED, checks: { checks: [], run } });
    return { prompts, findings };
  }

  it('are judged together with it, and what only sets something is not', async () => {
    const { prompts } = await judged(said(0.1), said(0.1));
    expect(prompts).toEqual(['a teapot', '{"prompt":"a teapot","prompt_2":"a purple one"}']);
  });

  it('count where they say more, without places in a text that nobody wrote', async () => {
    expect((await judged(said(0.1), said(0.9))).findings).toEqual([said(0.1), said(0.9, false)]);
    expect((await judged(said(0.9), said(0.9))).findings).toEqual([said(0.9)]);
  });

  it('that could not be judged are no pass', async () => {
    const failed: Finding = { kind: 'failed', check: 'x', subject: { kind: 'prompt' }, durationMs: 1, cause: 'threw', detail: '' };
    expect((await judged(said(0.1), failed)).findings).toEqual([said(0.1), failed]);
  });
});
