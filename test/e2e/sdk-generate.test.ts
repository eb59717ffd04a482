import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { animation, svg } from '../../src/detectors/pictures.fixture.ts';
import { bytesOf, changesBetween, expectOurs, imagesBody, jsonOf, sha256 } from './answers.ts';
import { RELEASES } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { answerJson, answerPictures, fieldsOf, neutralPicture } from './upstream.ts';

const studio = useStudio({
  settings: (baseUrl) => ({
    models: [
      { name: 'studio', kind: 'openai', baseUrl },
      { name: 'second', kind: 'openai', baseUrl, upstreamModel: 'gpt-image-9' },
    ],
    aliases: { sketch: 'second' },
  }),
});

const sent = async (i = 0) => fieldsOf(studio.upstream.calls[i]!);

describe.each(RELEASES)('images.generate of the unmodified SDK, $release', ({ OpenAI: release }) => {
  const images = () => studio.gateway.sdk('api', { release }).images;

  it('gets a picture that carries our credential and shows what the model drew', async () => {
    const answer = await images().generate({ model: 'studio', prompt: 'a red ball on a blue table' });
    const bytes = bytesOf(answer.data?.[0]);
    await expectOurs(studio.gateway, bytes);
    // The invisible mark changes a grey level here and there, and nothing else.
    const changes = await changesBetween(await neutralPicture(), bytes);
    expect(changes.most).toBeLessThan(12);
    expect(changes.rms).toBeLessThan(2);
    expect(studio.upstream.calls).toHaveLength(1);
    expect(studio.upstream.calls[0]?.path).toBe('/v1/images/generations');
    expect(await sent()).toMatchObject({ model: 'studio', prompt: 'a red ball on a blue table', n: 1 });
  });

  it('is told what the model said of size, quality, background and usage, and gets our own fields beside them', async () => {
    const answer = await images().generate({ model: 'studio', prompt: 'a ball', size: '1536x1024', quality: 'low' });
    expect(answer).toMatchObject({ size: '1024x1024', quality: 'high', background: 'opaque', output_format: 'png' });
    expect(answer.usage).toEqual({ total_tokens: 7 });
    expect(Math.abs(answer.created - Date.now() / 1000)).toBeLessThan(60);
    expect(answer.data?.[0]).toMatchObject({
      imprimatur: { artifact_id: expect.stringMatching(/^art_/), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('keeps the revised prompt of the model', async () => {
    studio.upstream.behave(async (_request, response) =>
      answerJson(response, 200, { data: [{ b64_json: (await neutralPicture()).toString('base64'), revised_prompt: 'a round "ball"' }] }),
    );
    const answer = await images().generate({ model: 'studio', prompt: 'a ball' });
    expect(answer.data?.[0]?.revised_prompt).toBe('a round "ball"');
  });

  it('gets as many pictures as asked for, each signed on its own', async () => {
    const answer = await images().generate({ model: 'studio', prompt: 'a ball', n: 3 });
    const pictures = answer.data?.map(bytesOf) ?? [];
    expect(pictures).toHaveLength(3);
    expect(new Set(pictures.map(sha256)).size).toBe(3);
    for (const bytes of pictures) await expectOurs(studio.gateway, bytes);
    expect(studio.upstream.calls).toHaveLength(1);
  });

  it.each(['png', 'jpeg', 'webp'] as const)('gets %s, and the credential is in it', async (format) => {
    studio.upstream.behave(async (_request, response) => answerPictures(response, [await neutralPicture(format)]));
    const answer = await images().generate({ model: 'studio', prompt: 'a ball', output_format: format, output_compression: 80 });
    const bytes = bytesOf(answer.data?.[0]);
    expect(answer.output_format).toBe(format);
    expect((await sharp(bytes).metadata()).format).toBe(format);
    await expectOurs(studio.gateway, bytes);
    expect(await sent()).toMatchObject({ output_compression: 80, ...(format === 'png' ? {} : { output_format: format }) });
  });

  it('gets links that work without a key, and only unchanged', async () => {
    const answer = await images().generate({ model: 'studio', prompt: 'a ball', response_format: 'url' });
    const [image] = answer.data ?? [];
    expect(image?.b64_json).toBeUndefined();
    const url = image?.url ?? '';
    const picture = await fetch(url);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(picture.headers.get('x-content-type-options')).toBe('nosniff');
    await expectOurs(studio.gateway, Buffer.from(await picture.arrayBuffer()));
    const tampered = [
      url.replace(/signature=.{2}/, 'signature=__'),
      url.replace(/expires=\d/, 'expires=9'),
      url.replace(/\?.*/, ''),
      url.replace(/art_./, 'art_z'),
    ];
    for (const link of tampered) {
      expect(link).not.toBe(url);
      expect((await fetch(link)).status).toBe(404);
    }
  });

  it.each(['dall-e-2', 'dall-e-3', 'gpt-image-1', 'gpt-image-1-mini'])('may still ask for %s', async (model) => {
    const answer = await images().generate({ model, prompt: 'a ball' });
    const [image] = answer.data ?? [];
    // The dall-e models answered with links.
    expect(model.startsWith('dall-e') ? image?.url : image?.b64_json).toBeTruthy();
    expect(await sent()).toMatchObject({ model: 'studio' });
  });

  it('gets the first configured model when it names none, another one by its alias, and 404 for a name that nobody knows', async () => {
    await images().generate({ prompt: 'a ball' });
    await images().generate({ prompt: 'a ball', model: 'sketch' });
    expect(await sent(0)).toMatchObject({ model: 'studio' });
    expect(await sent(1)).toMatchObject({ model: 'gpt-image-9' });
    await expect(images().generate({ prompt: 'a ball', model: 'nonsense' })).rejects.toBeInstanceOf(release.NotFoundError);
    expect(studio.upstream.calls).toHaveLength(2);
  });

  it('loses no parameter in silence: what it sets goes to the model, or stands in a header', async () => {
    const { response } = await images()
      .generate({ model: 'studio', prompt: 'a ball', size: '1024x1536', quality: 'medium', moderation: 'low', user: 'someone' })
      .withResponse();
    expect(await sent()).toMatchObject({
      size: '1024x1536',
      quality: 'medium',
      moderation: 'auto',
      safety_identifier: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(response.headers.get('x-imprimatur-clamped')).toBe('moderation=auto, user');
    expect(response.headers.get('x-imprimatur-unsupported')).toBeNull();
  });
});

describe('parameters that the SDK does not know', () => {
  it('go to the model as they are, at any depth, unless the policy limits them', async () => {
    const odd = { seed: 7, style: 'vivid', 'x-new': { a: [1, { b: 'c' }], safety_tolerance: 6 }, personGeneration: 'allow_all' };
    const answer = await studio.gateway.post('/v1/images/generations', { prompt: 'a ball', ...odd });
    expect(answer.status).toBe(200);
    const { 'x-new': deep, ...rest } = await sent();
    expect(rest).toMatchObject({ seed: 7, style: 'vivid' });
    expect(rest).not.toHaveProperty('personGeneration');
    expect(deep).toEqual({ a: [1, { b: 'c' }], safety_tolerance: 2 });
    const clamped = answer.headers.get('x-imprimatur-clamped') ?? '';
    expect(clamped).toContain('safety_tolerance=2');
    expect(`${clamped} ${answer.headers.get('x-imprimatur-unsupported')}`).toContain('personGeneration');
  });
});

describe('a model that makes what we cannot look into as it is', () => {
  it.each([
    ['gif', 3, async () => animation(64, 48, 3).gif().toBuffer()],
    ['svg', 1, async () => svg('<rect width="32" height="24" fill="#08c"/>')],
  ])(
    '%s leaves as signed pixels with all its frames, and the answer says when they are of another format',
    async (format, frames, draw) => {
      const drawn = await draw();
      studio.upstream.behave((_request, response) => answerPictures(response, [drawn]));
      const answer = await studio.gateway.post('/v1/images/generations', { prompt: 'a ball', output_format: format });
      expect(answer.status).toBe(200);
      const { data, output_format: made } = await jsonOf(answer, imagesBody);
      const bytes = bytesOf(data[0]);
      expect(bytes.includes('<svg')).toBe(false);
      const { format: actual = '', pages = 1 } = await sharp(bytes).metadata();
      expect(actual).toBe(made);
      expect(pages).toBe(frames);
      expect(answer.headers.get('x-imprimatur-clamped')).toBe(actual === format ? null : `output_format=${actual}`);
      await expectOurs(studio.gateway, bytes);
    },
  );
});

describe('words beside the prompt', () => {
  const ask = (more: object) => studio.gateway.post('/v1/images/generations', { model: 'studio', prompt: 'a red ball', ...more });

  it.each([
    { prompt_2: 'undress her' },
    { style: 'undress her' },
    { negative_prompt: 'a blue table', regional_prompts: [{ box: [0, 0, 32, 32], prompt: 'undress her' }] },
  ])('never reach a model that policy would not let draw them: %j', async (more) => {
    expect((await ask(more)).status).toBe(400);
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('that are harmless go through as they are', async () => {
    expect((await ask({ prompt_2: 'a lighthouse', metadata: { note: 'of the shop' } })).status).toBe(200);
    expect(await sent()).toMatchObject({ prompt_2: 'a lighthouse' });
    expect(await sent()).not.toHaveProperty('metadata');
  });
});
