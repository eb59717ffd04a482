import { describe, expect, it } from 'vitest';
import type { RefusalStage, RenderEvent, UpstreamFailure, UpstreamFailureCause } from '../contracts/image-model.ts';
import { aDecision, aPrechecked, aSubmission, clearedForTest } from '../contracts/stages.fixture.ts';
import { recordingJournal } from '../ledger/recording-journal.fixture.ts';
import { recordEnd } from './record-end.ts';

type End = Extract<RenderEvent, { kind: 'refused' | 'failed' }>;

async function record(end: End) {
  const journal = recordingJournal();
  const submission = aSubmission();
  const cleared = clearedForTest(aPrechecked(submission), aDecision('allow', { stage: 'prompt' }));
  const outcome = await recordEnd(cleared, end, { journal, model: 'studio' });
  return { outcome, update: journal.acts[0]?.generationUpdate, entry: journal.entries()[0], cleared };
}

const failed = (cause: UpstreamFailureCause, more: Partial<UpstreamFailure> = {}): End => ({
  kind: 'failed',
  failure: { cause, retryable: false, reachedModel: true, detail: 'status 500 from a host', ...more },
});
const refused = (stage: RefusalStage): End => ({
  kind: 'refused',
  refusal: { stage, categories: ['hate'], upstreamCategories: ['their word'], retryable: false, charged: null },
});

describe('the end of a generation at the model', () => {
  it('is in the ledger before anybody hears of it', async () => {
    const { outcome, update, entry } = await record(refused('output'));
    expect(update).toMatchObject({ from: ['running'], state: 'refused', answer: outcome });
    expect(entry).toMatchObject({ kind: 'model.refused', stage: 'output', categories: ['hate'] });
  });

  it.each([
    ['input', 'prompt'],
    ['output', 'output'],
    ['unknown', 'output'],
  ] as const)('tells the user that the model refused at its %s', async (stage, told) => {
    const { outcome, cleared } = await record(refused(stage));
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusal: { by: 'model', stage: told, categories: ['hate'], decisionId: cleared.decision.id },
    });
  });

  it('does not blame the user when the operator’s account is blocked', async () => {
    const { outcome, update } = await record(refused('account'));
    expect(outcome).toEqual({ kind: 'failed', code: 'MODEL_ACCOUNT_BLOCKED' });
    expect(update).toMatchObject({ state: 'failed', intent_released: false });
  });

  it.each([
    ['unreachable', 'MODEL_UNREACHABLE'],
    ['timed_out', 'MODEL_TIMED_OUT'],
    ['reset', 'MODEL_FAILED'],
    ['rate_limited', 'MODEL_RATE_LIMITED'],
    ['unauthorized', 'MODEL_MISCONFIGURED'],
    ['rejected_request', 'PARAMETER_REJECTED'],
    ['server_error', 'MODEL_FAILED'],
    ['garbage', 'MODEL_ANSWER_UNUSABLE'],
  ] as const)('a model that was %s ends it as %s, with the cause in the ledger and nothing of the answer', async (cause, code) => {
    const { outcome, update, entry } = await record(failed(cause));
    expect(outcome).toEqual({ kind: 'failed', code });
    expect(update).toMatchObject({ state: 'failed' });
    expect(entry).toMatchObject({ kind: 'model.failed', cause });
    expect(JSON.stringify(entry)).not.toContain('status 500');
  });

  it('lets the same intent try again only when no picture can have been made and charged', async () => {
    const released = async (end: End) => (await record(end)).update?.intent_released;
    expect(await released(failed('server_error'))).toBe(false);
    expect(await released(failed('timed_out'))).toBe(false);
    expect(await released(refused('input'))).toBe(false);
    expect(await released(failed('unreachable', { reachedModel: false }))).toBe(true);
    expect(await released(failed('rate_limited'))).toBe(true);
    expect(await released(failed('server_error', { retryable: true }))).toBe(true);
  });

  it('passes on that the model asked to come back later, which a 503 does as a 429', async () => {
    expect((await record(failed('server_error', { retryable: true }))).outcome).toEqual({ kind: 'failed', code: 'MODEL_RATE_LIMITED' });
  });

  it('says how long to wait when the model said so', async () => {
    expect((await record(failed('rate_limited', { retryAfterMs: 900 }))).outcome).toEqual({
      kind: 'failed',
      code: 'MODEL_RATE_LIMITED',
      retryAfterMs: 900,
    });
  });
});
