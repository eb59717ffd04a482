/**
 * A synthetic month: ordinary accounts, and one in a hundred that probes, in six ways. How many of those are flagged within ten requests, how many of the
 * others are, how pure the campaigns are that come out, and what it costs. The same for a month in which ordinary people do what looks like probing (`lived-in`; weights were
 * chosen on these two), and for a month of a third world, `held-out`, on which nothing was. Published pictures that look alike have a month
 * of their own, of hashes alone.
 *
 *   npx tsx bench/run.ts behavior [--requests 10000000] [--lived-in 2000000] [--held-out 2000000] [--pictures 1000000] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { createMonth } from './behavior/month.ts';
import { replayPictures } from './behavior/pictures.ts';
import { replayMonth } from './behavior/replay-month.ts';
import type { WorldName } from './behavior/worlds.ts';
import { writeResult } from './results.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000000' },
    'lived-in': { type: 'string', default: '2000000' },
    'held-out': { type: 'string', default: '2000000' },
    pictures: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const replayed = (requests: string, world: WorldName, by: number) =>
  replayMonth(createMonth({ requests: Number(requests), seed: seed + by, world }));
const month = await replayed(values.requests, 'tuning', 0);
const livedIn = await replayed(values['lived-in'], 'lived-in', 2);
const heldOut = await replayed(values['held-out'], 'held-out', 1);

const pictures = replayPictures(Number(values.pictures), seed + 3);

await writeResult('behavior', { ...month, livedIn, heldOut, pictures });
