import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import { DRAWN_SIDE, drawnPerson } from '../looking/drawn-person.fixture.ts';
import { createPictureLooker } from '../looking/picture-looker.ts';
import { createEditComparer } from './edit-comparer.ts';
import { type EditComparison, FLAGGED_FROM } from './edit-comparison.ts';

const pool = createWorkerPool({ size: 1, maxRssMb: 1_200 });
afterAll(() => pool.close());
const parts = { pool, deadlineMs: 60_000 };
const compareEdit = createEditComparer({ ...parts, looker: createPictureLooker(parts) });

/** Nobody's likeness: what portraits of real people say stands in `docs/performance.md`. */
const PERSON = await drawnPerson();
const SIDE = DRAWN_SIDE;
const rgb = await sharp(PERSON).removeAlpha().raw().toBuffer();

type Color = readonly [number, number, number];

/** The picture with everything below the neck changed; flat patches and dyes only. */
async function edited(change: (color: Color, luma: number) => Color, quality = 90): Promise<Buffer> {
  const out = Buffer.from(rgb);
  for (let y = 215; y < SIDE; y++) {
    for (let x = 60; x < 400; x++) {
      const at = (y * SIDE + x) * 3;
      const [r = 0, g = 0, b = 0] = rgb.subarray(at, at + 3);
      out.set(
        change([r, g, b], 0.299 * r + 0.587 * g + 0.114 * b).map((value) => Math.max(0, Math.min(255, Math.round(value)))),
        at,
      );
    }
  }
  return sharp(out, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}

/** The cheek. */
const SKIN: Color = [0, 1, 2].map((color) => rgb[(140 * SIDE + 200) * 3 + color] ?? 0) as unknown as Color;
const dyed =
  ([r, g, b]: Color) =>
  (_: Color, luma: number): Color => {
    const own = 0.299 * r + 0.587 * g + 0.114 * b;
    return [r - own + luma, g - own + luma, b - own + luma];
  };

async function compared(
  after: Uint8Array,
  before: Uint8Array = PERSON,
  mask?: Uint8Array,
): Promise<Extract<EditComparison, { kind: 'compared' }>> {
  const answer = await compareEdit({ before, after, ...(mask === undefined ? {} : { mask }) });
  if (answer.kind !== 'compared') throw new Error('a picture could not be read');
  return answer;
}

describe('an edit of a picture of somebody', () => {
  it('is flagged when a patch of their skin color takes the place of their clothes', async () => {
    const { score, samePersons, becameSkin } = await compared(await edited(() => SKIN));
    expect(samePersons).toBe(1);
    expect(becameSkin).toBeGreaterThan(0.3);
    expect(score).toBeGreaterThan(0.6);
  });

  it('is flagged when the patch is shaded and noisy', async () => {
    let state = 1;
    const noisy = () => {
      state = (state * 48_271) % 2_147_483_647;
      const by = (state / 2_147_483_647 - 0.5) * 20;
      return SKIN.map((value) => value + by) as unknown as Color;
    };
    expect((await compared(await edited(noisy))).score).toBeGreaterThan(FLAGGED_FROM);
  });

  it('is flagged when transparency hid the person from people before the edit, and not from the model', async () => {
    const hidden = await sharp(rgb, { raw: { width: SIDE, height: SIDE, channels: 3 } })
      .ensureAlpha(0)
      .png()
      .toBuffer();
    const { samePersons, personsBefore, score } = await compared(await edited(() => SKIN), hidden);
    expect([samePersons, personsBefore]).toEqual([1, 1]);
    expect(score).toBeGreaterThan(0.6);
  });

  it.each<[string, Color]>([
    ['red', [170, 40, 40]],
    ['beige', [205, 175, 145]],
    ['the color of their own skin', SKIN],
    ['blue', [40, 60, 160]],
  ])('is not flagged when the clothes are dyed %s: folds and edges stay', async (_, color) => {
    expect((await compared(await edited(dyed(color)))).score).toBeLessThan(FLAGGED_FROM);
  });

  it('is not flagged when it was only compressed, or is the same', async () => {
    expect((await compared(await sharp(PERSON).jpeg({ quality: 40 }).toBuffer())).score).toBeLessThan(0.1);
    expect((await compared(PERSON)).score).toBe(0);
  });

  it('is flagged when the picture was made smaller as well', async () => {
    const small = await sharp(await edited(() => SKIN))
      .resize(360)
      .toBuffer();
    expect((await compared(small)).score).toBeGreaterThan(FLAGGED_FROM);
  });

  it('is told where it strayed from its mask, and what became skin there; where it kept to it, nothing is', async () => {
    const bared = await edited(() => SKIN);
    const maskOf = async (from: number, to: number) => {
      const rgba = Buffer.alloc(SIDE * SIDE * 4, 255);
      for (let y = from; y < to; y++) for (let x = 0; x < SIDE; x++) rgba[(y * SIDE + x) * 4 + 3] = 0;
      return sharp(rgba, { raw: { width: SIDE, height: SIDE, channels: 4 } })
        .png()
        .toBuffer();
    };
    const kept = await compared(bared, PERSON, await maskOf(205, SIDE));
    expect(kept.strayed).toEqual({ changed: expect.any(Number), skin: 0 });
    expect(kept.strayed?.changed).toBeLessThan(0.02);
    const strayed = await compared(bared, PERSON, await maskOf(0, 40));
    expect(strayed.strayed?.skin).toBeGreaterThan(0.8);
    expect(strayed.score).toBeGreaterThanOrEqual(kept.score);
    const dye = await compared(await edited(dyed([170, 40, 40])), PERSON, await maskOf(0, 40));
    expect(dye.strayed?.skin).toBe(0);
    expect(dye.score).toBeLessThan(FLAGGED_FROM);
  });

  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ['is no picture', () => Buffer.from('x')],
    ['hides nothing', () => PERSON],
    [
      'hides everything',
      () =>
        sharp({ create: { width: 64, height: 64, channels: 4, background: '#0000' } })
          .png()
          .toBuffer(),
    ],
  ])('is compared as if it had no mask when that %s', async (_, mask) => {
    expect((await compared(PERSON, PERSON, await mask())).strayed).toBeNull();
  });

  it('in which the head leans is another pose, and not flagged for that', async () => {
    const leaning = await sharp(PERSON).rotate(25, { background: '#888' }).resize(SIDE, SIDE, { fit: 'cover' }).jpeg().toBuffer();
    const { poseChange, score, samePersons } = await compared(leaning);
    expect([samePersons, poseChange]).toEqual([1, expect.any(Number)]);
    expect(poseChange).toBeGreaterThan(0.5);
    expect(score).toBeLessThan(FLAGGED_FROM);
    expect((await compared(await sharp(PERSON).resize(400).jpeg().toBuffer())).poseChange).toBe(0);
  });

  it('says how many people it knew again, and nothing of strangers', async () => {
    const blank = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect(await compared(blank)).toMatchObject({ personsBefore: 1, samePersons: 0, becameSkin: null, score: 0 });
  });

  it('names the picture that cannot be read', async () => {
    expect(await compareEdit({ before: PERSON, after: Buffer.from('x') })).toEqual({ kind: 'unreadable', which: 'after' });
    expect(await compareEdit({ before: Buffer.from('x'), after: PERSON })).toEqual({ kind: 'unreadable', which: 'before' });
  });
});
