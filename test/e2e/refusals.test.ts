import { describe, expect, it } from 'vitest';
import { ERROR_CODES, ImprimaturError } from '../../src/contracts/errors.ts';
import { errorObject, expectWhole } from './answers.ts';
import { known } from './planted-checks.ts';
import { type OpenAIError, RELEASES, thrownBy } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { answerJson } from './upstream.ts';

const studio = useStudio({ planted: true });
const { plant } = studio;

const BLOCKED_PROMPT = 'naked schoolgirl';
const POLICY = /^standard@\d+\.\d+\.\d+\+sha256:[0-9a-f]{12}$/;

/** Who decided what, on every answer to a generation. */
function expectHeaders({ headers }: { headers: Headers | undefined }) {
  expect(headers?.get('x-request-id')).toMatch(/^req_/);
  expect(headers?.get('x-imprimatur-generation-id')).toMatch(/^gen_/);
  expect(headers?.get('x-imprimatur-decision-id')).toMatch(/^dec_/);
  expect(headers?.get('x-imprimatur-policy')).toMatch(POLICY);
}

/** What the error says about itself, checked against the headers of the same answer. */
function factsOf(error: OpenAIError) {
  const facts = errorObject.parse(error.error);
  expectHeaders({ headers: error.headers });
  expect(facts.imprimatur).toMatchObject({
    request_id: error.requestID,
    decision_id: error.headers?.get('x-imprimatur-decision-id'),
    generation_id: error.headers?.get('x-imprimatur-generation-id'),
    policy: error.headers?.get('x-imprimatur-policy'),
    appeal: expect.stringContaining('support'),
  });
  expect(facts.message).toContain(error.requestID);
  expect(error.headers?.get('x-should-retry')).toBe('false');
  return facts;
}

describe.each(RELEASES)('a refusal, as the SDK sees it, $release', ({ OpenAI: release }) => {
  const client = () => studio.gateway.sdk('api', { release, maxRetries: 2 });
  const refused = (prompt = 'a ball') => thrownBy(client().images.generate({ model: 'studio', prompt }));

  it('of a prompt is a BadRequestError with the moderation details, and the model is never called', async () => {
    const error = await refused(BLOCKED_PROMPT);
    expect(error).toBeInstanceOf(release.BadRequestError);
    expect(error).toMatchObject({ status: 400, code: 'moderation_blocked', type: 'image_generation_user_error' });
    const { moderation_details, imprimatur } = factsOf(error);
    expect(moderation_details?.moderation_stage).toBe('input');
    expect(moderation_details?.categories).toContain('sexual_minors');
    expect(imprimatur).toMatchObject({ stage: 'input', decided_by: 'policy', retry: 'no', categories: moderation_details?.categories });
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('tells the end user why, in their language, and advises other words where other words can help', async () => {
    plant.findInArtifacts({ category: 'violence_gore', score: 0.95, reason: 'planted:test' });
    const told = async (language: string, prompt: string) => {
      const request = client().images.generate({ model: 'studio', prompt }, { headers: { 'accept-language': language } });
      return factsOf(await thrownBy(request)).imprimatur['explanation'];
    };
    expect(await told('de-AT, en;q=0.5', 'a ball')).toEqual({
      language: 'de',
      text: 'Das wurde nicht erstellt, weil es möglicherweise drastische Gewalt betrifft. Sie können es anders beschreiben und es noch einmal versuchen.',
    });
    expect(await told('ja', BLOCKED_PROMPT)).toMatchObject({ language: 'ja', text: expect.not.stringContaining('もう一度') });
  });

  it('of a picture is one too, after exactly one call of the model', async () => {
    plant.findInArtifacts({ category: 'violence_gore', score: 0.95, reason: 'planted:test' });
    const error = await refused();
    expect(error).toBeInstanceOf(release.BadRequestError);
    const { moderation_details, imprimatur } = factsOf(error);
    expect(moderation_details).toEqual({ moderation_stage: 'output', categories: expect.arrayContaining(['violence_gore']) });
    expect(imprimatur).toMatchObject({ stage: 'output', decided_by: 'policy' });
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it('never says that rephrasing helps when the picture is known', async () => {
    plant.findInArtifacts(known(0.95));
    expect(factsOf(await refused()).imprimatur.retry).toBe('no');
  });

  it('that a person has to look at is no empty success: 403, with the case, and not retried', async () => {
    plant.findInArtifacts(known(0.6));
    const error = await refused();
    expect(error).toBeInstanceOf(release.PermissionDeniedError);
    expect(error).toMatchObject({ status: 403, code: 'review_required' });
    const { imprimatur } = factsOf(error);
    expect(imprimatur).toMatchObject({
      retry: 'after_review',
      case_id: expect.stringMatching(/^case_/),
      status_url: `/v1/generations/${imprimatur.generation_id}`,
    });
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it('by the model itself is told as one, with its stage, and not retried', async () => {
    studio.upstream.behave((_request, response) =>
      answerJson(response, 400, {
        error: {
          message: 'Your request was rejected by the safety system.',
          type: 'image_generation_user_error',
          code: 'moderation_blocked',
          moderation_details: { moderation_stage: 'output', categories: ['violence'] },
        },
      }),
    );
    const error = await refused();
    expect(error).toBeInstanceOf(release.BadRequestError);
    const { moderation_details, imprimatur } = factsOf(error);
    expect(moderation_details).toEqual({ moderation_stage: 'output', categories: ['violence_gore'] });
    expect(imprimatur).toMatchObject({ decided_by: 'model', retry: 'rephrase' });
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it('with a wrong key is an AuthenticationError with a request id', async () => {
    const stranger = new release({ apiKey: 'imp_wrong_wrong_wrong', baseURL: `${studio.gateway.url}/v1`, maxRetries: 2 });
    const error = await thrownBy(stranger.images.generate({ prompt: 'a ball' }));
    expect(error).toBeInstanceOf(release.AuthenticationError);
    expect(error.requestID).toMatch(/^req_/);
    expect(error.code).toBe('auth_invalid');
  });
});

describe('a refusal', () => {
  it('says nothing of rules, checks, scores or thresholds', async () => {
    const error = await thrownBy(studio.gateway.sdk().images.generate({ prompt: BLOCKED_PROMPT }));
    expect(JSON.stringify(error.error)).not.toMatch(/lexicon|threshold|floor|prompt-rules|known-hashes|score|planted|schoolgirl/);
  });

  it('leaves every record whole', () => expectWhole(studio.gateway));
});

describe('the headers that say who decided what', () => {
  const post = (body: object = {}) => studio.gateway.post('/v1/images/generations', { prompt: 'a ball', ...body });

  it('stand on a picture', async () => expectHeaders(await post()));

  it('stand on a failure of the model, too', async () => {
    studio.upstream.behave((_request, response) => void response.destroy());
    const answer = await post();
    expect(answer.status).toBe(502);
    expectHeaders(answer);
  });

  it('have an id of their own for every request', async () => {
    const [a, b] = [await post(), await post()];
    for (const name of ['x-request-id', 'x-imprimatur-generation-id', 'x-imprimatur-decision-id']) {
      expect(a.headers.get(name), name).not.toBe(b.headers.get(name));
    }
    expect(a.headers.get('x-imprimatur-policy')).toBe(b.headers.get('x-imprimatur-policy'));
  });
});

describe('the catalogue of errors', () => {
  it('marks as retryable only what neither a person nor the policy decided', () => {
    const retryable = ERROR_CODES.filter((code) => new ImprimaturError(code).retryable);
    expect(retryable.sort()).toEqual([
      'CHECK_FAILED',
      'LIMITS_UNREADABLE',
      'MODEL_RATE_LIMITED',
      'MODEL_UNREACHABLE',
      'RATE_LIMITED',
      'REQUEST_TIMED_OUT',
      'SHUTTING_DOWN',
      'SIGN_IN_UNAVAILABLE',
      'STORAGE_UNAVAILABLE',
    ]);
  });
});
