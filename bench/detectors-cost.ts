/**
 * What the detectors cost: `npx tsx bench/run.ts detectors-cost --photos DIR`, on a machine that nobody else uses. CPU of one process for a picture of one
 * megapixel. Where others share a core, every network takes up to twice as long.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { DEFAULT_LIMITS } from '../src/detectors/containers/container-report.ts';
import { run as compareEdit } from '../src/detectors/edit-anomaly/edit-job.ts';
import { run as look } from '../src/detectors/looking/look-job.ts';
import { checkNetworks } from '../src/detectors/networks/check-networks.ts';
import { run as inspect } from '../src/detectors/pixels/inspect-job.ts';
import { writeResult } from './results.ts';
import { median, rounded } from './statistics.ts';

const ROUNDS = 15;
const limits = DEFAULT_LIMITS;
const { values } = parseArgs({ options: { photos: { type: 'string' } } });
const scene = (name: string) => readFileSync(join(values.photos ?? '.', 'detectors/scenes', name));
const megapixel = (picture: Sharp) => picture.resize(1024, 1024, { fit: 'fill' }).jpeg({ quality: 90 }).toBuffer();
const face = await megapixel(sharp(scene('astronaut.png')).removeAlpha());
const noFace = await megapixel(sharp(scene('rocket.jpg')));

async function spentOn(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Milliseconds of CPU of this process, median. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  await work();
  const spent: number[] = [];
  for (let round = 0; round < ROUNDS; round++) spent.push(await spentOn(work));
  return rounded(median(spent));
}

const hashing = rounded(await spentOn(() => checkNetworks()));
const firstLook = rounded(await spentOn(() => look({ bytes: face, limits, effort: 'thorough' })));
await writeResult('detectors-cost', {
  checkAtStartCpuMs: hashing,
  firstLookCpuMs: firstLook,
  cpuMs: {
    faceThorough: await cpuOf(() => look({ bytes: face, limits, effort: 'thorough' })),
    faceStandard: await cpuOf(() => look({ bytes: face, limits, effort: 'standard' })),
    noFaceThorough: await cpuOf(() => look({ bytes: noFace, limits, effort: 'thorough' })),
    noFaceStandard: await cpuOf(() => look({ bytes: noFace, limits, effort: 'standard' })),
    inspect: await cpuOf(() => inspect({ bytes: face, limits })),
    edit: await cpuOf(() => compareEdit({ before: face, after: face, limits })),
  },
  residentMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
});
