/**
 * How often reviewers see a held picture in full: case by case, and when look-alikes are decided at once and pictures are blurred first.
 *
 *   npx tsx bench/run.ts review-exposures [--cases 1000]
 *
 * Cases are drawn from wishes whose popularity follows Zipf's law (exponent 1.1: an assumption, since nobody publishes how often a wish comes again);
 * each copy is recompressed, resized or brightened. Hashes are those of the gateway; a cluster is every open case within 31 bits, as in its database.
 * The share of clusters that a reviewer decides by the blurred copy alone is an assumption as well, so several stand in the result.
 */
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createImageInspector } from '../src/detectors/inspect-image.ts';
import { createFingerprint } from '../src/detectors/pixels/picture-fingerprint.ts';
import { PDQ_MATCH_DISTANCE } from '../src/registries/pdq/pdq-bands.ts';
import { type PdqBits, pdqDistance, pdqFromBytes } from '../src/registries/pdq/pdq-bits.ts';
import { createWorkerPool } from '../src/workers/fork-pool.ts';
import { seededRandom } from './random.ts';
import { note, writeResult } from './results.ts';
import { rounded } from './statistics.ts';

const { values } = parseArgs({ options: { cases: { type: 'string', default: '1000' } } });
const CASES = Number(values.cases);
const [WISHES, ZIPF, SIDE] = [Math.ceil(CASES / 2), 1.1, 256];
const DECIDED_BLURRED = [0, 0.3, 0.5, 0.7] as const;

const random = seededRandom(7);
const pool = createWorkerPool({ size: 1 });
const fingerprint = createFingerprint(createImageInspector({ pool }));

/** A plain scene of boxes and disks, another one for each wish. */
async function scene(wish: number): Promise<Buffer> {
  const draw = seededRandom(1_000 + wish);
  const shade = () => `rgb(${[0, 0, 0].map(() => Math.floor(draw() * 256)).join(',')})`;
  const shapes = Array.from({ length: 14 }, () => {
    const [x, y, size] = [draw() * SIDE, draw() * SIDE, 12 + draw() * 90];
    return draw() < 0.5
      ? `<rect x="${x}" y="${y}" width="${size}" height="${size * draw()}" fill="${shade()}"/>`
      : `<circle cx="${x}" cy="${y}" r="${size / 2}" fill="${shade()}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="${shade()}"/>${shapes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

/** As the next person's copy of it looks. */
async function copyOf(picture: Buffer): Promise<Uint8Array> {
  const side = Math.round(SIDE * (0.6 + random() * 0.8));
  const copy = sharp(picture)
    .resize(side, side)
    .modulate({ brightness: 0.9 + random() * 0.2 });
  return new Uint8Array(await copy.jpeg({ quality: 50 + Math.floor(random() * 45) }).toBuffer());
}

const weights = Array.from({ length: WISHES }, (_, rank) => 1 / (rank + 1) ** ZIPF);
const total = weights.reduce((sum, weight) => sum + weight, 0);
function drawWish(): number {
  let left = random() * total;
  for (const [wish, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return wish;
  }
  return 0;
}

const scenes = new Map<number, Buffer>();
const held: { wish: number; hash: PdqBits | null }[] = [];
for (let n = 0; n < CASES; n++) {
  const wish = drawWish();
  const picture = scenes.get(wish) ?? (await scene(wish));
  scenes.set(wish, picture);
  const found = await fingerprint(await copyOf(picture));
  held.push({ wish, hash: found === null ? null : pdqFromBytes(found.value) });
}
await pool.close();

let [clusters, strangers] = [0, 0];
const open = new Set(held);
for (const first of held) {
  if (!open.delete(first)) continue;
  clusters += 1;
  for (const other of open) {
    if (first.hash === null || other.hash === null || pdqDistance(first.hash, other.hash) > PDQ_MATCH_DISTANCE) continue;
    open.delete(other);
    if (other.wish !== first.wish) strangers += 1;
  }
}

const fewer = (shown: number) => rounded(1 - shown / CASES);
const result = {
  cases: CASES,
  wishes: new Set(held.map(({ wish }) => wish)).size,
  zipf: ZIPF,
  clusters,
  /** Decided with a picture that is of another wish. */
  wronglyJoined: strangers,
  withoutHash: held.filter(({ hash }) => hash === null).length,
  fewerByClusters: fewer(clusters),
  fewerWithPreviews: DECIDED_BLURRED.map((share) => ({ decidedBlurred: share, fewer: fewer(clusters * (1 - share)) })),
};
note(JSON.stringify(result));
await writeResult('review-exposures', result);
