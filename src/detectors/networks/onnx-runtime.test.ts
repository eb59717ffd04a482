import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NETWORKS_DIR } from './network-files.ts';
import { openRuntime, runtimeKind } from './onnx-runtime.ts';
import { patternFor } from './pattern.fixture.ts';

const { rows } = z
  .object({ rows: z.array(z.object({ network: z.string(), seed: z.int(), outputs: z.record(z.string(), z.array(z.number())) })) })
  .parse(JSON.parse(await readFile(new URL('./reference-outputs.json', import.meta.url), 'utf8')));

describe('where the runtime has no binary for this system', () => {
  it('says the same by WebAssembly, to a thousandth', async () => {
    const { kind, Tensor, open } = await openRuntime(() => Promise.reject(new Error('no such file: libonnxruntime.so')));
    expect(kind).toBe('wasm');
    const session = await open(fileURLToPath(new URL('face-age.onnx', NETWORKS_DIR)));
    for (const { seed, outputs } of rows.filter(({ network }) => network === 'face-age')) {
      const answer = await session.run({ input: new Tensor('float32', patternFor(112, seed), [1, 112, 112, 3]) });
      const [years = Number.NaN] = Array.from(z.instanceof(Float32Array).parse(answer['age']?.data));
      const [expected = Number.NaN] = outputs['age'] ?? [];
      expect(Math.abs(years - expected) / expected).toBeLessThan(1e-3);
    }
  });

  it('is not what happens here', () => {
    expect(runtimeKind).toBe('native');
  });
});
