import type { Raster } from '../../src/watermark/raster.ts';
import { detect, embed } from '../../src/watermark/watermark.ts';
import { rounded } from '../statistics.ts';
import { ATTACKS } from './attacks.ts';
import { HARDER } from './harder-attacks.ts';
import { keyOf } from './robustness.ts';

/** Enough for the compiler to have settled. */
const ROUNDS = 25;

/** Least CPU milliseconds of several runs on one picture, codecs excluded; the least, because the machine is shared. */
export async function measureTiming(raster: Raster): Promise<Record<string, number>> {
  const key = keyOf(1);
  const least = (work: () => unknown) => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      const before = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(before);
      best = Math.min(best, (user + system) / 1000);
    }
    return rounded(best);
  };
  const embedding = embed(raster, '0123456789abcdef', key);
  if (embedding.kind !== 'marked') return {};
  const { raster: marked } = embedding;
  const through = async (name: string) => (ATTACKS[name] ?? HARDER[name])?.(marked, 1) ?? marked;
  const [rescaled, turned, stretched] = [await through('resize 0.75'), await through('rotate 5'), await through('aspect 1 × 0.9')];
  const standard = (picture: Raster) => least(() => detect(picture, [key], { effort: 'standard' }));
  return {
    embedMs: least(() => embed(raster, '0123456789abcdef', key)),
    untouchedMs: standard(marked),
    rescaledMs: standard(rescaled),
    turnedMs: standard(turned),
    stretchedMs: standard(stretched),
    unmarkedMs: standard(raster),
    unmarkedThoroughMs: least(() => detect(raster, [key])),
  };
}
