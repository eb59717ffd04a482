import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, dataUrl, errorOf, expectOurs, fileOf, imagesBody, jsonOf } from './answers.ts';
import { RELEASES } from './sdk-releases.ts';
import { useStudio } from './studio.ts';
import { fieldsOf, neutralPicture } from './upstream.ts';

const studio = useStudio();

const sent = async (i = 0) => fieldsOf(studio.upstream.calls[i]!);
const input = (hue = 0) => neutralPicture('png', 64, hue);

describe.each(RELEASES)('images.edit of the unmodified SDK, $release', ({ OpenAI: release, toFile }) => {
  const images = () => studio.gateway.sdk('api', { release }).images;
  const file = async (hue = 0) => toFile(await input(hue), `in-${hue}.png`, { type: 'image/png' });

  it('edits one picture', async () => {
    const answer = await images().edit({ model: 'studio', prompt: 'make it green', image: await file(1), size: '1024x1024' });
    await expectOurs(studio.gateway, bytesOf(answer.data?.[0]));
    expect(studio.upstream.calls[0]?.path).toBe('/v1/images/edits');
    expect(await sent()).toMatchObject({ prompt: 'make it green', n: '1', size: '1024x1024', image: await input(1) });
  });

  it('edits several pictures with a mask', async () => {
    const answer = await images().edit({
      model: 'studio',
      prompt: 'put them together',
      image: [await file(1), await file(2), await file(3)],
      mask: await file(4),
      n: 2,
    });
    expect(answer.data).toHaveLength(2);
    const { 'image[]': pictures, mask } = await sent();
    expect(pictures).toEqual(await Promise.all([1, 2, 3].map(input)));
    expect(mask).toEqual(await input(4));
  });

  it('edits a picture that it reads from disk and sends in chunks of unknown length, and gets a link', async () => {
    const path = join(studio.gateway.dataDir, 'in.png');
    writeFileSync(path, await neutralPicture('png', 256, 5));
    const answer = await images().edit({
      model: 'studio',
      prompt: 'make it green',
      image: createReadStream(path),
      response_format: 'url',
    });
    const picture = await fetch(answer.data?.[0]?.url ?? '');
    await expectOurs(studio.gateway, Buffer.from(await picture.arrayBuffer()));
    expect(await sent()).toMatchObject({ image: await neutralPicture('png', 256, 5) });
  });

  it('names in a header what an edit could not pass on', async () => {
    const { response } = await images()
      .edit({ model: 'studio', prompt: 'make it green', image: await file(1), input_fidelity: 'high', user: 'someone' })
      .withResponse();
    expect(await sent()).toMatchObject({ input_fidelity: 'high', safety_identifier: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(response.headers.get('x-imprimatur-clamped')).toBe('user');
  });

  it('asks for variations', async () => {
    const answer = await images().createVariation({ model: 'studio', image: await file(1), n: 2 });
    expect(answer.data).toHaveLength(2);
    for (const image of answer.data ?? []) await expectOurs(studio.gateway, bytesOf(image));
    expect(studio.upstream.calls[0]?.path).toBe('/v1/images/variations');
    expect(await sent()).toMatchObject({ n: '2', image: await input(1) });
  });
});

describe('a form whose files come before its words', () => {
  const form = async (prompt: string) => {
    const body = new FormData();
    body.append('mask', fileOf(await input(2)), 'm.png');
    body.append('image', fileOf(await input(1)), 'i.png');
    body.append('model', 'studio');
    body.append('prompt', prompt);
    return studio.gateway.fetch('/v1/images/edits', { method: 'POST', body });
  };

  it('is read whole before anything is judged', async () => {
    expect((await form('make it green')).status).toBe(200);
    expect(await sent()).toMatchObject({ prompt: 'make it green', image: await input(1), mask: await input(2) });
  });

  it('is refused for words that come last, with no call to the model', async () => {
    expect((await errorOf(await form('a scene full of gore'))).code).toMatch(/^(moderation_blocked|review_required)$/);
    expect(studio.upstream.calls).toHaveLength(0);
  });
});

describe('an edit as JSON', () => {
  it('takes pictures and mask as data URLs', async () => {
    const [image, mask] = [await input(1), await input(2)];
    const answer = await studio.gateway.post('/v1/images/edits', {
      model: 'studio',
      prompt: 'make it green',
      images: [{ image_url: dataUrl(image) }, { image_url: dataUrl(image) }],
      mask: { image_url: dataUrl(mask) },
    });
    expect(answer.status).toBe(200);
    const { data } = await jsonOf(answer, imagesBody);
    await expectOurs(studio.gateway, bytesOf(data[0]));
    expect(await sent()).toMatchObject({ prompt: 'make it green', 'image[]': [image, image], mask });
  });

  it.each([{ image_url: 'https://example.com/a.png' }, { file_id: 'file-123' }, { image_url: 'data:image/png;base64,%%%' }])(
    'refuses what it could not pin: %j',
    async (reference) => {
      const answer = await studio.gateway.post('/v1/images/edits', { prompt: 'make it green', images: [reference] });
      expect(answer.status).toBe(400);
      expect(await errorOf(answer)).toMatchObject({ code: 'request_invalid', param: 'images[0]' });
      expect(studio.upstream.calls).toHaveLength(0);
    },
  );

  it('refuses an edit without a picture', async () => {
    const answer = await studio.gateway.post('/v1/images/edits', { prompt: 'make it green' });
    expect(await errorOf(answer)).toMatchObject({ code: 'request_invalid', param: 'image' });
    expect(studio.upstream.calls).toHaveLength(0);
  });
});
