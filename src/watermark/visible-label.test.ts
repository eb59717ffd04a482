import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageFormat } from '../contracts/submission.ts';
import type { JobOutcome } from '../workers/worker-pool.ts';
import { createPictureFinisher } from './finish-picture.ts';
import { drawBadge } from './label-badge.ts';
import { GLYPHS, LABEL_TEXTS } from './label-glyphs.ts';
import { LABEL_POSITIONS } from './label-style.ts';
import { newMarkKey } from './mark-key.ts';

import { run } from './visible-label-job.ts';

const GREY = { r: 120, g: 120, b: 120 };
const flat = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: GREY } });
const stacked = (width: number, height: number, frames: number) => {
  const data = Buffer.alloc(width * height * frames * 3, 120);
  for (let frame = 0; frame < frames; frame++) data.fill(60 + 40 * frame, frame * width * height * 3, frame * width * height * 3 + 30);
  return sharp(data, { raw: { width, height: height * frames, channels: 3, pageHeight: height } });
};

/** How far the pixels of a part differ from the plain grey, at most. */
async function change(bytes: Uint8Array, part: { left: number; top: number; width: number; height: number }, page = 0): Promise<number> {
  const { data } = await sharp(bytes, { page }).removeAlpha().extract(part).raw().toBuffer({ resolveWithObject: true });
  return data.reduce((most, value) => Math.max(most, Math.abs(value - 120)), 0);
}

describe('the visible label', () => {
  it.each(['png', 'jpeg', 'webp', 'avif'] satisfies ImageFormat[])(
    'can be seen in the lower right of a %s, and changes nothing elsewhere',
    async (format) => {
      const labeled = await run({ bytes: await flat(400, 300).toFormat(format).toBuffer(), format, style: {} });
      expect(await sharp(labeled).metadata()).toMatchObject({ format: format === 'avif' ? 'heif' : format, width: 400, height: 300 });
      expect(await change(labeled, { left: 370, top: 270, width: 20, height: 20 })).toBeGreaterThan(60);
      expect(await change(labeled, { left: 0, top: 0, width: 400, height: 200 })).toBeLessThanOrEqual(3);
      expect(await change(labeled, { left: 0, top: 0, width: 240, height: 300 })).toBeLessThanOrEqual(3);
    },
  );

  it.each(LABEL_POSITIONS)('stands %s when the policy puts it there', async (position) => {
    const labeled = await run({ bytes: await flat(400, 300).png().toBuffer(), format: 'png', style: { position } });
    const corner = { left: position.endsWith('left') ? 20 : 360, top: position.startsWith('top') ? 15 : 265, width: 20, height: 20 };
    expect(await change(labeled, corner)).toBeGreaterThan(60);
    expect(await change(labeled, { left: 100, top: 100, width: 200, height: 100 })).toBe(0);
  });

  it.each([
    ['a light', 250, 11],
    ['a dark', 5, 240],
  ])('has the plate that stands out from %s picture', async (_, background, plate) => {
    const bytes = await sharp({
      create: { width: 400, height: 300, channels: 3, background: { r: background, g: background, b: background } },
    })
      .png()
      .toBuffer();
    const labeled = await run({ bytes, format: 'png', style: {} });
    const { data } = await sharp(labeled)
      .removeAlpha()
      .extract({ left: 384, top: 284, width: 2, height: 2 })
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[0] ?? 0) - plate)).toBeLessThan(60);
  });

  it.each(['en', 'de', 'nl', 'fr', 'es', 'pt', 'it', 'pl', 'ru', 'tr', 'ja', 'ko', 'zh', 'ar', 'hi'])(
    'has words in %s, and only letters that it can draw',
    (language) => {
      const text = LABEL_TEXTS[language] ?? '';
      expect(text).toMatch(/\S/);
      for (const char of text) expect(GLYPHS, char).toHaveProperty([char]);
      const badge = drawBadge({ height: 100, maxWidth: 4000, language, onLight: true });
      expect(badge.svg.match(/<path/g)).toHaveLength(text.replaceAll(' ', '').length);
    },
  );

  it('grows with the picture, and says it in two letters where there is no room for words', () => {
    const badge = (maxWidth: number) => drawBadge({ height: 20, maxWidth, language: 'pl', onLight: true });
    expect(badge(1000).svg.match(/<path/g)).toHaveLength(19);
    expect(badge(90).svg.match(/<path/g)).toHaveLength(2);
    expect(badge(90).width).toBeLessThanOrEqual(90);
  });

  it('is in English for a language that it does not know', () => {
    const drawn = (language: string) => drawBadge({ height: 20, maxWidth: 900, language, onLight: true });
    expect(drawn('constructor')).toEqual(drawn('en'));
  });

  it('stands in every frame of an animation', async () => {
    const labeled = await run({ bytes: await stacked(120, 100, 3).gif().toBuffer(), format: 'gif', style: {} });
    const { pages } = await sharp(labeled, { animated: true }).metadata();
    expect(pages).toBe(3);
    for (const page of [0, 1, 2]) expect(await change(labeled, { left: 93, top: 73, width: 20, height: 20 }, page)).toBeGreaterThan(60);
  });

  it.each([
    [1, 1],
    [16, 300],
    [300, 12],
    [21, 21],
  ])('fits into a picture of %d × %d', async (width, height) => {
    const labeled = await run({ bytes: await flat(width, height).png().toBuffer(), format: 'png', style: {} });
    expect(await sharp(labeled).metadata()).toMatchObject({ width, height });
  });

  it.each<JobOutcome<never>>([{ kind: 'threw', message: 'x' }, { kind: 'timed_out' }, { kind: 'crashed', detail: 'x' }])(
    'that could not be drawn ($kind) stops the publication',
    async (outcome) => {
      const pool = { run: async () => outcome, close: async () => undefined };
      const finish = createPictureFinisher({ pool, keys: [newMarkKey(1)], issuer: 0, version: 1 });
      await expect(finish(new Uint8Array(), { format: 'png', label: {}, mark: null })).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    },
  );
});
