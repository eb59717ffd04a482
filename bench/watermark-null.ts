/**
 * False positives of the invisible watermark: pictures without a mark of the key, under random keys.
 *
 *   npx tsx bench/run.ts watermark-null --photos FOLDER [--trials 50000] [--minutes 60] [--priority 15]
 *
 * Goes on where the last result ended and keeps what it has every minute, so it may be stopped at any time. Runs at a low priority.
 */
import { existsSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { note, writeResult } from './results.ts';
import { type NullTally, prepareNulls, tryKey } from './watermark/false-positives.ts';
import { nullPictures } from './watermark/null-pictures.ts';
import { readPhotos } from './watermark/pixels.ts';

const SAVE_EVERY_MS = 60_000;
const { values } = parseArgs({
  options: {
    photos: { type: 'string' },
    trials: { type: 'string', default: '50000' },
    minutes: { type: 'string', default: '60' },
    priority: { type: 'string', default: '15' },
  },
});
if (values.photos === undefined) {
  process.stderr.write('Name a folder of photographs: --photos FOLDER\n');
  process.exit(64);
}
setPriority(Number(values.priority));

function lastResult(): { nextKey: number; kinds: NullTally[]; cpuSeconds: number } {
  const path = join(process.env['BENCH_ROOT'] ?? '.', 'bench/results/watermark-null.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { nextKey: 0, kinds: [], cpuSeconds: 0 };
}

const before = lastResult();
const tallies = new Map(before.kinds.map((tally) => [tally.kind, tally]));
const sum = (pick: (tally: NullTally) => number) => [...tallies.values()].reduce((total, tally) => total + pick(tally), 0);
let nextKey = before.nextKey;

async function save(): Promise<void> {
  const { user, system } = process.cpuUsage();
  await writeResult('watermark-null', {
    trials: sum(({ trials }) => trials),
    accepted: sum(({ accepted }) => accepted),
    gatePassed: sum(({ gatePassed }) => gatePassed),
    greatestZ: Math.max(0, ...[...tallies.values()].map(({ greatestZ }) => greatestZ)),
    nextKey,
    cpuSeconds: Math.round(before.cpuSeconds + (user + system) / 1e6),
    kinds: [...tallies.values()],
  });
}

const prepared = prepareNulls(await nullPictures(await readPhotos(values.photos)));
const end = Date.now() + 60_000 * Number(values.minutes);
let saveAt = Date.now() + SAVE_EVERY_MS;
while (sum(({ trials }) => trials) < Number(values.trials) && Date.now() < end) {
  tryKey(nextKey++, prepared, tallies);
  if (Date.now() < saveAt) continue;
  saveAt = Date.now() + SAVE_EVERY_MS;
  note(`${sum(({ trials }) => trials)} trials`);
  await save();
}
await save();
