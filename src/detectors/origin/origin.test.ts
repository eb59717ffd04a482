import { afterAll, describe, expect, it } from 'vitest';
import type { CheckInput } from '../../contracts/check.ts';
import { dwtDctMarked } from '../../provenance/foreign/files.fixture.ts';
import { without } from '../../provenance/read-credential.ts';
import { createTraceReader } from '../../provenance/traces/read-traces.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import { createImageInspector } from '../inspect-image.ts';
import { blobs, chunk, picture, smallPng } from '../pictures.fixture.ts';
import { createOriginCheck } from './origin-check.ts';
import { createOriginReader } from './read-origin.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());
const inspector = createImageInspector({ pool });
const asked: number[] = [];
const readOrigin = createOriginReader({
  readTraces: createTraceReader({ pool, keys: [], inspector, deadlineMs: 60_000 }),
  readCredential: async ({ length }) => {
    asked.push(length);
    return without('none', []);
  },
});
const check = createOriginCheck({ readOrigin }, undefined);

async function sayingOf(image: Uint8Array) {
  const input: CheckInput = { subject: { kind: 'input_image', index: 0 }, prompt: 'a teapot', surface: 'api', image };
  const said = await check.detect(input, new AbortController().signal);
  return said.kind === 'signals' ? said.signals.map(({ reason }) => reason) : said.reason;
}

describe('where an input picture comes from', () => {
  it('is told by what a generator left in the file', async () => {
    const left = smallPng(chunk('tEXt', Buffer.from('parameters\0a harbor\nSteps: 20, Sampler: Euler a, Model: x')));
    expect(await sayingOf(left)).toEqual(['origin:generated:metadata']);
  });

  it('is told by the mark of Stable Diffusion, where nothing else is left', async () => {
    const bits = [...Buffer.from('SDV2')].flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1));
    const marked = await picture(Uint8Array.from(dwtDctMarked(blobs(512, 384), 512, 384, bits)), 512, 384)
      .png()
      .toBuffer();
    expect(await sayingOf(marked)).toEqual(['origin:generated:watermark']);
  });

  it('is told by a camera’s own words', async () => {
    const photograph = await picture(blobs(64, 48), 64, 48)
      .withExif({ IFD0: { Make: 'Canon', Model: 'EOS R5' } })
      .jpeg()
      .toBuffer();
    expect(await sayingOf(photograph)).toEqual(['origin:captured:metadata']);
  });

  it('is not told by a plain file, and nobody asks the engine about one that carries no credential', async () => {
    expect(await sayingOf(await picture(blobs(64, 48), 64, 48).png().toBuffer())).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('cannot be told of a file that is broken', async () => {
    expect(await sayingOf(Buffer.from('no picture'))).toBe('unreadable');
  });

  it('is told apart by whether somebody trusted vouches for it, and is never a risk by itself', async () => {
    const told = createOriginCheck(
      {
        readOrigin: async () => [
          { made: 'generated', by: 'x', basis: 'credential', isProved: true },
          { made: 'generated', by: 'y', basis: 'credential', isProved: false },
          { made: 'unknown', by: null, basis: 'metadata', isProved: false },
        ],
      },
      {},
    );
    const input: CheckInput = { subject: { kind: 'input_image', index: 0 }, prompt: '', surface: 'api', image: new Uint8Array([1]) };
    expect(await told.detect(input, new AbortController().signal)).toEqual({
      kind: 'signals',
      signals: [
        { category: 'brand_safety', score: 0.01, reason: 'origin:generated:trusted-credential' },
        { category: 'brand_safety', score: 0.01, reason: 'origin:generated:credential' },
      ],
    });
  });
});
