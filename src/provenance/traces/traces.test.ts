import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../detectors/containers/container-report.ts';
import { animation, blobs, chunk, picture, svg } from '../../detectors/pictures.fixture.ts';
import { run as inspect } from '../../detectors/pixels/inspect-job.ts';
import type { Inspection } from '../../detectors/pixels/inspection.ts';
import { decodeStored } from '../../detectors/pixels/stored-picture.ts';
import { decodeRaster, uprightRaster } from '../../watermark/decode-raster.ts';
import { newMarkKey } from '../../watermark/mark-key.ts';
import { texturedPicture } from '../../watermark/pictures.fixture.ts';
import { run as readMark } from '../../watermark/read-mark-job.ts';
import { embed } from '../../watermark/watermark.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import type { WorkerPool } from '../../workers/worker-pool.ts';
import { dwtDctMarked, plainPng, stealthPng } from '../foreign/files.fixture.ts';
import { createTraceReader } from './read-traces.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());
const key = newMarkKey(1);
const PAYLOAD = '1000010000000005';
const SECRET = 'a quiet harbor with paper boats';
const question = { keys: [key], options: { effort: 'standard' } } as const;

const plain = await plainPng();
const marked = (() => {
  const embedding = embed(texturedPicture(512, 384), PAYLOAD, key);
  if (embedding.kind !== 'marked') throw new Error('the picture bears no mark');
  const { data, width, height } = embedding.raster;
  return sharp(data, { raw: { width, height, channels: 3 } });
})();

/** Reads traces in the real pool, and tells what the inspector was given. */
async function look(bytes: Uint8Array, { atPixels = true, on = pool }: { atPixels?: boolean; on?: WorkerPool } = {}) {
  const told: Inspection[] = [];
  const inspector = { remember: (_: Uint8Array, inspection: Inspection) => void told.push(inspection) };
  const traces = await createTraceReader({ pool: on, keys: [key], inspector })(bytes, { atPixels });
  return { ...traces, inspection: told[0] ?? null };
}

describe('looking into a stranger’s file once', () => {
  const animated = () => animation(40, 30, 3).gif().toBuffer();
  const seeThrough = () => picture(blobs(600, 520), 600, 520).ensureAlpha(0.4).png().toBuffer();
  const grey = () => picture(blobs(300, 200), 300, 200).greyscale().png().toBuffer();
  it.each([
    ['a marked PNG', () => marked.clone().png().toBuffer()],
    ['a marked JPEG', () => marked.clone().jpeg({ quality: 90 }).toBuffer()],
    ['a marked JPEG that lies on its side', () => marked.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
    ['a marked AVIF', () => marked.clone().avif({ effort: 0 }).toBuffer()],
    ['a marked TIFF', () => marked.clone().tiff().toBuffer()],
    ['a WebP without a mark', () => picture(blobs(300, 200), 300, 200).webp().toBuffer()],
    ['a grey picture', grey],
    ['a picture with transparent parts', seeThrough],
    ['an animation', animated],
    ['a drawing', async () => svg('<rect width="20" height="20" fill="#0a0"/>')],
    ['a cut-off file', async () => plain.subarray(0, 300)],
    ['words', async () => Buffer.from('words')],
  ])('of %s says what looking twice would have said', async (_what, make) => {
    const bytes = new Uint8Array(await make());
    const [seen, facts, mark] = await Promise.all([
      look(bytes),
      inspect({ bytes, limits: DEFAULT_LIMITS }),
      readMark({ bytes, ...question }),
    ]);
    expect(seen.inspection).toEqual(facts);
    if (mark.kind === 'found') expect(seen.mark).toEqual(mark);
    else expect(seen.mark?.kind).toBe(mark.kind === 'absent' ? 'absent' : 'unreadable');
  });

  it('of a picture of ours finds mark and perceptual hash', async () => {
    const seen = await look(await marked.clone().jpeg({ quality: 80 }).toBuffer());
    expect(seen).toMatchObject({ mark: { kind: 'found', detection: { payload: PAYLOAD } }, inspection: { kind: 'inspected' } });
  });

  it('at its fields only does not decode it', async () => {
    const damaged = await picture(blobs(64, 64), 64, 64).png().toBuffer();
    const at = damaged.indexOf('IDAT') + 40;
    damaged[at] = (damaged[at] ?? 0) ^ 0xff;
    expect(await look(damaged, { atPixels: false })).toMatchObject({
      metadata: { state: 'read', problems: [] },
      mark: null,
      inspection: null,
    });
    expect(await look(damaged)).toMatchObject({ metadata: { problems: ['malformed:undecodable'] }, mark: { reason: 'undecodable' } });
  });

  it('finds metadata hidden in the lowest bits of alpha', async () => {
    const hidden = { Software: 'NovelAI', Source: 'NovelAI Diffusion V4', Comment: JSON.stringify({ prompt: SECRET }) };
    const { metadata } = await look(await stealthPng(JSON.stringify(hidden)));
    expect(metadata.generators).toContainEqual(expect.objectContaining({ tool: 'novelai', where: 'alpha:stealth' }));
    expect(JSON.stringify(metadata)).not.toContain(SECRET);
  });

  it('finds the watermark of Stable Diffusion in a whole PNG, also in one that lies on its side', async () => {
    const bits = [...Buffer.from('SDV2')].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((i) => (byte >> i) & 1));
    const raw = { width: 512, height: 384, channels: 3 } as const;
    const other = sharp(dwtDctMarked(blobs(512, 384), 512, 384, bits), { raw });
    for (const orientation of [1, 6]) {
      const png = await other.clone().withMetadata({ orientation }).png().toBuffer();
      expect((await look(png)).metadata.watermarks).toMatchObject([{ variant: 'SDV2' }]);
    }
  });

  it('answers for every broken file, and goes on', async () => {
    const files = [
      Buffer.alloc(0),
      Buffer.from('words'),
      plain.subarray(0, 300),
      Buffer.concat([plain.subarray(0, 200), Buffer.alloc(400, 0xff)]),
    ];
    for (const bytes of files) {
      const { metadata, mark } = await look(bytes);
      expect(metadata).toMatchObject({ state: 'unreadable', problems: [expect.stringMatching(/^malformed:/)] });
      expect(mark?.kind).toBe('unreadable');
    }
    const { metadata } = await look(plain);
    expect(metadata).toMatchObject({ state: 'read', problems: [], watermarks: [] });
  });

  it('that takes its reader down is unreadable, and tells the inspector nothing', async () => {
    const lost: WorkerPool = { run: async () => ({ kind: 'timed_out' }), close: async () => {} };
    expect(await look(plain, { on: lost })).toMatchObject({
      metadata: { state: 'unreadable', problems: ['malformed:reader_timed_out'] },
      mark: { kind: 'unreadable', reason: 'timed_out' },
      inspection: null,
    });
  });

  it('refuses a container bomb before anything decodes it', async () => {
    const header = chunk('IHDR', Buffer.from([0, 0, 255, 255, 0, 0, 255, 255, 8, 0, 0, 0, 0]));
    const bomb = Buffer.concat([plain.subarray(0, 8), header, chunk('IDAT', Buffer.alloc(20)), chunk('IEND', Buffer.alloc(0))]);
    expect(await look(bomb)).toMatchObject({ mark: { reason: 'truncated' }, inspection: { kind: 'refused' } });
  });
});

describe('a picture that was decoded as it is stored', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is turned upright (orientation %i) as if it had been decoded upright', async (orientation) => {
    const bytes = await picture(blobs(40, 24), 40, 24).withMetadata({ orientation }).png().toBuffer();
    const stored = await decodeStored(bytes, 1_000_000);
    const upright = stored === null ? null : await uprightRaster(stored);
    expect(upright).toEqual(await decodeRaster(bytes, 1_000_000));
  });
});
