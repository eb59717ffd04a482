import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkNetworks } from './check-networks.ts';
import { NETWORKS, NETWORKS_DIR, type NetworkName } from './network-files.ts';
import { askNetwork, networkSession } from './network-session.ts';
import { patternFor } from './pattern.fixture.ts';

const SIDES: Readonly<Record<NetworkName, number>> = {
  'nudity-quick': 224,
  'nudity-deep': 299,
  'face-boxes': 256,
  'face-flag': 192,
  'face-landmarks': 112,
  'face-descriptor': 150,
  'face-age': 112,
};
const names = z.enum(['nudity-quick', 'nudity-deep', 'face-boxes', 'face-flag', 'face-landmarks', 'face-descriptor', 'face-age']);

/** Made by TensorFlow.js itself from the same packages: see `tools/reference-outputs.ts`. */
const { rows } = z
  .object({ rows: z.array(z.object({ network: names, seed: z.int(), outputs: z.record(z.string(), z.array(z.number())) })) })
  .parse(JSON.parse(await readFile(new URL('./reference-outputs.json', import.meta.url), 'utf8')));

describe('the networks that the build made', () => {
  it('are tried again for the next picture when one could not be loaded', async () => {
    const first = networkSession('no-such-network');
    await expect(first).rejects.toThrow();
    const second = networkSession('no-such-network');
    expect(second).not.toBe(first);
    await expect(second).rejects.toThrow();
  });

  it.each(rows)('$network says what the original says of pattern $seed, to a thousandth', async ({ network, seed, outputs }) => {
    const answer = await askNetwork(network, patternFor(SIDES[network], seed));
    expect(Object.keys(outputs).length).toBeGreaterThan(0);
    for (const [output, expected] of Object.entries(outputs)) {
      const all = answer(output);
      const step = Math.max(1, Math.floor(all.length / 64));
      const kept = all.filter((_, at) => at % step === 0);
      expect(kept).toHaveLength(expected.length);
      const largest = Math.max(1e-3, ...expected.map(Math.abs));
      for (const [at, value] of expected.entries()) expect(Math.abs((kept[at] ?? Number.NaN) - value) / largest).toBeLessThan(1e-3);
    }
  });

  it('says of two faces at once what it says of each alone', async () => {
    const [one, other] = [patternFor(150, 1), patternFor(150, 2)];
    const both = (await askNetwork('face-descriptor', Float32Array.from([...one, ...other]), 2))('descriptor');
    const alone = [(await askNetwork('face-descriptor', one))('descriptor'), (await askNetwork('face-descriptor', other))('descriptor')];
    for (const [at, value] of alone.flatMap((values) => Array.from(values)).entries()) expect(both[at]).toBeCloseTo(value, 5);
  });

  it('covers every network with references', () => {
    expect(new Set(rows.map(({ network }) => network))).toEqual(new Set(Object.keys(NETWORKS)));
  });

  it('has the pinned hashes', async () => {
    await expect(checkNetworks()).resolves.toBeUndefined();
  });
});

describe('a network file that is not the one that was built', () => {
  async function withCopies(work: (folder: string) => Promise<void>) {
    const folder = await mkdtemp(join(tmpdir(), 'networks-'));
    for (const name of Object.keys(NETWORKS)) await copyFile(new URL(`${name}.onnx`, NETWORKS_DIR), join(folder, `${name}.onnx`));
    try {
      await work(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('refuses to start when one bit of a weight was altered', () =>
    withCopies(async (folder) => {
      const path = join(folder, 'face-age.onnx');
      const bytes = await readFile(path);
      const middle = bytes.length >> 1;
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      await writeFile(path, bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).not.toBe(NETWORKS['face-age'].sha256);
      await expect(checkNetworks(pathToFileURL(`${folder}/`))).rejects.toMatchObject({
        code: 'DETECTOR_MODEL_ALTERED',
        message: expect.stringContaining('face-age.onnx'),
      });
    }));

  it('refuses to start when one is missing, and says how it is made', () =>
    withCopies(async (folder) => {
      await rm(join(folder, 'nudity-quick.onnx'));
      await expect(checkNetworks(pathToFileURL(`${folder}/`))).rejects.toMatchObject({
        code: 'DETECTOR_MODEL_ALTERED',
        message: expect.stringContaining('npm run build'),
      });
    }));
});
