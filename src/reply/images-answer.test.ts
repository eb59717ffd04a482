import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { aSubmission } from '../contracts/stages.fixture.ts';
import type { Outcome, Published, PublishedArtifactWithBytes } from '../contracts/stages.ts';
import { generationHeaders } from './headers.ts';
import { errorEvent, imageEvents } from './image-events.ts';
import { echoOf, imagesAnswer } from './images-answer.ts';

const artifact = (more: Partial<PublishedArtifactWithBytes> = {}): PublishedArtifactWithBytes => ({
  id: 'art_1',
  format: 'png',
  sha256: 'ab',
  bytes: new Uint8Array([255, 0, 128]),
  ...more,
});
const published: Extract<Outcome, { kind: 'published' }> = {
  kind: 'published',
  createdAt: '2026-11-21T12:00:00.900Z',
  decisionId: 'dec_1',
  policy: 'p',
  artifacts: [],
  usage: { total_tokens: 9 },
  details: { quality: 'high' },
  notes: [],
};
const answerSchema = z.looseObject({
  created: z.number(),
  data: z.array(z.looseObject({ b64_json: z.string().optional(), url: z.string().optional() })),
});
const link = (id: string, format: string) => `https://here/${id}.${format}?a=1&b="2"`;
const read = (artifacts: readonly PublishedArtifactWithBytes[], responseFormat: 'b64_json' | 'url' = 'b64_json', outcome = published) =>
  answerSchema.parse(JSON.parse(imagesAnswer(outcome, artifacts, { responseFormat, size: '64x64' }, link).toString()));

describe('the answer with pictures', () => {
  it('is JSON with exactly the bytes that were published, whatever they are and however many', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 50 }), fc.option(fc.string())), { maxLength: 4 }), (given) => {
        const artifacts = given.map(([bytes, revised]) => artifact({ bytes, ...(revised === null ? {} : { revisedPrompt: revised }) }));
        const { data } = read(artifacts);
        expect(data.map((one) => [...Buffer.from(one.b64_json ?? '', 'base64')])).toEqual(given.map(([bytes]) => [...bytes]));
        expect(data.map((one) => one['revised_prompt'])).toEqual(artifacts.map(({ revisedPrompt }) => revisedPrompt));
      }),
    );
  });

  it('does not give away the bytes behind a view', () => {
    const all = new Uint8Array([1, 2, 3, 4, 5]);
    expect(read([artifact({ bytes: all.subarray(1, 3) })]).data[0]?.b64_json).toBe(Buffer.from([2, 3]).toString('base64'));
  });

  it('says what the model said, and repeats the request where the model said nothing', () => {
    expect(read([artifact({ format: 'webp' })])).toMatchObject({
      created: 1795262400,
      quality: 'high',
      size: '64x64',
      background: 'opaque',
      output_format: 'webp',
      usage: { total_tokens: 9 },
      data: [{ imprimatur: { artifact_id: 'art_1', sha256: 'ab' } }],
    });
    expect(read([artifact()], 'b64_json', { ...published, usage: null })).not.toHaveProperty('usage');
  });

  it('gives links instead of bytes to whoever asked for them', () => {
    const { data } = read([artifact()], 'url');
    expect(data).toMatchObject([{ url: link('art_1', 'png') }]);
    expect(data[0]).not.toHaveProperty('b64_json');
  });

  it('echoes only texts of the request', () => {
    const { request } = aSubmission({ request: { parameters: { size: '1x1', quality: 3, background: null } } });
    expect(echoOf(aSubmission({ request }))).toEqual({ responseFormat: 'b64_json', size: '1x1' });
  });
});

describe('the events of a stream', () => {
  const frame = (more: Partial<Published> = {}): Published => ({
    frame: { kind: 'final' },
    artifacts: [artifact()],
    decisionId: 'dec_1',
    policy: 'p',
    notes: [],
    details: {},
    outcome: published,
    ...more,
  });
  const events = (one: Published, operation: 'generate' | 'edit' = 'generate') =>
    imageEvents(one, operation, { responseFormat: 'b64_json' }).map((bytes) => {
      const [, type, data] = /^event: (\S+)\ndata: (.*)\n\n$/.exec(bytes.toString()) ?? [];
      return { type, data: z.looseObject({ type: z.string() }).parse(JSON.parse(data ?? '{}')) };
    });

  it('are those of OpenAI, partial frames with their number and without usage', () => {
    expect(events(frame({ frame: { kind: 'partial', index: 1 }, outcome: null }))).toMatchObject([
      {
        type: 'image_generation.partial_image',
        data: { type: 'image_generation.partial_image', partial_image_index: 1, b64_json: '/wCA' },
      },
    ]);
    const [final] = events(frame());
    expect(final).toMatchObject({ type: 'image_generation.completed', data: { b64_json: '/wCA', usage: { total_tokens: 9 } } });
    expect(final?.data).not.toHaveProperty('partial_image_index');
    expect(events(frame(), 'edit')[0]?.type).toBe('image_edit.completed');
    expect(events(frame({ artifacts: [artifact(), artifact()] }))).toHaveLength(2);
  });

  it('end with an error that an SDK raises', () => {
    const body = { error: { message: 'No.\n\nevent: fake', type: 't', param: null, code: 'c', imprimatur: {} } };
    const text = errorEvent(body).toString();
    expect(text.split('\n\n')).toHaveLength(2);
    expect(text).toMatch(/^event: error\ndata: \{"type":"error","error":/);
  });
});

describe('the headers of an answer', () => {
  it('name generation, decision, policy and every parameter that did not go through as sent', () => {
    const notes = [
      { name: 'moderation', what: 'clamped', to: 'auto' },
      { name: 'style', what: 'unsupported' },
      { name: 'seed', what: 'unsupported' },
    ] as const;
    expect(generationHeaders('gen_1', { ...published, notes })).toEqual({
      'x-imprimatur-generation-id': 'gen_1',
      'x-imprimatur-decision-id': 'dec_1',
      'x-imprimatur-policy': 'p',
      'x-imprimatur-clamped': 'moderation=auto',
      'x-imprimatur-unsupported': 'style, seed',
    });
  });

  it('cannot be forged or broken by the name of a parameter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const { 'x-imprimatur-unsupported': value = '' } = generationHeaders('gen_1', {
          ...published,
          notes: [{ name, what: 'unsupported' }],
        });
        expect(value).toMatch(/^[\x21-\x7e]{0,80}$/);
      }),
    );
  });
});
