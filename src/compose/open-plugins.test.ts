import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../config/secret.ts';
import { ModelFolder, tinyModel } from '../detectors/plugins/tiny-model.fixture.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { createWorkerPool } from '../workers/fork-pool.ts';
import { openPlugins, refuseHalves } from './open-plugins.ts';

const pool = createWorkerPool({ size: 1 });
const outbound = createOutbound();
const ground = { pool, detectorPool: pool, outbound };
afterAll(() => Promise.all([pool.close(), outbound.close()]));
let folder: ModelFolder;
beforeEach(() => {
  folder = new ModelFolder();
});
afterEach(() => folder.close());

const http = { kind: 'http', name: 'house', url: 'http://127.0.0.1:1/look', categories: ['hate', 'ip'] };

describe('detectors of the configuration', () => {
  it('become checks under their names, and open nothing until they are tried', async () => {
    const openai = { kind: 'openai-moderation', name: 'openai', apiKey: new Secret('key'), whenFailed: { self_harm: 'block' } };
    const plugins = await openPlugins([{ kind: 'onnx', manifest: folder.manifest() }, http, openai], ground, ['nudity']);
    expect(plugins.checks.map(({ id, categories }) => [id, categories])).toEqual([
      ['colors', ['violence_gore', 'hate']],
      ['house', ['hate', 'ip']],
      ['openai', ['sexual', 'violence_gore']],
      ['openai-strict', ['self_harm']],
    ]);
    expect(plugins.pairs).toEqual([['openai', 'openai-strict']]);
    await expect(plugins.probe()).resolves.toBeUndefined();
    folder.write('tiny.onnx', tinyModel('NHWC', 2));
    const again = await openPlugins([{ kind: 'onnx', manifest: folder.manifest({ sha256: 'ab'.repeat(32) }) }], ground);
    await expect(again.probe()).rejects.toMatchObject({ code: 'DETECTOR_MODEL_ALTERED' });
  });

  it('that are wrong are all named at once, and none of them shows a key', async () => {
    const entries = [
      { kind: 'onnx' },
      { kind: 'onnx', manifest: folder.manifest({ labels: '[red]' }) },
      { kind: 'soothsayer', name: 'x' },
      { kind: 'azure-content-safety', name: 'azure', endpoint: 'https://example.org' },
      { ...http, apiKey: new Secret('hunter2'), url: 'ftp://example.org' },
      { ...http, name: 'nudity' },
      { ...http, whenFailed: { hate: 'open' } },
    ];
    const problem: unknown = await openPlugins(entries, ground, ['nudity']).catch((error: unknown) => error);
    const text = problem instanceof Error ? problem.message : '';
    for (const expected of [
      /detectors\[0\]/,
      /detectors\[1\].*no label has a category/s,
      /detectors\[2\]/,
      /detectors\[3\].*needs an "apiKey"/,
      /detectors\[4\]/,
    ])
      expect(text).toMatch(expected);
    expect(text).toMatch(/there is a check "nudity" already/);
    expect(text).toMatch(/detectors\[6\]/);
    expect(text).not.toContain('hunter2');
    expect(problem).toMatchObject({ code: 'CONFIG_INVALID' });
  });
});

describe('a policy and the two checks of one service', () => {
  const listing =
    (...checks: { readonly id: string; readonly whenFailed: 'hold' | 'block' }[]) =>
    () =>
      refuseHalves([['one', 'one-strict']], { checks });

  it('lists both or none, and the strict one to block', () => {
    expect(listing()).not.toThrow();
    expect(listing({ id: 'one', whenFailed: 'hold' }, { id: 'one-strict', whenFailed: 'block' })).not.toThrow();
    expect(listing({ id: 'one', whenFailed: 'hold' })).toThrow('lists "one" and not "one-strict"');
    expect(listing({ id: 'one-strict', whenFailed: 'block' })).toThrow('lists "one-strict" and not "one"');
    expect(listing({ id: 'one', whenFailed: 'hold' }, { id: 'one-strict', whenFailed: 'hold' })).toThrow('whenFailed: block');
  });
});
