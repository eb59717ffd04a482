import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageFormat } from '../contracts/submission.ts';
import type { JobOutcome } from '../workers/worker-pool.ts';
import { createLabeler } from './visible-label.ts';
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
  it.each(['png', 'jpeg', 'webp'] satisfies ImageFormat[])(
    'can be seen in the lower right of a %s, and changes nothing elsewhere',
    async (format) => {
      const labeled = await run({ bytes: await flat(400, 300).toFormat(format).toBuffer(), format });
      expect(await sharp(labeled).metadata()).toMatchObject({ format, width: 400, height: 300 });
      expect(await change(labeled, { left: 370, top: 270, width: 20, height: 20 })).toBeGreaterThan(60);
      expect(await change(labeled, { left: 0, top: 0, width: 400, height: 200 })).toBeLessThanOrEqual(3);
      expect(await change(labeled, { left: 0, top: 0, width: 300, height: 300 })).toBeLessThanOrEqual(3);
    },
  );

  it('stands in every frame of an animation', async () => {
    const labeled = await run({ bytes: await stacked(120, 100, 3).gif().toBuffer(), format: 'gif' });
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
    const labeled = await run({ bytes: await flat(width, height).png().toBuffer(), format: 'png' });
    expect(await sharp(labeled).metadata()).toMatchObject({ width, height });
  });

  it.each<JobOutcome<never>>([{ kind: 'threw', message: 'x' }, { kind: 'timed_out' }, { kind: 'crashed', detail: 'x' }])(
    'that could not be drawn ($kind) stops the publication',
    async (outcome) => {
      const label = createLabeler({ pool: { run: async () => outcome, close: async () => undefined } });
      await expect(label(new Uint8Array(), 'png')).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    },
  );
});
