/**
 * What publishing a picture costs, all of it: label, invisible mark, encoding, reading the mark back, XMP, credential, and verifying that.
 *
 *   npx tsx bench/run.ts publish [--runs 20] [--photo FILE]
 *
 * CPU of this process, with its engine thread, and of the worker, since wall time on a shared machine says little.
 */
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createMetadataWriter } from '../src/provenance/metadata/metadata-writer.ts';
import { FACTS } from '../src/provenance/pictures.fixture.ts';
import { testPki } from '../src/provenance/pki.fixture.ts';
import { createProvenance } from '../src/provenance/provenance.ts';
import { createPictureFinisher } from '../src/watermark/finish-picture.ts';
import { newMarkKey } from '../src/watermark/mark-key.ts';
import { texturedPicture } from '../src/watermark/pictures.fixture.ts';
import { WATERMARK_ALGORITHM } from '../src/watermark/watermark.ts';
import { createWorkerPool } from '../src/workers/fork-pool.ts';
import type { Job, WorkerPool } from '../src/workers/worker-pool.ts';
import { note, writeResult } from './results.ts';
import { median, quantile } from './statistics.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' }, photo: { type: 'string' } } });
const RUNS = Number(values.runs);
const writeMetadata = createMetadataWriter({ credit: 'AI-generated', dataMining: 'DMI-PROHIBITED' });

/** A pool that tells what CPU its jobs took. */
let workerCpuMs = 0;
const inner = createWorkerPool({ size: 1 });
const pool: WorkerPool = {
  async run<Input, Output>(job: Job<Input, Output>, signal?: AbortSignal) {
    const outcome = await inner.run(job, signal);
    if (outcome.kind === 'done') workerCpuMs += outcome.cpuMs;
    return outcome;
  },
  close: () => inner.close(),
};
const { signer, rootPem } = await testPki();
const provenance = createProvenance({ signer, trustAnchorsPem: rootPem });
const finish = createPictureFinisher({ pool, keys: [newMarkKey(1)], issuer: 0, version: 1 });

type Format = 'png' | 'jpeg' | 'webp';

async function publishOne(bytes: Uint8Array, format: Format, isLabeled: boolean): Promise<void> {
  const finished = await finish(bytes, { format, label: isLabeled ? {} : null, mark: { isEdited: false } });
  if (finished.mark?.kind !== 'marked') throw new Error('the picture bears no mark');
  const described = writeMetadata(finished.bytes, format, { ...FACTS, kind: 'created', surface: 'api' });
  const value = new Uint8Array(Buffer.from(finished.mark.payload, 'hex'));
  const softBinding = { alg: WATERMARK_ALGORITHM, value, kind: 'watermark' } as const;
  await provenance.sign({ bytes: described, format, manifest: { ...FACTS, softBinding } });
}

async function measure(bytes: Uint8Array, format: Format, isLabeled: boolean) {
  for (let i = 0; i < 4; i++) await publishOne(bytes, format, isLabeled);
  const [here, there, wall]: [number[], number[], number[]] = [[], [], []];
  for (let i = 0; i < RUNS; i++) {
    workerCpuMs = 0;
    const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
    await publishOne(bytes, format, isLabeled);
    const { user, system } = process.cpuUsage(cpu);
    here.push((user + system) / 1000);
    there.push(workerCpuMs);
    wall.push(performance.now() - startedAt);
  }
  const all = here.map((ms, i) => ms + (there[i] ?? 0));
  const rounded = (ms: number) => Number(ms.toFixed(1));
  return {
    bytes: bytes.length,
    cpuMsMin: rounded(Math.min(...all)),
    cpuMsMedian: rounded(median(all)),
    cpuMsP90: rounded(quantile(all, 0.9)),
    workerCpuMsMedian: rounded(median(there)),
    gatewayCpuMsMedian: rounded(median(here)),
    wallMsMedian: rounded(median(wall)),
  };
}

const { data, width, height, channels } = texturedPicture(1024, 1024);
const source =
  values.photo === undefined ? sharp(data, { raw: { width, height, channels } }) : sharp(await readFile(values.photo)).resize(1024, 1024);
const pixels = await source.png().toBuffer();
const rows: Record<string, Awaited<ReturnType<typeof measure>>> = {};
for (const format of ['png', 'jpeg', 'webp'] as const) {
  const file = await sharp(pixels)
    .toFormat(format, format === 'jpeg' ? { quality: 95 } : {})
    .toBuffer();
  for (const isLabeled of [false, true]) {
    const name = isLabeled ? `${format}Labeled` : format;
    rows[name] = await measure(file, format, isLabeled);
    note(`${name}: ${rows[name].cpuMsMedian} ms CPU (worker ${rows[name].workerCpuMsMedian}, gateway ${rows[name].gatewayCpuMsMedian})`);
  }
}
await writeResult('publish', { side: 1024, runs: RUNS, source: values.photo === undefined ? 'drawn by numbers' : 'a photograph', rows });
await provenance.close();
await pool.close();
