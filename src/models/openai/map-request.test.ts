import { afterEach, describe, expect, it } from 'vitest';
import type { RenderRequest } from '../../contracts/image-model.ts';
import { Bench, eventsOf, input, renderRequest, replyWith } from '../upstream.fixture.ts';
import { CHECKER, type Dialect, fixture, GRADIENT, modelOf } from './model.fixture.ts';

const bench = new Bench();
afterEach(() => bench.close());

async function sentBy(request: Partial<RenderRequest>, dialect: Dialect = {}) {
  const upstream = await bench.upstream(replyWith(fixture('generation.json')));
  await eventsOf(modelOf(bench, upstream, dialect), renderRequest({ n: 2, ...request }));
  const [sent] = upstream.received;
  if (sent === undefined) throw new Error('nothing was sent');
  return sent;
}

async function formOf({ headers, body }: Awaited<ReturnType<typeof sentBy>>) {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': headers['content-type'] ?? '' } }).formData();
  return Promise.all(
    [...form.entries()].map(async ([name, value]) =>
      typeof value === 'string' ? [name, value] : [name, value.type, Buffer.from(await value.arrayBuffer())],
    ),
  );
}

describe('what goes out', () => {
  it('sends a generation with every parameter of the caller, unknown ones included', async () => {
    const parameters = { size: '1024x1024', seed: 7, moderation: 'low', future: { nested: [1, null] }, background: null };
    const { path, headers, body } = await sentBy({ parameters, endUser: 'eu_1' }, { upstreamModel: 'gpt-image-2' });
    expect(path).toBe('/v1/images/generations');
    expect(headers.authorization).toBe('Bearer secret-key');
    const expected = { model: 'gpt-image-2', prompt: 'a soft gradient', n: 2, ...parameters, safety_identifier: 'eu_1' };
    expect(JSON.parse(body.toString())).toEqual(expected);
  });

  it('does not let a parameter replace what was judged, or slip in another end user', async () => {
    const parameters = { prompt: 'other', n: 9, model: 'other', stream: true, images: ['x'], user: 'somebody' };
    const { body } = await sentBy({ parameters, endUser: 'eu_1' });
    expect(JSON.parse(body.toString())).toEqual({
      model: 'house-model',
      prompt: 'a soft gradient',
      n: 2,
      safety_identifier: 'eu_1',
    });
    const notes = modelOf(bench, { baseUrl: 'http://x' }).plan(renderRequest({ parameters, endUser: 'eu_1' })).notes;
    expect(notes.map(({ name }) => name)).toEqual(['prompt', 'n', 'model', 'stream', 'images', 'user']);
  });

  it.each([
    [{ upstreamModel: 'gpt-image-2' }, undefined],
    [{ upstreamModel: 'dall-e-3' }, 'b64_json'],
    [{ upstreamModel: 'dall-e-3', responseFormat: 'url' }, 'url'],
    [{ upstreamModel: 'local', responseFormat: 'b64_json' }, 'b64_json'],
  ] as const)('asks for response_format only where the model takes it: %j', async (dialect, expected) => {
    const { body } = await sentBy({ outputFormat: 'webp' }, dialect);
    const sent = JSON.parse(body.toString());
    expect(sent.response_format).toBe(expected);
    expect(sent.output_format).toBe(dialect.upstreamModel === 'dall-e-3' ? undefined : 'webp');
  });

  it('uses the header and the end-user field that the operator chose', async () => {
    const { headers, body } = await sentBy({ endUser: 'eu_1' }, { apiKeyHeader: 'api-key', endUserField: 'user' });
    expect(headers).toMatchObject({ 'api-key': 'secret-key' });
    expect(headers.authorization).toBeUndefined();
    expect(JSON.parse(body.toString())).toMatchObject({ user: 'eu_1' });
  });

  it('sends an edit of one picture with its mask as a form', async () => {
    const inputs = [input(GRADIENT), input(CHECKER, 'mask', 1)];
    const sent = await sentBy({ operation: 'edit', inputs, parameters: { size: 'auto', tags: ['a', 'b'], svg: { depth: 2 } } });
    expect(sent.path).toBe('/v1/images/edits');
    expect(await formOf(sent)).toEqual([
      ['model', 'house-model'],
      ['prompt', 'a soft gradient'],
      ['n', '2'],
      ['size', 'auto'],
      ['tags[]', 'a'],
      ['tags[]', 'b'],
      ['svg[depth]', '2'],
      ['image', 'image/png', GRADIENT],
      ['mask', 'image/png', CHECKER],
    ]);
  });

  it('sends several pictures as image[], and a hostile parameter name cannot add a field', async () => {
    const inputs = [input(GRADIENT), input(CHECKER, 'image', 1)];
    const sent = await sentBy({ operation: 'edit', inputs, parameters: { 'a"\r\n\r\nx': 'b\r\n--c' } });
    const form = await formOf(sent);
    expect(form.map(([name]) => name)).toEqual(['model', 'prompt', 'n', 'a"\r\n\r\nx', 'image[]', 'image[]']);
  });

  it('sends a variation without prompt and stream, and says so', async () => {
    const request = {
      operation: 'variation',
      inputs: [input(GRADIENT)],
      stream: true,
      partialImages: 2,
      parameters: { style: null },
    } as const;
    const sent = await sentBy({ ...request, prompt: '' });
    expect(sent.path).toBe('/v1/images/variations');
    expect((await formOf(sent)).map(([name]) => name)).toEqual(['model', 'n', 'image']);
    const { notes } = modelOf(bench, { baseUrl: 'http://x' }).plan(renderRequest(request));
    expect(notes.map(({ name }) => name)).toEqual(['stream', 'partial_images', 'prompt', 'style']);
  });

  it('has nothing to note about a plain request', () => {
    const request = renderRequest({ parameters: { size: 'auto', anything: 1 }, stream: true, partialImages: 3, outputFormat: 'webp' });
    expect(modelOf(bench, { baseUrl: 'http://x' }).plan(request).notes).toEqual([]);
  });
});
