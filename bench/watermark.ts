/**
 * The invisible watermark: robustness, quality, false positives and speed, and what Stable Diffusion ships beside it in the same run.
 *
 *   npm run bench:watermark -- --photos FOLDER [--keys 3] [--harder-keys 1] [--null-keys 20] [--only robustness|false-positives|timing]
 *
 * Takes every picture in the folder (PNG, JPEG, WebP). Progress goes to stderr. With --only, the other sections of the last result are kept, and
 * false-positive trials are added to those that it holds, so that a long count can be made in pieces.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { progressBar } from '../src/cli/progress.ts';
import { embed } from '../src/watermark/watermark.ts';
import { seedOf } from './random.ts';
import { note, writeResult } from './results.ts';
import { ATTACKS, HARDER } from './watermark/attacks.ts';
import { embedDwt, readDwt } from './watermark/dwt-marks.ts';
import { countFalsePositives, type FalsePositives } from './watermark/false-positives.ts';
import { rasterOf } from './watermark/pixels.ts';
import { qualityOf } from './watermark/quality.ts';
import { keyOf, measureRobustness, type Photo } from './watermark/robustness.ts';
import { summarize } from './watermark/summary.ts';
import { measureTiming } from './watermark/timing.ts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    keys: { type: 'string', default: '3' },
    'harder-keys': { type: 'string', default: '1' },
    'null-keys': { type: 'string', default: '20' },
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

async function readPhotos(folder: string): Promise<Photo[]> {
  const names = (await readdir(folder)).filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ name, raster: await rasterOf(sharp(join(folder, name)).removeAlpha().toColourspace('srgb')) })),
  );
}

function lastResult(): Record<string, unknown> {
  const path = join(process.env['BENCH_ROOT'] ?? '.', 'bench/results/watermark.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
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
const result: Record<string, unknown> = { ...lastResult() };

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
  // Every other picture is enough to see zeros and ones.
  const peers = await measurePeers(photos.filter((_, i) => i % 2 === 0));
  const harderKeys = numbers(values['harder-keys']);
  const harder = harderKeys.length === 0 ? undefined : await measureRobustness(photos, { keys: harderKeys, attacks: HARDER });
  Object.assign(result, summarize(main, harder, peers), { photographs: photos.length, keys: keys.length });
}

if (wants('false-positives')) {
  const before = (values.only === undefined
    ? undefined
    : (result['falsePositives'] as (FalsePositives & { nextKey: number }) | undefined)) ?? {
    trials: 0,
    accepted: 0,
    gatePassed: 0,
    greatestZ: 0,
    nextKey: 0,
  };
  const keys = Number(values['null-keys']);
  // Half of the pictures carry a mark of another key.
  const subjects = photos.map(({ name, raster }, i) => {
    const embedding = i % 2 === 0 ? undefined : embed(raster, '00112233445566ff', keyOf(1));
    return { name, raster: embedding?.kind === 'marked' ? embedding.raster : raster };
  });
  const bar = progressBar('keys on pictures', terminal);
  let done = 0;
  const found = countFalsePositives(subjects, { keys, from: before.nextKey, onTrial: () => bar.update(++done, keys * subjects.length) });
  bar.end();
  result['falsePositives'] = {
    trials: before.trials + found.trials,
    accepted: before.accepted + found.accepted,
    gatePassed: before.gatePassed + found.gatePassed,
    greatestZ: Math.max(before.greatestZ, found.greatestZ),
    nextKey: before.nextKey + keys,
  };
  note(JSON.stringify(result['falsePositives']));
}

const { name: _name, measuredAt: _at, commit: _commit, machine: _machine, ...sections } = result;
await writeResult('watermark', sections);
