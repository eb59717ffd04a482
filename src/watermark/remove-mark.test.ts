import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeRaster } from './decode-raster.ts';
import { run } from './finish-picture-job.ts';
import { texturedPicture } from './pictures.fixture.ts';
import type { Raster } from './raster.ts';
import { withoutOldMark } from './remove-mark.ts';
import { detect, embed } from './watermark.ts';

const key = { epoch: 1, secret: new Uint8Array(16).fill(5) };
const [OLD, NEW] = ['1000010000000001', '1000010000000002'] as const;
const png = ({ data, width, height, channels }: Raster) => sharp(data, { raw: { width, height, channels } }).png().toBuffer();
const read = (raster: Raster) => {
  const found = detect(raster, [key], { effort: 'standard' });
  return found.kind === 'found' ? found.payload : found.kind;
};
function marked(seed: number, payload: string = OLD): Raster {
  const made = embed(texturedPicture(640, 512, seed), payload, key);
  if (made.kind !== 'marked') throw new Error(made.reason);
  return made.raster;
}

describe('a picture of ours that comes back', () => {
  it('loses the mark that it had', () => {
    const { raster, hadMark } = withoutOldMark(marked(1), [key]);
    expect([hadMark, read(raster)]).toEqual([true, 'absent']);
  });

  it('is the same object when it had none, and when nobody looks', () => {
    const plain = texturedPicture(320, 320, 2);
    expect(withoutOldMark(plain, [key])).toEqual({ raster: plain, hadMark: false });
    expect(withoutOldMark(marked(1), []).hadMark).toBe(false);
  });

  it.each([
    ['as it was', async (raster: Raster) => png(raster)],
    [
      'recompressed',
      async (raster: Raster) =>
        sharp(await png(raster))
          .jpeg({ quality: 85 })
          .toBuffer(),
    ],
    [
      'made larger',
      async (raster: Raster) =>
        sharp(await png(raster))
          .resize(960)
          .png()
          .toBuffer(),
    ],
    [
      'shifted by a cut',
      async (raster: Raster) =>
        sharp(await png(raster))
          .extract({ left: 37, top: 21, width: 560, height: 460 })
          .png()
          .toBuffer(),
    ],
  ])('bears the new mark and not the old one, also when it is recompressed: %s', async (_, come) => {
    for (const seed of [1, 2, 3]) {
      const bytes = new Uint8Array(await come(marked(seed)));
      const format = bytes[0] === 0xff ? 'jpeg' : 'png';
      const { bytes: made, mark } = await run({
        bytes,
        format,
        label: null,
        mark: { payload: NEW, key, earlierKeys: [key] },
        maxPixels: 1e7,
      });
      expect(mark).toMatchObject({ kind: 'marked', hadEarlierMark: true });
      for (const quality of [90, 70, 50]) {
        const copy = await sharp(made ?? bytes)
          .jpeg({ quality })
          .toBuffer();
        expect(read(await decodeRaster(copy, 1e7))).toBe(NEW);
      }
    }
  });
});
