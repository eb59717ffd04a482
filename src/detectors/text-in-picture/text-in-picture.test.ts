import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import type { CheckInput } from '../../contracts/check.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import type { CheckParts } from '../check-parts.ts';
import { localCheckParts } from '../local-checks.fixture.ts';
import { decodeFrames } from '../looking/decode-frames.ts';
import { blobs, picture } from '../pictures.fixture.ts';
import { drawnText } from './drawn-text.fixture.ts';
import { inReadingOrder } from './reading-order.ts';
import { createTextInPictureCheck } from './text-in-picture-check.ts';
import { mayHoldText } from './text-likeness.ts';
import { textPlaces } from './text-places.ts';
import { createTextReader, type DrawnText } from './text-reader.ts';

const pool = createWorkerPool({ size: 1, maxRssMb: 1_200 });
afterAll(() => pool.close());
const readDrawnText = createTextReader({ pool, deadlineMs: 60_000 });
const LINE = 'cooking in a modern city park';
const flat = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');

async function read(bytes: Uint8Array, effort: 'standard' | 'thorough' = 'standard') {
  const drawn = await readDrawnText(bytes, effort);
  return drawn.kind === 'read' ? drawn.texts.map(flat) : drawn.kind;
}

describe('text that is drawn in a picture', () => {
  it.each([
    ['as it lies', {}],
    ['small', { size: 22 }],
    ['in faint ink', { ink: '#455667' }],
    ['askew', { degrees: 20 }],
    ['upright, from below', { degrees: -90, size: 36 }],
    ['upside down', { degrees: 180 }],
  ])('is read %s', async (_, drawing) => {
    expect(await read(await drawnText([LINE], drawing))).toEqual([flat(LINE)]);
  });

  it('is read line by line, and small letters where every picture is looked at closely', async () => {
    expect(await read(await drawnText(['made in a', 'modern kingdom'], { size: 14 }), 'thorough')).toEqual(['madeinamodernkingdom']);
  });

  it('is read where it hides behind transparency', async () => {
    const { data } = await sharp(await drawnText(['a modern kingdom'], { ink: '#fefefe', paper: '#000' }))
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    // What is not a letter can be seen through: on white, all is white.
    for (let at = 0; at < data.length; at += 4) data[at + 3] = (data[at] ?? 0) > 200 ? 255 : 0;
    const hidden = await sharp(data, { raw: { width: 1_024, height: 768, channels: 4 } })
      .png()
      .toBuffer();
    expect(await read(hidden)).toEqual(['amodernkingdom']);
  });

  it('is none in a picture without any', async () => {
    expect(await read(await picture(blobs(640, 480), 640, 480).png().toBuffer())).toEqual([]);
    expect(await read(Buffer.from('no picture'))).toBe('unreadable');
  });

  it('is not even looked for in a smooth picture', async () => {
    const viewsOf = async (bytes: Buffer) => (await decodeFrames(bytes, 10_000_000))?.views[0]?.[0];
    const [smooth, written] = await Promise.all([
      picture(blobs(640, 480), 640, 480).jpeg().toBuffer().then(viewsOf),
      drawnText([LINE]).then(viewsOf),
    ]);
    expect([smooth, written].map((raster) => raster !== undefined && mayHoldText(raster))).toEqual([false, true]);
  });
});

describe('the check', () => {
  const about = (image: Uint8Array, kind: 'artifact' | 'input_image' = 'artifact'): CheckInput => ({
    subject: { kind, index: 0 },
    prompt: 'a teapot',
    surface: 'api',
    image,
  });
  const never = new AbortController().signal;
  const { localJudge } = localCheckParts({} as CheckParts);
  const reading = (drawn: DrawnText) => createTextInPictureCheck({ readDrawnText: async () => drawn, localJudge }, {});

  it('judges the text as it would judge a prompt, and repeats no word of it', async () => {
    const check = createTextInPictureCheck({ readDrawnText, localJudge }, {});
    const bad = await check.detect(about(await drawnText(['a man', 'making cocaine'])), never);
    expect(bad).toMatchObject({
      kind: 'signals',
      signals: [{ category: 'illegal_goods', reason: expect.stringMatching(/^drawn-text:lexicon:/) }],
    });
    expect(JSON.stringify(bad)).not.toMatch(/cocaine|spans/);
    expect(await check.detect(about(await drawnText([LINE])), never)).toEqual({ kind: 'signals', signals: [] });
  });

  it('abstains on what it cannot open, and on more text than it reads', async () => {
    expect(await reading({ kind: 'unreadable' }).detect(about(new Uint8Array([1])), never)).toMatchObject({ reason: 'unreadable' });
    const page = reading({ kind: 'read', texts: ['a teapot'], isWhole: false });
    expect(await page.detect(about(new Uint8Array([1])), never)).toEqual({ kind: 'abstained', reason: 'too_much_text' });
  });

  it('looks closely at input pictures and edits', async () => {
    const efforts: string[] = [];
    const check = createTextInPictureCheck(
      {
        readDrawnText: async (_, effort) => {
          efforts.push(effort);
          return { kind: 'read', texts: [], isWhole: true };
        },
        localJudge,
      },
      {},
    );
    await check.detect(about(new Uint8Array([1])), never);
    await check.detect(about(new Uint8Array([1]), 'input_image'), never);
    await check.detect({ ...about(new Uint8Array([1])), operation: 'edit' }, never);
    expect(efforts).toEqual(['standard', 'thorough', 'thorough']);
  });
});

describe('the map of text', () => {
  it('becomes turned rectangles, the largest first, without specks', () => {
    const [width, height] = [120, 80];
    const chances = new Float32Array(width * height);
    for (let y = 20; y < 30; y++) for (let x = 10; x < 90; x++) chances[y * width + x] = 0.9;
    for (let step = 0; step < 30; step++) for (let thick = 0; thick < 8; thick++) chances[(40 + step) * width + 60 + step + thick] = 0.8;
    for (let y = 60; y < 70; y++) for (let x = 10; x < 40; x++) chances[y * width + x] = 0.4;
    chances[5] = 1;
    const places = textPlaces({ width, height, chances }, 9);
    expect(places).toHaveLength(2);
    expect(places[0]).toMatchObject({ centerX: 50, centerY: 25, angle: expect.closeTo(0) });
    expect(((places[1]?.angle ?? 0) * 180) / Math.PI).toBeGreaterThan(30);
    expect(textPlaces({ width, height, chances }, 1)).toHaveLength(1);
  });

  it('is read from above, and in a line from the left', () => {
    const place = (centerX: number, centerY: number) => ({ centerX, centerY, width: 40, height: 20, angle: 0 });
    const order = inReadingOrder([place(80, 52), place(10, 100), place(10, 50), place(60, 8)]);
    expect(order.map(({ centerX, centerY }) => [centerX, centerY])).toEqual([
      [60, 8],
      [10, 50],
      [80, 52],
      [10, 100],
    ]);
  });
});
