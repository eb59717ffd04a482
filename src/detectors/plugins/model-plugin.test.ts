import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CheckInput } from '../../contracts/check.ts';
import { createWorkerPool } from '../../workers/fork-pool.ts';
import { createCheckRunner } from '../create-check-runner.ts';
import { probeModel, readModelManifest } from './load-model.ts';
import { calibrated, createModelCheck } from './model-check.ts';
import { ModelFolder, tinyModel } from './tiny-model.fixture.ts';

const pool = createWorkerPool({ size: 1 });
afterAll(() => pool.close());
let folder: ModelFolder;
beforeEach(() => {
  folder = new ModelFolder();
});
afterEach(() => folder.close());

const flat = (background: string, width = 32, height = 32) =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

async function sayingOf(manifest: string, image: Uint8Array) {
  const { manifest: read, recipe } = await readModelManifest(manifest);
  const check = createModelCheck({ ...read, deadlineMs: 60_000 }, recipe, pool);
  const runner = createCheckRunner({ checks: [check], expected: [check.id] });
  const input: CheckInput = { subject: { kind: 'artifact', index: 0 }, prompt: 'x', surface: 'api', image };
  const { findings } = await runner.run([input]);
  return { check, finding: findings[0] };
}

describe('a model of the user’s own', () => {
  it('plugs in with a manifest of ten lines, says our categories, and shows its hash and what was measured', async () => {
    const manifest = folder.manifest();
    expect(readFileSync(manifest, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(10);
    const { check, finding } = await sayingOf(manifest, await flat('#cc0033'));
    expect(finding).toMatchObject({
      kind: 'signals',
      signals: [
        { category: 'violence_gore', score: expect.closeTo(0.5, 2), reason: 'colors:red' },
        { category: 'hate', score: expect.closeTo(0.2, 2), reason: 'colors:blue' },
      ],
    });
    expect(check.version).toMatch(/^1\+[0-9a-f]{16}$/);
    expect(check.coverage).toContainEqual({
      category: 'hate',
      looksAt: 'artifact',
      measured: { dataset: 'plain colors', n: 12, error: { missed: 0, falseAlarms: 'unmeasured' }, on: '2026-11-22' },
    });
    expect(check.coverage).toContainEqual({ category: 'violence_gore', looksAt: 'artifact', measured: 'unmeasured' });
  });

  it('gets its channels first, turned, shifted and scaled, where the manifest says so', async () => {
    const input = '{ name: pixels, layout: NCHW, size: 8, channels: bgr, range: [0, 255], mean: [0, 0, 51], std: 255, resize: contain }';
    const { finding } = await sayingOf(folder.manifest({ input }, tinyModel('NCHW')), await flat('#ff0000', 32, 16));
    // Half of the square is black bars; blue comes first; red is (255 / 2 - 51) / 255.
    expect(finding).toMatchObject({ kind: 'signals', signals: [{ category: 'hate', score: expect.closeTo(0.5 - 0.2, 2) }] });
  });

  it('abstains on a file that nobody can open', async () => {
    const { finding } = await sayingOf(folder.manifest(), Buffer.from('no picture'));
    expect(finding).toMatchObject({ kind: 'abstained', reason: 'unreadable' });
  });

  it('fails, and does not pass, when its scores are no shares of 1', async () => {
    const { finding } = await sayingOf(folder.manifest({}, tinyModel('NHWC', 3)), await flat('#ffffff'));
    expect(finding).toMatchObject({ kind: 'failed', detail: 'LostJob JOB_THREW' });
  });

  it('fails when its file was changed after the start', async () => {
    const manifest = folder.manifest();
    folder.write('tiny.onnx', tinyModel('NHWC', 0.5));
    expect((await sayingOf(manifest, await flat('#ffffff'))).finding).toMatchObject({ kind: 'failed' });
  });

  it('has its own threshold where ours begin to matter', () => {
    expect([0, 0.4, 0.8, 0.9, 1].map((score) => calibrated(score, 0.8))).toEqual([0, 0.25, 0.5, expect.closeTo(0.75), 1]);
  });
});

describe('before it may look', () => {
  const problemOf = async (more: Record<string, string>, model?: Buffer) => {
    const error = await readModelManifest(folder.manifest(more, model))
      .then((loaded) => probeModel(loaded, pool))
      .catch((thrown: unknown) => thrown);
    return error instanceof Error ? error.message : 'none';
  };

  it('is found to fit', async () => {
    expect(await problemOf({})).toBe('none');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a file that is missing', { file: 'other.onnx' }, /colors \(other\.onnx\): its file cannot be read/],
    ['another file', { sha256: 'ab'.repeat(32) }, /has the SHA-256 [0-9a-f]{64}, not the one of the manifest/],
    [
      'an input that is not there',
      { input: '{ name: image, layout: NHWC, size: 8 }' },
      /no input "image"; it has "pixels" \(float32 1×8×8×3\)/,
    ],
    [
      'another size',
      { input: '{ name: pixels, layout: NHWC, size: 16 }' },
      /1×8×8×3\), and the manifest gives 1×16×16×3 \(NHWC, size 16\)/,
    ],
    ['another layout', { input: '{ name: pixels, layout: NCHW, size: 8 }' }, /manifest gives 1×3×8×8/],
    ['an output that is not there', { output: '{ name: scores }' }, /no output "scores"; it has "colors"/],
    ['too few labels', { labels: '[red, { label: blue, category: hate }]' }, /has 3 scores, and the manifest has 2 labels/],
    ['no category', { labels: '[red, green, blue]' }, /no label has a category/],
    ['a category that is not ours', { labels: '[red, green, { label: blue, category: gore }]' }, /labels/],
    ['a line too many', { colour: 'red' }, /colour/],
    ['no license', { license: '' }, /license/],
    ['a card that is no address', { card: 'C:/card.md' }, /card/],
    ['a name that no policy can list', { id: 'My Model' }, /small letters/],
  ])('is refused for %s', async (_, more, message) => {
    expect(await problemOf(more)).toMatch(message);
  });

  it('is refused when it is no model, or one that needs other files', async () => {
    expect(await problemOf({}, Buffer.from('not an ONNX file'))).toMatch(/no model that ONNX Runtime can load by itself/);
  });

  it('is refused when its scores are no shares of 1', async () => {
    const input = '{ name: pixels, layout: NHWC, size: 8, range: [2, 3] }';
    expect(await problemOf({ input })).toMatch(/choose the activation/);
    expect(await problemOf({}, tinyModel('NHWC', 3))).toMatch(/choose the activation/);
    expect(await problemOf({ input, output: '{ name: colors, activation: softmax }' })).toBe('none');
  });
});
