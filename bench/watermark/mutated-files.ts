import { performance } from 'node:perf_hooks';
import sharp, { type Sharp } from 'sharp';
import { mutate } from '../../src/mutated-uploads.fixture.ts';
import { detectInFile } from '../../src/watermark/mark-files.ts';
import { texturedPicture } from '../../src/watermark/pictures.fixture.ts';
import { embed } from '../../src/watermark/watermark.ts';
import { createWorkerPool } from '../../src/workers/fork-pool.ts';
import { seededRandom } from '../random.ts';
import { sharpOf } from './pixels.ts';
import { keyOf } from './robustness.ts';

const KEY = keyOf(1);
const PAYLOAD = '00112233445566ff';
/** Of `detectInFile`. */
const DEADLINE_MS = 30_000;

const FORMATS: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  png: (picture) => picture.png(),
  jpeg: (picture) => picture.jpeg({ quality: 92 }),
  'progressive jpeg': (picture) => picture.jpeg({ quality: 92, progressive: true }),
  webp: (picture) => picture.webp({ quality: 92 }),
  'lossless webp': (picture) => picture.webp({ lossless: true }),
  avif: (picture) => picture.avif({ quality: 80, effort: 1 }),
  gif: (picture) => picture.gif(),
  tiff: (picture) => picture.tiff(),
  'palette png': (picture) => picture.png({ palette: true }),
};

interface MutatedResult {
  readonly files: number;
  /** How often each answer came: found, absent, unreadable, or why none could be given. */
  readonly answers: Readonly<Record<string, number>>;
  /** The process of the job died, or did not answer in time. */
  readonly crashed: number;
  readonly timedOut: number;
  readonly wrongPayloads: number;
  readonly deadlineMs: number;
  readonly slowestMs: number;
}

/**
 * Marked pictures of nine formats. Every fourth is cut, filled or grown in one to four places, which the check of containers mostly refuses; the others have bytes
 * changed behind their header, so that most reach the decoder and the reader.
 */
export async function detectMutated(files: number, onProgress: (done: number) => void): Promise<MutatedResult> {
  const seeds = await markedFiles();
  const pool = createWorkerPool({ size: 1 });
  const random = seededRandom(4);
  const answers = new Map<string, number>();
  let [wrongPayloads, slowestMs] = [0, 0];
  for (let i = 0; i < files; i++) {
    const original = seeds[i % seeds.length];
    if (original === undefined) throw new RangeError('no files');
    const bytes = i % 4 === 0 ? mutate(original, random) : wound(original, random);
    const startedAt = performance.now();
    const answer = await detectInFile(bytes, { pool, keys: [KEY], options: { effort: i % 20 < 2 ? 'thorough' : 'standard' } });
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
    const name = answer.kind === 'failed' ? answer.reason : answer.kind;
    answers.set(name, (answers.get(name) ?? 0) + 1);
    if (answer.kind === 'found' && answer.payload !== PAYLOAD) wrongPayloads++;
    onProgress(i + 1);
  }
  await pool.close();
  return {
    files,
    answers: Object.fromEntries([...answers].sort(([, a], [, b]) => b - a)),
    crashed: answers.get('crashed') ?? 0,
    timedOut: answers.get('timed_out') ?? 0,
    wrongPayloads,
    deadlineMs: DEADLINE_MS,
    slowestMs: Math.round(slowestMs),
  };
}

async function markedFiles(): Promise<Buffer[]> {
  const embedding = embed(texturedPicture(208, 176), PAYLOAD, KEY);
  if (embedding.kind !== 'marked') throw new Error(`not markable: ${embedding.reason}`);
  return Promise.all(Object.values(FORMATS).map((format) => format(sharpOf(embedding.raster)).toBuffer()));
}

/** One to sixteen bytes behind the header become others. */
function wound(original: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(original);
  const start = Math.min(bytes.length >> 2, 1024);
  for (let i = Math.floor(16 * random()); i >= 0; i--)
    bytes.writeUInt8(Math.floor(256 * random()), start + Math.floor(random() * (bytes.length - start)));
  return bytes;
}

sharp.concurrency(1);
