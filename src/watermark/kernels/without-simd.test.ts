import { afterEach, expect, it, vi } from 'vitest';
import { texturedPicture } from '../pictures.fixture.ts';

const KEY = { epoch: 3, secret: new Uint8Array(16).map((_, i) => 17 * i + 2) };
const PAYLOAD = '1000010000000001';
const picture = texturedPicture(300, 260);

/** With modules of its own, which compile the kernels if they can. */
async function markAndRead() {
  vi.resetModules();
  const [{ kernelModule }, { detect, embed }] = await Promise.all([import('./kernel-module.ts'), import('../watermark.ts')]);
  const embedding = embed(picture, PAYLOAD, KEY);
  if (embedding.kind !== 'marked') throw new Error('not marked');
  const { raster } = embedding;
  return { hasKernels: kernelModule() !== undefined, raster, detect, marked: detect(raster, [KEY]), unmarked: detect(picture, [KEY]) };
}

afterEach(() => vi.unstubAllGlobals());

it('marks and reads the same on a machine without WebAssembly', async () => {
  const usual = await markAndRead();
  vi.stubGlobal('WebAssembly', undefined);
  const plain = await markAndRead();
  expect([usual.hasKernels, plain.hasKernels]).toEqual([true, false]);
  const differing = usual.raster.data.filter((value, i) => value !== plain.raster.data[i]).length;
  expect(differing / usual.raster.data.length).toBeLessThan(1e-4);
  for (const found of [usual.marked, plain.marked, plain.detect(usual.raster, [KEY])]) expect(found).toMatchObject({ payload: PAYLOAD });
  const syncZ = usual.unmarked.kind === 'absent' ? usual.unmarked.syncZ : 0;
  expect(plain.unmarked).toEqual({ kind: 'absent', syncZ: expect.closeTo(syncZ, 2) });
});
