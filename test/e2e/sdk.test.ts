import { createHash } from 'node:crypto';
import { createReadStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type OpenAI from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { smallPng } from '../../src/detectors/pictures.fixture.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { RELEASES } from './sdk-releases.ts';
import { answerJson, fieldsOf, neutralPicture, startUpstream, type Upstream } from './upstream.ts';

let upstream: Upstream;
let gateway: TestGateway;
beforeAll(async () => {
  upstream = await startUpstream();
  gateway = await startTestGateway({
    models: [
      { name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl },
      { name: 'second', kind: 'openai', baseUrl: upstream.baseUrl, upstreamModel: 'gpt-image-9' },
    ],
    aliases: { sketch: 'second' },
  });
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});
beforeEach(() => upstream.reset());

const bytesOf = (image: OpenAI.Image | undefined) => Buffer.from(image?.b64_json ?? '', 'base64');
const sent = async (i = 0) => fieldsOf(upstream.calls[i]!);
const dataUrl = (bytes: Buffer) => `data:image/png;base64,${bytes.toString('base64')}`;

async function expectOurs(bytes: Buffer) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), 'picture');
  const report = await (await gateway.fetch('/v1/verify', { method: 'POST', body: form })).json();
  expect(report.verdict).toBe('ours-intact');
  expect(report.record.published_sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
}

describe.each(RELEASES)('the unmodified SDK, $release', ({ OpenAI: release, toFile }) => {
  const client = () => gateway.sdk('api', { release });
  const file = async (hue = 0) => toFile(await neutralPicture('png', 64, hue), `in-${hue}.png`, { type: 'image/png' });

  it('gets a picture that carries our credential and shows what the model drew', async () => {
    const answer = await client().images.generate({ model: 'studio', prompt: 'a red ball on a blue table' });
    const bytes = bytesOf(answer.data?.[0]);
    await expectOurs(bytes);
    const drawn = await sharp(await neutralPicture())
      .raw()
      .toBuffer();
    expect((await sharp(bytes).removeAlpha().raw().toBuffer()).equals(drawn)).toBe(true);
    expect(upstream.calls).toHaveLength(1);
    expect(upstream.calls[0]?.path).toBe('/v1/images/generations');
    expect(await sent()).toMatchObject({ model: 'studio', prompt: 'a red ball on a blue table', n: 1 });
  });

  it('is told what the model said of size, quality, background and usage, and gets our own fields beside them', async () => {
    const answer = await client().images.generate({ model: 'studio', prompt: 'a ball', size: '1536x1024', quality: 'low' });
    expect(answer).toMatchObject({ size: '1024x1024', quality: 'high', background: 'opaque', output_format: 'png' });
    expect(answer.usage).toEqual({ total_tokens: 7 });
    expect(answer.data?.[0]).toMatchObject({
      imprimatur: { artifact_id: expect.stringMatching(/^art_/), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it('keeps the revised prompt of the model', async () => {
    upstream.behave(async (_request, response) =>
      answerJson(response, 200, { data: [{ b64_json: (await neutralPicture()).toString('base64'), revised_prompt: 'a round "ball"' }] }),
    );
    const answer = await client().images.generate({ model: 'studio', prompt: 'a ball' });
    expect(answer.data?.[0]?.revised_prompt).toBe('a round "ball"');
  });

  it('gets links that work without a key, and only unchanged', async () => {
    const answer = await client().images.generate({ model: 'studio', prompt: 'a ball', response_format: 'url' });
    const [image] = answer.data ?? [];
    expect(image?.b64_json).toBeUndefined();
    const url = image?.url ?? '';
    const picture = await fetch(url);
    expect(picture.status).toBe(200);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(picture.headers.get('x-content-type-options')).toBe('nosniff');
    await expectOurs(Buffer.from(await picture.arrayBuffer()));
    for (const tampered of [
      url.replace(/signature=./, 'signature=_'),
      url.replace(/expires=\d/, 'expires=9'),
      url.replace(/\?.*/, ''),
      url.replace(/art_./, 'art_z'),
    ]) {
      expect((await fetch(tampered)).status).toBe(404);
    }
  });

  it('gets as many pictures as asked for, each signed on its own', async () => {
    const answer = await client().images.generate({ model: 'studio', prompt: 'a ball', n: 4 });
    expect(answer.data).toHaveLength(4);
    const pictures = answer.data?.map(bytesOf) ?? [];
    expect(new Set(pictures.map((bytes) => createHash('sha256').update(bytes).digest('hex'))).size).toBe(4);
    for (const bytes of pictures) await expectOurs(bytes);
    expect(upstream.calls).toHaveLength(1);
  });

  it.each(['dall-e-2', 'dall-e-3', 'gpt-image-1'])('may still ask for the retired %s', async (model) => {
    const answer = await client().images.generate({ model, prompt: 'a ball' });
    const [image] = answer.data ?? [];
    // The dall-e models answered with links.
    expect(model.startsWith('dall-e') ? image?.url : image?.b64_json).toBeTruthy();
    expect(await sent()).toMatchObject({ model: 'studio' });
  });

  it('gets the first configured model when it names none, and another one by its alias', async () => {
    await client().images.generate({ prompt: 'a ball' });
    await client().images.generate({ prompt: 'a ball', model: 'sketch' });
    expect(await sent(0)).toMatchObject({ model: 'studio' });
    expect(await sent(1)).toMatchObject({ model: 'gpt-image-9' });
  });

  it('edits one picture', async () => {
    const answer = await client().images.edit({ model: 'studio', prompt: 'make it green', image: await file(1), size: '1024x1024' });
    await expectOurs(bytesOf(answer.data?.[0]));
    expect(upstream.calls[0]?.path).toBe('/v1/images/edits');
    expect(await sent()).toMatchObject({ prompt: 'make it green', n: '1', size: '1024x1024', image: await neutralPicture('png', 64, 1) });
  });

  it('edits several pictures with a mask', async () => {
    const answer = await client().images.edit({
      model: 'studio',
      prompt: 'put them together',
      image: [await file(1), await file(2), await file(3)],
      mask: await file(4),
      n: 2,
    });
    expect(answer.data).toHaveLength(2);
    const { 'image[]': images, mask } = await sent();
    expect(images).toEqual(await Promise.all([1, 2, 3].map((hue) => neutralPicture('png', 64, hue))));
    expect(mask).toEqual(await neutralPicture('png', 64, 4));
  });

  it('edits a picture that it reads from disk and sends in chunks of unknown length', async () => {
    const path = join(gateway.dataDir, 'in.png');
    writeFileSync(path, await neutralPicture('png', 256, 5));
    const answer = await client().images.edit({ model: 'studio', prompt: 'make it green', image: createReadStream(path) });
    await expectOurs(bytesOf(answer.data?.[0]));
    expect(await sent()).toMatchObject({ image: await neutralPicture('png', 256, 5) });
  });

  it('asks for variations', async () => {
    const answer = await client().images.createVariation({ model: 'studio', image: await file(1), n: 2 });
    expect(answer.data).toHaveLength(2);
    expect(upstream.calls[0]?.path).toBe('/v1/images/variations');
    expect(await sent()).toMatchObject({ n: '2', image: await neutralPicture('png', 64, 1) });
  });

  it('lists the models and finds one by any name that it may write', async () => {
    const { data } = await client().models.list();
    expect(data.map(({ id }) => id)).toEqual(['studio', 'second', 'sketch']);
    expect(await client().models.retrieve('studio')).toMatchObject({ id: 'studio', object: 'model' });
    expect(await client().models.retrieve('dall-e-3')).toMatchObject({ id: 'dall-e-3', object: 'model' });
    await expect(client().models.retrieve('nonsense')).rejects.toBeInstanceOf(release.NotFoundError);
  });

  it('moderates a text, several texts, and a text with a picture', async () => {
    const one = await client().moderations.create({ model: 'omni-moderation-latest', input: 'a bowl of fruit' });
    expect(one.results).toHaveLength(1);
    expect(one.results[0]).toMatchObject({ flagged: false, categories: { violence: false, 'self-harm/intent': false } });

    const many = await client().moderations.create({ input: ['a bowl of fruit', 'a scene full of gore', 'a tree'] });
    expect(many.results.map(({ flagged }) => flagged)).toEqual([false, true, false]);
    expect(many.results[1]?.categories).toMatchObject({ violence: true, 'violence/graphic': true, violence_gore: true });
    expect(many.results[1]?.category_applied_input_types).toMatchObject({ violence: ['text'] });

    const mixed = await client().moderations.create({
      input: [
        { type: 'text', text: 'what is this?' },
        { type: 'image_url', image_url: { url: dataUrl(await neutralPicture()) } },
      ],
    });
    expect(mixed.results).toHaveLength(1);
    expect(mixed.results[0]?.flagged).toBe(false);
    expect(upstream.calls).toHaveLength(0);
  });

  it('is warned by the moderation of a picture that hides something behind its last byte', async () => {
    const polyglot = Buffer.concat([smallPng(), Buffer.from('<html><script>alert(1)</script></html>')]);
    const { results } = await client().moderations.create({ input: [{ type: 'image_url', image_url: { url: dataUrl(polyglot) } }] });
    expect(results[0]).toMatchObject({ flagged: true, category_applied_input_types: { unsafe_file: ['image'] } });
  });
});

describe('a form whose files come before its words', () => {
  it('is read whole before anything is judged', async () => {
    const form = new FormData();
    form.append('mask', new Blob([new Uint8Array(await neutralPicture('png', 64, 2))]), 'm.png');
    form.append('image', new Blob([new Uint8Array(await neutralPicture('png', 64, 1))]), 'i.png');
    form.append('model', 'studio');
    form.append('prompt', 'make it green');
    const answer = await gateway.fetch('/v1/images/edits', { method: 'POST', body: form });
    expect(answer.status).toBe(200);
    expect(await sent()).toMatchObject({ prompt: 'make it green', mask: await neutralPicture('png', 64, 2) });
  });

  it('is refused for words that come last, with no call to the model', async () => {
    const form = new FormData();
    form.append('image', new Blob([new Uint8Array(await neutralPicture('png', 64, 1))]), 'i.png');
    form.append('prompt', 'a scene full of gore and mutilation, decapitated');
    const answer = await gateway.fetch('/v1/images/edits', { method: 'POST', body: form });
    expect([400, 403]).toContain(answer.status);
    expect(upstream.calls).toHaveLength(0);
  });
});

describe('an edit as JSON', () => {
  it('takes pictures and mask as data URLs', async () => {
    const [image, mask] = [await neutralPicture('png', 64, 1), await neutralPicture('png', 64, 2)];
    const answer = await gateway.post('/v1/images/edits', {
      model: 'studio',
      prompt: 'make it green',
      images: [{ image_url: dataUrl(image) }, { image_url: dataUrl(image) }],
      mask: { image_url: dataUrl(mask) },
    });
    expect(answer.status).toBe(200);
    await expectOurs(bytesOf((await answer.json()).data[0]));
    expect(await sent()).toMatchObject({ prompt: 'make it green', 'image[]': [image, image], mask });
  });

  it.each([{ image_url: 'https://example.com/a.png' }, { file_id: 'file-123' }, { image_url: 'data:image/png;base64,%%%' }])(
    'refuses what it could not pin: %j',
    async (reference) => {
      const answer = await gateway.post('/v1/images/edits', { prompt: 'make it green', images: [reference] });
      expect(answer.status).toBe(400);
      expect((await answer.json()).error).toMatchObject({ code: 'request_invalid', param: 'images[0]' });
      expect(upstream.calls).toHaveLength(0);
    },
  );
});

describe('the provenance check', () => {
  const check = async (bytes: Buffer) =>
    (gateway.sdk() as OpenAI).contentProvenanceChecks.create({ file: new File([new Uint8Array(bytes)], 'a.png') });

  it('finds our credential in a picture that we made', async () => {
    const before = Date.now() - 1000;
    const answer = await gateway.sdk().images.generate({ model: 'studio', prompt: 'a ball' });
    const { object, results } = await check(bytesOf(answer.data?.[0]));
    expect(object).toBe('content_provenance_check');
    const found = results.find(({ type }) => type === 'c2pa');
    expect(found).toMatchObject({
      outcome: 'detected',
      validation_state: 'trusted',
      issuer: expect.any(String),
      model: expect.stringContaining('studio'),
    });
    // RFC 3339, as the SDK types it.
    expect(found?.generated_at).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
    expect(Date.parse(found?.generated_at ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('finds nothing in a picture of somebody else, and a broken seal in ours when a pixel was changed', async () => {
    const foreign = await check(await neutralPicture());
    expect(foreign.results[0]).toMatchObject({ outcome: 'not_detected', validation_state: 'not_present', generated_at: null });

    const answer = await gateway.sdk().images.generate({ model: 'studio', prompt: 'a ball' });
    const bytes = bytesOf(answer.data?.[0]);
    const at = bytes.lastIndexOf('IDAT');
    bytes[at + 40] = (bytes[at + 40] ?? 0) ^ 1;
    expect((await check(bytes)).results[0]).toMatchObject({ outcome: 'detected', validation_state: 'invalid' });
  });
});
