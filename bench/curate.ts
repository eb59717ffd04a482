/**
 * A hundred thousand small pictures through `curateFolder`, and what that does to memory: `npx tsx bench/run.ts curate`. Detectors that need neural networks are
 * left out: what they cost stands elsewhere, and here it would hide the rest.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deflateSync } from 'node:zlib';
import { curateFolder } from '../src/curation/curate-folder.ts';
import { chunk, PNG_SIGNATURE } from '../src/detectors/pictures.fixture.ts';
import { createHashRegistry } from '../src/registries/hash-lists/hash-registry.ts';
import { createWorkerPool } from '../src/workers/fork-pool.ts';
import { seededRandom } from './random.ts';
import { note, writeResult } from './results.ts';
import { rounded } from './statistics.ts';

const FILES = Number(process.env['CURATE_FILES'] ?? 100_000);
const FOLDERS = 100;
const SIDE = 64;
const CELLS = 8;
/** Every so many files one is a copy, one broken, one opted out. */
const EVERY = 10;
const WORKERS = 2;

setFlagsFromString('--expose-gc');
const gc: unknown = runInNewContext('gc');
const collect = () => (typeof gc === 'function' ? gc() : undefined);

const random = seededRandom(20_261_122);

/** Grey squares of random levels. */
function png(): Buffer {
  const levels = Array.from({ length: CELLS * CELLS }, () => Math.floor(random() * 256));
  const rows = Buffer.alloc(SIDE * (SIDE + 1));
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const level = levels[Math.floor((y * CELLS) / SIDE) * CELLS + Math.floor((x * CELLS) / SIDE)] ?? 0;
      rows[y * (SIDE + 1) + 1 + x] = level;
    }
  const head = Buffer.from([0, 0, 0, SIDE, 0, 0, 0, SIDE, 8, 0, 0, 0, 0]);
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

async function makeSet(root: string): Promise<{ copies: number; broken: number; optedOut: number }> {
  const made = { copies: 0, broken: 0, optedOut: 0 };
  let last = png();
  for (let i = 0; i < FILES; i++) {
    const folder = join(root, String(i % FOLDERS).padStart(2, '0'));
    if (i < FOLDERS) await mkdir(folder, { recursive: true });
    const path = join(folder, `${String(i).padStart(6, '0')}.png`);
    const kind = i % EVERY;
    if (kind === 1) made.copies += 1;
    else last = png();
    if (kind === 2) {
      made.broken += 1;
      await writeFile(path, last.subarray(0, last.length - 30));
    } else await writeFile(path, last);
    if (kind !== 3) continue;
    made.optedOut += 1;
    await writeFile(`${path}.headers`, 'tdm-reservation: 1\n');
  }
  return made;
}

const folder = await mkdtemp(join(tmpdir(), 'curate-'));
const pool = createWorkerPool({ size: WORKERS });
try {
  const [root, out] = [join(folder, 'set'), join(folder, 'out')];
  note(`making ${FILES.toLocaleString('en-US')} files`);
  const made = await makeSet(root);
  note('going through them');
  const memory: { readonly files: number; readonly rssMb: number; readonly heapMb: number }[] = [];
  const sample = (files: number) => {
    collect();
    const { rss, heapUsed } = process.memoryUsage();
    memory.push({ files, rssMb: Math.round(rss / 2 ** 20), heapMb: rounded(heapUsed / 2 ** 20) });
  };
  const began = performance.now();
  const cpu = process.cpuUsage();
  const wish = {
    root,
    out,
    pool,
    hashLists: createHashRegistry([]),
    checks: [],
    reservationsOf: () => [],
    rules: { notLooked: ['nudity'] },
    width: WORKERS * 2,
  };
  const curated = await curateFolder({ ...wish, onProgress: (done) => done % (FILES / 20) === 0 && sample(done) });
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const again = performance.now();
  const resumed = await curateFolder({ ...wish, onProgress: () => undefined });
  const resumeSeconds = (performance.now() - again) / 1000;
  const manifest = await readFile(join(out, 'manifest.csv'), 'utf8');
  const expected = made.copies + made.broken + made.optedOut;
  const [early, late] = [memory[1], memory.at(-1)];
  await writeResult('curate', {
    files: FILES,
    made,
    keep: curated.keep,
    drop: curated.drop,
    byReason: curated.byReason,
    wrong: Math.abs(curated.drop - expected) + Math.abs(manifest.trimEnd().split('\n').length - 1 - curated.skip - FILES),
    seconds: rounded(seconds),
    parentCpuSeconds: rounded((user + system) / 1e6),
    filesPerSecond: rounded(FILES / seconds),
    resumed: resumed.resumed,
    resumeSeconds: rounded(resumeSeconds),
    memory,
    rssGrowthMb: (late?.rssMb ?? 0) - (early?.rssMb ?? 0),
    heapGrowthMb: rounded((late?.heapMb ?? 0) - (early?.heapMb ?? 0)),
  });
} finally {
  await pool.close();
  await rm(folder, { recursive: true });
}
