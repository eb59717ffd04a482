import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { chunk, pngOf, smallPng, smallZip, svg } from '../../src/detectors/pictures.fixture.ts';
import { countOf, dataUrl, errorOf, expectWhole, fileOf, imagesBody, jsonOf } from './answers.ts';
import { useStudio } from './studio.ts';
import { answerPictures, neutralPicture } from './upstream.ts';
import { gate, settledJob } from './waiting.ts';

const studio = useStudio();

function edit(bytes: Uint8Array, field = 'image') {
  const form = new FormData();
  if (field === 'mask') form.append('image', fileOf(smallPng()), 'i.png');
  form.append(field, fileOf(bytes), 'i.png');
  form.append('prompt', 'make it green');
  return studio.gateway.fetch('/v1/images/edits', { method: 'POST', body: form });
}

const truncated = async () => (await neutralPicture('png', 256)).subarray(0, 900);
const text = (words: string) => chunk('tEXt', Buffer.from(`parameters\0${words}`, 'latin1'));

describe('an input picture that is broken', () => {
  it.each([
    ['truncated', truncated],
    ['empty', async () => Buffer.alloc(0)],
    ['not a picture', async () => Buffer.from('a red ball on a blue table')],
    ['of a kind that we cannot look into', async () => Buffer.from('BM'.padEnd(200, '\0'), 'latin1')],
  ])('(%s) is a request to correct: nothing is written down for it', async (_name, make) => {
    const before = await countOf(studio.gateway, 'generations');
    const answer = await edit(await make());
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).code).toMatch(/^(image_unreadable|request_invalid)$/);
    expect(await countOf(studio.gateway, 'generations')).toBe(before);
    expect(studio.upstream.calls).toHaveLength(0);
  });
});

describe('an input picture that attacks', () => {
  it.each([
    ['a bomb whose header promises a gigapixel', async () => pngOf({ width: 40_000, height: 40_000, raw: Buffer.alloc(40_001) })],
    ['a polyglot with a web page behind its end', async () => Buffer.concat([smallPng(), Buffer.from('<html><script>1</script></html>')])],
    ['a polyglot with an archive behind its end', async () => Buffer.concat([smallPng(), smallZip()])],
    ['an SVG with a script', async () => svg('<script>alert(1)</script>')],
    ['an SVG with an event handler', async () => svg('<rect width="9" height="9" onload="alert(1)"/>')],
    ['an SVG that loads something from elsewhere', async () => svg('<image href="http://127.0.0.1:1/x.png" width="9" height="9"/>')],
    ['an SVG that reads a file', async () => Buffer.from('<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>')],
    ['words in its metadata that are refused as a prompt', async () => smallPng(text('naked schoolgirl'))],
  ])('(%s) reaches no model, as a file, as a mask or as a data URL', async (_name, make) => {
    const bytes = await make();
    const asJson = { prompt: 'make it green', images: [{ image_url: dataUrl(bytes) }] };
    for (const answer of [await edit(bytes), await edit(bytes, 'mask'), await studio.gateway.post('/v1/images/edits', asJson)]) {
      expect(answer.status).toBe(400);
      const { code, message } = await errorOf(answer);
      expect(code).toMatch(/^(moderation_blocked|image_unreadable)$/);
      expect(message).not.toMatch(/script|passwd|schoolgirl|lexicon|hostile/);
    }
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('is judged with the good ones beside it', async () => {
    const form = new FormData();
    form.append('image[]', fileOf(await neutralPicture('png', 64)), 'a.png');
    form.append('image[]', fileOf(svg('<script>alert(1)</script>')), 'b.png');
    form.append('prompt', 'make it green');
    expect((await studio.gateway.fetch('/v1/images/edits', { method: 'POST', body: form })).status).toBe(400);
    expect(studio.upstream.calls).toHaveLength(0);
  });
});

describe('a harmless picture', () => {
  it('with words in its metadata passes, and they do not reach the model as a prompt', async () => {
    expect((await edit(smallPng(text('a red ball, Steps: 20')))).status).toBe(200);
    const withExif = await sharp(await neutralPicture('png', 64))
      .jpeg()
      .withExif({ IFD0: { ImageDescription: 'a red ball' } })
      .toBuffer();
    expect((await edit(withExif)).status).toBe(200);
    expect(studio.upstream.calls).toHaveLength(2);
  });
});

describe('too much', () => {
  it('a file of more than 50 MB is refused as too large, and reaches no model', async () => {
    const before = await countOf(studio.gateway, 'generations');
    const answer = await edit(Buffer.alloc(50_000_001, 1));
    expect(answer.status).toBe(413);
    expect(await errorOf(answer)).toMatchObject({ code: 'request_too_large', param: 'image' });
    expect(await countOf(studio.gateway, 'generations')).toBe(before);
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('more files than OpenAI takes are refused', async () => {
    const form = new FormData();
    for (let i = 0; i < 18; i++) form.append('image[]', fileOf(smallPng()), `${i}.png`);
    form.append('prompt', 'make it green');
    const answer = await studio.gateway.fetch('/v1/images/edits', { method: 'POST', body: form });
    expect((await errorOf(answer)).code).toMatch(/^request_(too_large|invalid)$/);
    expect(studio.upstream.calls).toHaveLength(0);
  });

  it('a file in a field that nobody knows is not dropped in silence', async () => {
    expect(await errorOf(await edit(smallPng(), 'reference'))).toMatchObject({ code: 'request_invalid', param: 'reference' });
  });
});

describe('a client that leaves while the model works', () => {
  it.each([false, true])('(streaming: %s) breaks nothing: the picture is finished, recorded, and there for its retry', async (stream) => {
    const { passed, open } = gate();
    studio.upstream.behave(async (_request, response) => {
      await passed;
      answerPictures(response, [await neutralPicture()]);
    });
    const leaving = new AbortController();
    const wish = { prompt: 'a ball', stream };
    const headers = { 'idempotency-key': `left-${stream}` };
    const gone = studio.gateway.post('/v1/images/generations', wish, { headers, signal: leaving.signal }).catch(() => 'left');
    await expect.poll(() => studio.upstream.calls.length).toBe(1);
    leaving.abort();
    expect(await gone).toBe('left');
    open();
    const again = await studio.gateway.post('/v1/images/generations', { ...wish }, { headers });
    expect(again.status).toBe(200);
    await settledJob(studio.gateway, again.headers.get('x-imprimatur-generation-id') ?? '', 'published');
    if (!stream) expect((await jsonOf(again, imagesBody)).data).toHaveLength(1);
    else expect(await again.text()).toContain('image_generation.completed');
    expect(studio.upstream.calls).toHaveLength(1);
  });
});

it('after all of it every record is whole', () => expectWhole(studio.gateway));
