import { describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Outcome, RefusalFacts } from '../contracts/stages.ts';
import { failureAnswer, outcomeAnswer } from './error-answer.ts';

const context = {
  requestId: 'req_7',
  generationId: 'gen_7' as const,
  appeal: { contact: 'Write to us.', pageOf: (id: string) => `https://gateway.example/appeal/${id}` },
};
const refusal: RefusalFacts = {
  decisionId: 'dec_1',
  stage: 'prompt',
  categories: ['hate'],
  policy: 'standard@1.0.0+sha256:00',
  by: 'policy',
};
const refused = (more: Partial<RefusalFacts> = {}) => outcomeAnswer({ kind: 'refused', refusal: { ...refusal, ...more } }, context);
const held: Outcome = { kind: 'held', caseId: 'case_1', refusal, rendering: null };

describe('the answer to a refused request', () => {
  it('is the error that OpenAI’s SDKs know, and is never retried by them', () => {
    expect(refused()).toMatchObject({
      status: 400,
      headers: { 'x-should-retry': 'false' },
      body: {
        error: {
          code: 'moderation_blocked',
          type: 'image_generation_user_error',
          moderation_details: { moderation_stage: 'input', categories: ['hate'] },
        },
      },
    });
    expect(refused({ stage: 'output' }).body.error.moderation_details?.moderation_stage).toBe('output');
    expect(refused({ stage: 'review' }).body.error.moderation_details?.moderation_stage).toBe('output');
  });

  it('says by which decision, under which policy, and how to object with which id', () => {
    const { error } = refused().body;
    expect(error.message).toContain('object at https://gateway.example/appeal/dec_1 and give the request id req_7.');
    expect(error.imprimatur).toMatchObject({
      decision_id: 'dec_1',
      generation_id: 'gen_7',
      policy: refusal.policy,
      decided_by: 'policy',
      appeal: 'Write to us.',
      appeal_url: 'https://gateway.example/appeal/dec_1',
      statement_url: '/v1/generations/gen_7/statement',
    });
  });

  it('advises to say it differently, but not where nobody should', () => {
    const advice = (...categories: RefusalFacts['categories']) => refused({ categories }).body.error.imprimatur['retry'];
    expect([advice('hate'), advice(), advice('hate', 'sexual_minors'), advice('known_bad'), advice('unsafe_file')]).toEqual([
      'rephrase',
      'rephrase',
      'no',
      'no',
      'no',
    ]);
  });
});

describe('the answer to a held request', () => {
  it('says that a person looks, where to ask, and nothing of what was made', () => {
    const answer = outcomeAnswer(
      { ...held, rendering: { usage: null, modelVersion: 'm', details: {}, notes: [], revisedPrompts: ['a secret'] } },
      context,
    );
    expect(answer).toMatchObject({
      status: 403,
      headers: { 'x-should-retry': 'false' },
      body: {
        error: { code: 'review_required', imprimatur: { case_id: 'case_1', retry: 'after_review', status_url: '/v1/generations/gen_7' } },
      },
    });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

describe('the answer to a failure', () => {
  it('says only what the catalogue says, never what stands in our logs', () => {
    const error = new ImprimaturError('CHECK_FAILED', { detail: 'known-hashes threw at 10.0.0.1', cause: new Error('secret') });
    const answer = failureAnswer(error, context);
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'x-should-retry': 'true' },
      body: { error: { code: 'check_failed', imprimatur: { retry: 'later' } } },
    });
    expect(JSON.stringify(answer)).not.toMatch(/known-hashes|10\.0\.0\.1|secret/);
  });

  it('says how long to wait, in both headers that SDKs read', () => {
    const answer = outcomeAnswer({ kind: 'failed', code: 'MODEL_RATE_LIMITED', retryAfterMs: 1_100 }, context);
    expect(answer.headers).toEqual({ 'x-should-retry': 'true', 'retry-after-ms': '1100', 'retry-after': '2' });
  });

  it('asks for no retry where one could make and charge a second picture', () => {
    for (const code of ['GENERATION_LOST', 'MODEL_TIMED_OUT', 'MODEL_FAILED', 'PUBLISH_FAILED', 'INTERNAL'] as const) {
      expect(outcomeAnswer({ kind: 'failed', code }, context).headers['x-should-retry']).toBe('false');
    }
  });
});
