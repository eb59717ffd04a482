/**
 * What reading text in pictures costs, and how well it reads: `npx tsx bench/run.ts drawn-text --photos DIR`, on a machine that nobody else uses. Text is drawn
 * from the outlines of our label (DejaVu Sans Bold), on a plain ground, in 1,024 × 768. CPU of one process.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { DEFAULT_LIMITS } from '../src/detectors/containers/container-report.ts';
import { blobs, picture } from '../src/detectors/pictures.fixture.ts';
import { drawnText } from '../src/detectors/text-in-picture/drawn-text.fixture.ts';
import { run as readText } from '../src/detectors/text-in-picture/read-text-job.ts';
import { run as readTraces } from '../src/provenance/traces/traces-job.ts';
import { writeResult } from './results.ts';
import { median, rounded } from './statistics.ts';

const ROUNDS = 7;
const LINES = ['cooking in a modern city park', 'a dragon in a market', 'reading poetry in an ancient garden'];
const limits = DEFAULT_LIMITS;
const { values } = parseArgs({ options: { photos: { type: 'string' } } });

type Effort = 'standard' | 'thorough';
const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');

/** Share of letters that were read wrong, left out or invented, by edit distance. */
function errorOf(expected: string, read: string): number {
  let row = Array.from({ length: read.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...expected].entries()) {
    const next = [i + 1];
    for (let j = 0; j < read.length; j++) {
      const kept = (row[j] ?? 0) + (read[j] === letter ? 0 : 1);
      next.push(Math.min(kept, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return Math.min(1, (row[read.length] ?? 0) / expected.length);
}

async function read(bytes: Uint8Array, effort: Effort): Promise<string> {
  const drawn = await readText({ bytes, limits, effort });
  return drawn.kind === 'read' ? letters(drawn.texts.join('')) : '';
}

async function errorIn(drawing: Parameters<typeof drawnText>[1], effort: Effort): Promise<number> {
  const errors: number[] = [];
  for (const line of LINES) errors.push(errorOf(letters(line), await read(await drawnText([line], drawing), effort)));
  return rounded(errors.reduce((sum, error) => sum + error, 0) / errors.length);
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  await work();
  const spent: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1000);
  }
  return rounded(median(spent));
}

const photo = await sharp(readFileSync(join(values.photos ?? '.', 'detectors/scenes/rocket.jpg')))
  .resize(1024, 1024, { fit: 'fill' })
  .jpeg({ quality: 90 })
  .toBuffer();
const smooth = await picture(blobs(1024, 1024), 1024, 1024).jpeg({ quality: 90 }).toBuffer();
const line = await drawnText([LINES[0] ?? '']);
const page = await drawnText(
  Array.from({ length: 30 }, (_, at) => LINES[at % LINES.length] ?? ''),
  { size: 16 },
);
const drawings = {
  '8 px': { size: 8 },
  '10 px': { size: 10 },
  '12 px': { size: 12 },
  '16 px': { size: 16 },
  '20 px': { size: 20 },
  '40 px': { size: 40 },
  'turned by 30°': { size: 36, degrees: 30 },
  'turned by 90°': { size: 36, degrees: 90 },
  'upside down': { size: 36, degrees: 180 },
  'contrast 16 of 255': { size: 36, ink: '#748494', paper: '#647484' },
  'contrast 6 of 255': { size: 36, ink: '#6a7a8a', paper: '#647484' },
} as const;
const quality: { drawn: string; errorStandard: number; errorThorough: number }[] = [];
for (const [drawn, drawing] of Object.entries(drawings))
  quality.push({ drawn, errorStandard: await errorIn(drawing, 'standard'), errorThorough: await errorIn(drawing, 'thorough') });

await writeResult('drawn-text', {
  quality,
  cpuMs: {
    smooth: await cpuOf(() => readText({ bytes: smooth, limits, effort: 'standard' })),
    photo: await cpuOf(() => readText({ bytes: photo, limits, effort: 'standard' })),
    photoThorough: await cpuOf(() => readText({ bytes: photo, limits, effort: 'thorough' })),
    oneLine: await cpuOf(() => readText({ bytes: line, limits, effort: 'standard' })),
    thirtyLines: await cpuOf(() => readText({ bytes: page, limits, effort: 'thorough' })),
    origin: await cpuOf(() => readTraces({ bytes: photo, mark: null, maxForeignPixels: 0 })),
    originPng: await cpuOf(async () =>
      readTraces({ bytes: line, mark: { keys: [], options: { effort: 'standard' } }, maxForeignPixels: 16_777_216 }),
    ),
  },
});
