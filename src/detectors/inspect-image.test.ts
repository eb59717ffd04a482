import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorkerPool } from '../workers/fork-pool.ts';
import type { WorkerPool } from '../workers/worker-pool.ts';
import { createImageInspector } from './inspect-image.ts';
import { animation, blobs, chunk, noise, PNG_SIGNATURE, picture, smallPng, svg } from './pictures.fixture.ts';
import { createIsBlack } from './pixels/is-black.ts';
import { createRasterizer } from './pixels/rasterize.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());

/** The real pool, counting. */
function counting(): { pool: WorkerPool; jobs: () => number } {
  let jobs = 0;
  const run: WorkerPool['run'] = (job, signal) => {
    jobs += 1;
    return pool.run(job, signal);
  };
  return { pool: { run, close: async () => {} }, jobs: () => jobs };
}
const lostPool = (outcome: unknown): WorkerPool => ({ run: async () => outcome, close: async () => {} }) as unknown as WorkerPool;
const scene = (width = 700, height = 600) => picture(blobs(width, height), width, height);
const inspector = createImageInspector({ pool, deadlineMs: 20_000 });
const factsOf = async (bytes: Uint8Array) => {
  const inspection = await inspector.inspect(bytes);
  if (inspection.kind === 'refused') throw new Error(JSON.stringify(inspection.problems));
  return inspection.facts;
};

describe('looking into a picture', () => {
  it.each(['png', 'jpeg', 'webp', 'avif', 'tiff'] as const)('decodes a %s in the pool', async (format) => {
    const facts = await factsOf(await scene().toFormat(format, { effort: 1 }).toBuffer());
    expect(facts).toMatchObject({ width: 700, height: 600, frames: 1, isBlack: false });
    expect(facts.pdq).toHaveLength(1);
    expect(facts.pdq[0]?.hashes).toHaveLength(8);
    expect(facts.meanLuma).toBeGreaterThan(90);
  });

  it('looks at every frame of an animation', async () => {
    const facts = await factsOf(await animation(40, 30, 5).gif().toBuffer());
    expect(facts.frames).toBe(5);
    expect(new Set(facts.pdq.map(({ hashes }) => hashes[0])).size).toBe(5);
  });

  it('sees what transparency hides from people, and what people see', async () => {
    const hidden = await scene(600, 520).ensureAlpha(0).png().toBuffer();
    const facts = await factsOf(hidden);
    expect(facts.pdq.map(({ view }) => view)).toEqual(['rgb', 'on_black', 'on_white']);
    expect(facts.pdq[0]?.quality).toBeGreaterThan(30);
    expect(facts.pdq[2]?.quality).toBe(0);
    expect(facts.meanLuma).toBeGreaterThan(254);
  });

  it.each([
    ['white', 255, 'on_black'],
    ['black', 0, 'on_white'],
  ])('sees a picture that is %s all over, and drawn in its transparency alone', async (_, level, seenIn) => {
    const shown = await scene(500, 400).greyscale().raw().toBuffer();
    const rgba = Buffer.alloc(500 * 400 * 4, level);
    for (const [at, value] of shown.entries()) rgba[at * 4 + 3] = value;
    const bytes = await sharp(rgba, { raw: { width: 500, height: 400, channels: 4 } })
      .png()
      .toBuffer();
    const { pdq } = await factsOf(bytes);
    expect(pdq.filter(({ quality }) => quality > 30).map(({ view }) => view)).toEqual([seenIn]);
    const plain = await factsOf(await scene(500, 400).greyscale().png().toBuffer());
    // On white it is the negative.
    if (seenIn === 'on_black') expect(pdq.find(({ view }) => view === seenIn)?.hashes).toEqual(plain.pdq[0]?.hashes);
  });

  it('sees hidden color in every frame of an animation with transparent parts', async () => {
    const frames = 3;
    const rgba = await picture(blobs(600, 520 * frames), 600, 520 * frames)
      .ensureAlpha(0.5)
      .raw()
      .toBuffer();
    const bytes = await sharp(rgba, { raw: { width: 600, height: 520 * frames, channels: 4, pageHeight: 520 } })
      .webp({ effort: 0 })
      .toBuffer();
    const facts = await factsOf(bytes);
    expect(facts.pdq.map(({ view, frame }) => `${view} ${frame}`)).toEqual([
      'rgb 0',
      'rgb 1',
      'rgb 2',
      'on_black 0',
      'on_black 1',
      'on_black 2',
      'on_white 0',
      'on_white 1',
      'on_white 2',
    ]);
  });

  it('decodes once, however many ask, and again for another copy', async () => {
    const { pool: counted, jobs } = counting();
    const shared = createImageInspector({ pool: counted });
    const bytes = await scene().png().toBuffer();
    await Promise.all([shared.inspect(bytes), shared.inspect(bytes), shared.inspect(bytes)]);
    expect(jobs()).toBe(1);
    await shared.inspect(Buffer.from(bytes));
    expect(jobs()).toBe(2);
  });

  it('does not decode again what somebody else has inspected', async () => {
    const { pool: counted, jobs } = counting();
    const shared = createImageInspector({ pool: counted });
    const bytes = await scene().png().toBuffer();
    const inspection = await inspector.inspect(bytes);
    shared.remember(bytes, inspection);
    expect(await shared.inspect(bytes)).toEqual(inspection);
    expect(jobs()).toBe(0);
  });

  it('does not hand a file to the decoder whose header speaks against it', async () => {
    const header = chunk('IHDR', Buffer.from([0, 0, 255, 255, 0, 0, 255, 255, 8, 0, 0, 0, 0]));
    const bomb = Buffer.concat([PNG_SIGNATURE, header, chunk('IDAT', Buffer.alloc(20)), chunk('IEND', Buffer.alloc(0))]);
    // Had the decoder seen it, it would be called undecodable.
    expect(await inspector.inspect(bomb)).toMatchObject({
      problems: [{ code: 'truncated' }, { severity: 'hostile', code: 'decompression_bomb' }],
    });
  });

  it('refuses a picture with damaged pixels', async () => {
    const bytes = await scene(64, 64).png().toBuffer();
    const at = bytes.indexOf('IDAT') + 40;
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    expect(await inspector.inspect(bytes)).toMatchObject({ kind: 'refused', problems: [{ severity: 'malformed', code: 'undecodable' }] });
  });

  it.each([
    [{ kind: 'timed_out' }, 'JOB_TIMED_OUT'],
    [{ kind: 'crashed', detail: 'signal' }, 'JOB_CRASHED'],
    [{ kind: 'threw', message: 'x' }, 'JOB_THREW'],
  ])('fails, and does not remember, when the pool loses the job (%j)', async (outcome, code) => {
    const losing = createImageInspector({ pool: lostPool(outcome) });
    const bytes = smallPng();
    await expect(losing.inspect(bytes)).rejects.toMatchObject({ name: 'LostJob', code });
    await expect(losing.inspect(bytes)).rejects.toMatchObject({ code });
  });

  it('stops waiting when told to, without ending the decode for others', async () => {
    const bytes = await scene().png().toBuffer();
    const stop = new AbortController();
    const [first, second] = [inspector.inspect(bytes, stop.signal), inspector.inspect(bytes)];
    stop.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect((await second).kind).toBe('inspected');
  });
});

describe('pictures that are black', () => {
  const isBlack = createIsBlack(inspector);
  const flat = (level: number) => picture(new Uint8Array(64 * 64 * 3).fill(level), 64, 64);

  it('knows them, re-encoded too', async () => {
    expect(await isBlack(await flat(0).png().toBuffer())).toBe(true);
    expect(await isBlack(await flat(1).jpeg({ quality: 40 }).toBuffer())).toBe(true);
  });

  it('does not take dark or tiny-dotted pictures for black', async () => {
    const dot = new Uint8Array(64 * 64 * 3);
    dot.fill(255, 600, 603);
    expect(await isBlack(await flat(24).png().toBuffer())).toBe(false);
    expect(await isBlack(await picture(dot, 64, 64).png().toBuffer())).toBe(false);
  });

  it('rejects when it cannot tell', async () => {
    await expect(isBlack(Buffer.from('no picture'))).rejects.toMatchObject({ code: 'PICTURE_UNREADABLE' });
  });
});

describe('turning files into plain pixels', () => {
  const rasterize = createRasterizer({ pool, deadlineMs: 20_000 });

  it('draws an SVG at its natural size', async () => {
    const raster = await rasterize(svg('<rect width="32" height="24" fill="#0a0"/>'));
    expect(raster).toMatchObject({ format: 'png', changed: true });
    expect(await factsOf(raster.bytes)).toMatchObject({ width: 32, height: 24 });
  });

  it('encodes a GIF anew, frame by frame, without what came with it', async () => {
    const comment = Buffer.concat([Buffer.from([0x21, 0xfe, 8]), Buffer.from('a teapot'), Buffer.from([0])]);
    const original = await animation(40, 30, 3).gif().toBuffer();
    const raster = await rasterize(Buffer.concat([original.subarray(0, -1), comment, Buffer.from([0x3b])]));
    expect(raster).toMatchObject({ format: 'gif', changed: true });
    expect(Buffer.from(raster.bytes).includes('teapot')).toBe(false);
    expect(await factsOf(raster.bytes)).toMatchObject({ frames: 3 });
  });

  it('gives plain pictures and refused files back as they are', async () => {
    for (const bytes of [
      await scene().png().toBuffer(),
      await picture(noise(8, 8), 8, 8).webp().toBuffer(),
      svg('<script/>'),
      Buffer.from('x'),
    ]) {
      expect(await rasterize(bytes)).toMatchObject({ bytes, changed: false });
    }
  });

  it('fails rather than let an SVG go on when the pool lost the job', async () => {
    await expect(createRasterizer({ pool: lostPool({ kind: 'timed_out' }) })(svg('<rect/>'))).rejects.toMatchObject({ name: 'LostJob' });
  });
});
