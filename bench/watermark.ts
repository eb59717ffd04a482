/**
 * The invisible watermark: robustness, quality, false positives and speed, and what Stable Diffusion ships beside it in the same run.
 *
 *   npm run bench:watermark -- --photos FOLDER [--keys 3] [--harder-keys 1] [--only robustness|timing]
 *
 * Takes every picture in the folder (PNG, JPEG, WebP). Progress goes to stderr. With --only, the other sections of the last result are kept. False positives
 * are counted by `bench/watermark-null.ts`; `bench/watermark-expectation.ts` is about pictures that are hard to mark, `bench/watermark-mutated.ts` about damaged files.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { progressBar } from '../src/cli/progress.ts';
import { seedOf } from './random.ts';
import { note, writeResult } from './results.ts';
import { ATTACKS } from './watermark/attacks.ts';
import { embedDwt, readDwt } from './watermark/dwt-marks.ts';
import { HARDER } from './watermark/harder-attacks.ts';
import { rasterOf, readPhotos } from './watermark/pixels.ts';
import { qualityOf } from './watermark/quality.ts';
import { measureRobustness, type Photo } from './watermark/robustness.ts';
import { summarize } from './watermark/summary.ts';
import { measureTiming } from './watermark/timing.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    keys: { type: 'string', default: '3' },
    'harder-keys': { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
if (values.photos === undefined) {
  process.stderr.write('Name a folder of photographs: --photos FOLDER\n');
  process.exit(64);
}
sharp.concurrency(1);
const wants = (section: string) => values.only === undefined || values.only === section;
const numbers = (count: string | undefined) => Array.from({ length: Number(count) }, (_, i) => i + 1);
const terminal = { out: () => {}, err: () => {}, isInteractive: process.stderr.isTTY === true };

function lastResult(): Record<string, unknown> {
  const path = join(process.env['BENCH_ROOT'] ?? '.', 'bench/results/watermark.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
}

/** The last result is read when something is kept, so that nothing is lost that another run kept meanwhile. */
async function keep(sections: Readonly<Record<string, unknown>>): Promise<void> {
  const { name: _name, measuredAt: _at, commit: _commit, machine: _machine, falsePositives: _old, ...others } = lastResult();
  await writeResult('watermark', { ...others, ...sections });
}

/** The peers: one embedding a picture, read after each attack. */
async function measurePeers(photos: readonly Photo[]) {
  const rows: Record<string, { attack: string; dwtDct: number; dwtDctSvd: number }> = {};
  const psnr = { dwtDct: 0, dwtDctSvd: 0 };
  for (const { name, raster } of photos) {
    for (const method of ['dwtDct', 'dwtDctSvd'] as const) {
      const payload = seedOf(name).toString(16).padStart(8, '0').repeat(2);
      const marked = embedDwt(raster, payload, method);
      psnr[method] += qualityOf(raster, marked).psnrDb / photos.length;
      for (const [attack, apply] of Object.entries(ATTACKS)) {
        const attacked = await apply(marked, seedOf(`${name} ${attack}`));
        const rgb =
          attacked.channels === 3 ? attacked : await rasterOf(sharp(attacked.data, { raw: { ...attacked } }).toColourspace('srgb'));
        const row = rows[attack] ?? { attack, dwtDct: 0, dwtDctSvd: 0 };
        rows[attack] = row;
        if (readDwt(rgb, method) === payload) row[method] += 1 / photos.length;
      }
    }
  }
  return { psnr, rows: Object.values(rows) };
}

const photos = await readPhotos(values.photos);
note(`${photos.length} photographs`);
const result: Record<string, unknown> = {};

if (wants('timing')) {
  const megapixel = photos.find(({ raster }) => raster.width === 1024 && raster.height === 1024);
  if (megapixel !== undefined) result['timing'] = await measureTiming(megapixel.raster);
  note(JSON.stringify(result['timing']));
}

if (wants('robustness')) {
  const keys = numbers(values.keys);
  const bar = progressBar('trials', terminal);
  const total = photos.length * keys.length * Object.keys(ATTACKS).length;
  let done = 0;
  const onTrial = (lost: number) => {
    bar.update(++done, total);
    if (done % 200 === 0 && !terminal.isInteractive) note(`${done} of ${total} trials, ${lost} lost`);
  };
  const main = await measureRobustness(photos, { keys, onTrial });
  bar.end();
  // Kept before the rest, which takes as long again.
  const counted = { photographs: photos.length, keys: keys.length };
  await keep({ ...summarize(main, undefined, { psnr: {}, rows: [] }), ...counted });
  // Every other picture is enough to see zeros and ones.
  const peers = await measurePeers(photos.filter((_, i) => i % 2 === 0));
  const harderKeys = numbers(values['harder-keys']);
  const harder = harderKeys.length === 0 ? undefined : await measureRobustness(photos, { keys: harderKeys, attacks: HARDER });
  Object.assign(result, summarize(main, harder, peers), counted);
}

await keep(result);
