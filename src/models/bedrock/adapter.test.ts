import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { base64 } from '../image-bytes.ts';
import { bodiesOf, GRADIENT, jobUpstream } from '../job-upstream.fixture.ts';
import { Bench, eventsOf, input, renderRequest } from '../upstream.fixture.ts';
import { createBedrockModel } from './adapter.ts';

const bench = new Bench();
afterEach(() => bench.close());

interface Run {
  readonly status?: number;
  readonly request?: RenderRequest;
  readonly family?: 'stability' | 'nova';
  readonly apiKey?: string;
  readonly accessKeyId?: string;
  readonly region?: string;
}

async function run(name: string, { status = 200, request = renderRequest(), family = 'stability', apiKey = 'k', ...signing }: Run = {}) {
  const file = new URL(`./fixtures/${name}.json`, import.meta.url);
  const upstream = await jobUpstream(bench, { '/model/maker.model-v1%3A0/invoke': { file, status } });
  const settings = {
    name: 'a',
    baseUrl: upstream.baseUrl,
    upstreamModel: 'maker.model-v1:0',
    deadlineMs: 5_000,
    maxReplyBytes: 100_000,
    family,
    ...signing,
  };
  const model = createBedrockModel({ ...settings, apiKey: () => apiKey, outbound: bench.outbound() });
  return { events: await eventsOf(model, request), upstream, notes: model.plan(request).notes };
}

describe('Bedrock', () => {
  it("speaks Stability's words", async () => {
    const { events, upstream } = await run('stability', { request: renderRequest({ parameters: { size: '1536x1024', seed: 7 } }) });
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }] }]);
    expect(bodiesOf(upstream)).toEqual([
      { prompt: 'a soft gradient', mode: 'text-to-image', aspect_ratio: '3:2', seed: 7, output_format: 'png' },
    ]);
    expect(upstream.received[0]?.headers.authorization).toBe('Bearer k');
    const edit = await run('stability', {
      request: renderRequest({ operation: 'edit', inputs: [input(GRADIENT)], parameters: { strength: 0.4 } }),
    });
    expect(bodiesOf(edit.upstream)[0]).toMatchObject({ mode: 'image-to-image', image: base64(GRADIENT), strength: 0.4 });
  });

  it('is asked with a signature where an access key is configured, and never with the secret itself', async () => {
    const { events, upstream } = await run('stability', { accessKeyId: 'AKIDEXAMPLEAKIDEX', region: 'eu-west-1', apiKey: 'sEcReT token' });
    expect(events).toMatchObject([{ kind: 'final' }]);
    const headers = upstream.received[0]?.headers;
    expect(headers?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEAKIDEX\/\d{8}\/eu-west-1\/bedrock\/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
    expect(JSON.stringify(headers)).not.toContain('sEcReT');
  });

  it("speaks Amazon's words", async () => {
    const request = renderRequest({ n: 2, parameters: { size: '1024x768', negative_prompt: 'text' } });
    const { events, upstream } = await run('nova', { family: 'nova', request });
    expect(events).toMatchObject([{ kind: 'final', images: [{ bytes: GRADIENT }, { bytes: GRADIENT }] }]);
    expect(bodiesOf(upstream)).toEqual([
      {
        taskType: 'TEXT_IMAGE',
        textToImageParams: { text: 'a soft gradient', negativeText: 'text' },
        imageGenerationConfig: { numberOfImages: 2, width: 1024, height: 768 },
      },
    ]);
  });

  it.each([
    ['filtered-prompt', 200, { kind: 'refused', refusal: { stage: 'input' } }],
    ['filtered-output', 200, { kind: 'refused', refusal: { stage: 'output' } }],
    ['inference-error', 200, { kind: 'failed', failure: { cause: 'server_error' } }],
    ['validation', 400, { kind: 'failed', failure: { cause: 'rejected_request' } }],
  ])('tells %s for what it is', async (name, status, expected) => {
    expect((await run(name, { status })).events).toMatchObject([expected]);
  });
});
