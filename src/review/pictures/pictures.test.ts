import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { Rendered } from '../../contracts/stages.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import type { CaseMedium } from './case-media.ts';
import { createEditPictures } from './edit-pictures.ts';
import { workOnPicture } from './picture-work.ts';
import { createPreviews } from './previews.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());

/** Stripes of a color, so that everything of it would be seen. */
async function stripes(width = 480, height = 320): Promise<Uint8Array> {
  const data = Buffer.alloc(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(i % 8 < 4 ? [255, 0, 0] : [0, 0, 255], i * 3);
  return new Uint8Array(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  );
}
const pixels = (bytes: Uint8Array) => sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });

/** How much neighbors differ: what is left of the stripes. */
async function contrast(bytes: Uint8Array, box?: { left: number; top: number; width: number; height: number }): Promise<number> {
  const part = box === undefined ? sharp(bytes) : sharp(bytes).extract(box);
  // `stats` looks at what came in, before anything is done to it.
  const { channels } = await sharp(await part.greyscale().png().toBuffer()).stats();
  return channels[0]?.stdev ?? 0;
}

describe('what a reviewer is shown before they ask for more', () => {
  it('has neither colors nor details of the picture', async () => {
    const bytes = await stripes();
    const { bytes: preview, width, height } = await workOnPicture(pool, { kind: 'preview', bytes, blur: 1 });
    expect([width, height]).toEqual([480, 320]);
    expect((await sharp(preview).metadata()).width).toBe(384);
    expect(await contrast(preview)).toBeLessThan((await contrast(bytes)) / 10);
    const { data } = await pixels(preview);
    const colored = Array.from({ length: data.length / 3 }, (_, i) => Math.abs((data[i * 3] ?? 0) - (data[i * 3 + 2] ?? 0)));
    expect(Math.max(...colored)).toBeLessThan(8);
  });

  it('is not decoded in this process, and a file that is no picture is an error', async () => {
    await expect(workOnPicture(pool, { kind: 'preview', bytes: new Uint8Array(100), blur: 1 })).rejects.toMatchObject({
      code: 'EVIDENCE_UNREADABLE',
    });
  });

  it('is made once for those who go back and forth', async () => {
    const bytes = await stripes();
    let opened = 0;
    const open = async () => {
      opened += 1;
      return bytes;
    };
    const medium: CaseMedium = { id: 'input-0', role: 'input', artifactId: null, open };
    const previewOf = createPreviews(pool);
    const found = { id: 'case_1' as const };
    const [one, two] = [await previewOf(found, medium, 1), await previewOf(found, medium, 1)];
    expect([Buffer.compare(one, two), opened]).toEqual([0, 1]);
    await previewOf(found, medium, 2);
    expect(opened).toBe(2);
  });

  it('stands upright, whatever the camera said', async () => {
    const turned = new Uint8Array(
      await sharp(await stripes())
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer(),
    );
    expect(await workOnPicture(pool, { kind: 'measure', bytes: turned })).toMatchObject({ width: 320, height: 480 });
    const { bytes } = await workOnPicture(pool, { kind: 'show', bytes: turned });
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 320, height: 480, format: 'jpeg' });
  });
});

describe('a picture that is let go with regions made unrecognizable', () => {
  const edit = createEditPictures(pool);
  async function edited(regions: Parameters<typeof edit>[1]) {
    const bytes = await stripes();
    const artifact = { id: 'art_1' as const, position: 0, bytes, sha256: 'x', format: 'png' as const };
    const { artifacts } = await edit({ artifacts: [artifact, { ...artifact, id: 'art_2' as const }] } as unknown as Rendered, regions);
    return { bytes, artifacts };
  }

  it('shows nothing there, and the rest as it was', async () => {
    const { bytes, artifacts } = await edited([{ x: 0, y: 0, width: 0.5, height: 0.5, how: 'blur' }]);
    const [first, second] = artifacts;
    const there = { left: 8, top: 8, width: 200, height: 140 };
    const rest = { left: 260, top: 180, width: 200, height: 120 };
    expect(await contrast(first?.bytes ?? bytes, there)).toBeLessThan((await contrast(bytes, there)) / 10);
    expect(await contrast(first?.bytes ?? bytes, rest)).toBeCloseTo(await contrast(bytes, rest), 5);
    expect(first?.sha256).not.toBe('x');
    expect(second?.bytes).toBe(bytes);
  });

  it('is cut to a region after others of it were blurred, and never beyond its edge', async () => {
    const { artifacts } = await edited([
      { media: 'art_2', x: 0.5, y: 0, width: 1, height: 1, how: 'crop' },
      { media: 'art_2', x: 0.9, y: 0.9, width: 1, height: 1, how: 'blur' },
    ]);
    expect(await sharp(artifacts[1]?.bytes ?? Buffer.alloc(0)).metadata()).toMatchObject({ width: 240, height: 320 });
  });
});
