/** What credentials cost: `npx tsx bench/run.ts provenance [--pictures 1000]`. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import sharp from 'sharp';
import { createC2paEngine } from '../src/provenance/c2pa-engine.ts';
import type { CredentialFormat } from '../src/provenance/image-format.ts';
import { createMetadataWriter } from '../src/provenance/metadata/metadata-writer.ts';
import { minimalMp4 } from '../src/provenance/mp4.fixture.ts';
import { FACTS, gradient, noise, picture } from '../src/provenance/pictures.fixture.ts';
import { testPki } from '../src/provenance/pki.fixture.ts';
import { createProvenance, type Provenance } from '../src/provenance/provenance.ts';
import { note, writeResult } from './results.ts';
import { median, quantile } from './statistics.ts';

const { values: options } = parseArgs({
  options: { pictures: { type: 'string', default: '1000' } },
});
const writeMetadata = createMetadataWriter({ credit: 'AI-generated', dataMining: 'DMI-PROHIBITED' });
const FINGERPRINT = { alg: 'org.imprimatur.pdq', value: new Uint8Array(32).fill(0x5a), kind: 'fingerprint' } as const;

async function mark(provenance: Provenance, bytes: Uint8Array, format: CredentialFormat): Promise<Uint8Array> {
  const facts = { ...FACTS, kind: 'created', surface: 'api' } as const;
  const described = writeMetadata(bytes, format, facts);
  return (await provenance.sign({ bytes: described, format, manifest: { ...FACTS, softBinding: FINGERPRINT }, isGiven: true })).bytes;
}

/** CPU of the whole process, threads included, since wall time on a shared machine says little. */
async function measure(provenance: Provenance, bytes: Uint8Array, format: CredentialFormat, runs: number) {
  for (let i = 0; i < 3; i++) await mark(provenance, bytes, format);
  const [cpuMs, wallMs]: [number[], number[]] = [[], []];
  for (let i = 0; i < runs; i++) {
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    await mark(provenance, bytes, format);
    const { user, system } = process.cpuUsage(cpu);
    cpuMs.push((user + system) / 1000);
    wallMs.push(performance.now() - wall);
  }
  return { bytes: bytes.length, cpuMsMedian: median(cpuMs), cpuMsP90: quantile(cpuMs, 0.9), wallMsMedian: median(wallMs) };
}

async function costs(provenance: Provenance) {
  const painted = (format: 'png' | 'jpeg' | 'webp' | 'avif') => picture(format, 1024, gradient);
  const grain = sharp(noise(1024, 1024), { raw: { width: 1024, height: 1024, channels: 3 } });
  const files = {
    pngOfNoise: ['png', await grain.clone().png({ compressionLevel: 1 }).toBuffer()],
    png: ['png', await painted('png')],
    jpegOfNoise: ['jpeg', await grain.clone().jpeg({ quality: 92 }).toBuffer()],
    jpeg: ['jpeg', await painted('jpeg')],
    webp: ['webp', await painted('webp')],
    avif: ['avif', await painted('avif')],
  } as const;
  const rows: Record<string, Awaited<ReturnType<typeof measure>>> = {};
  for (const [name, [format, bytes]] of Object.entries(files)) {
    rows[name] = await measure(provenance, bytes, format, 30);
    note(`${name}: ${rows[name].cpuMsMedian.toFixed(1)} ms CPU`);
  }
  return rows;
}

async function eventLoopDelayDuring(work: () => Promise<unknown>) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return { maxMs: delay.max / 1e6, p99Ms: delay.percentile(99) / 1e6 };
}

const VIDEO_RUNS = 5;

/**
 * How long anything else in this process waits while a video of 15 MB is signed on the engine's thread; and, for comparison, while a thread
 * burns as long and nothing is signed, since on a machine that others load a process waits for a core as well.
 */
async function video(provenance: Provenance) {
  const bytes = minimalMp4(15 * 2 ** 20);
  await mark(provenance, bytes, 'mp4');
  const onMainThreadMs: number[] = [];
  const startedAt = performance.now();
  const signing = await eventLoopDelayDuring(async () => {
    for (let i = 0; i < VIDEO_RUNS; i++) {
      const at = performance.now();
      const done = mark(provenance, bytes, 'mp4');
      onMainThreadMs.push(performance.now() - at);
      await done;
    }
  });
  const wallMs = (performance.now() - startedAt) / VIDEO_RUNS;
  const burn = `const end = Date.now() + ${Math.round(wallMs * VIDEO_RUNS)}; while (Date.now() < end) Math.sqrt(end);`;
  const control = await eventLoopDelayDuring(() => once(new Worker(burn, { eval: true }), 'exit'));
  return {
    bytes: bytes.length,
    wallMs,
    /** XMP, the copy for the engine, and handing it over: what really runs on the main thread in one piece. */
    onMainThreadMsMedian: median(onMainThreadMs),
    eventLoopDelayMsMax: signing.maxMs,
    eventLoopDelayMsP99: signing.p99Ms,
    controlDelayMsMax: control.maxMs,
    controlDelayMsP99: control.p99Ms,
  };
}

/** Why a PNG is hashed by Node: see `png-stand-in.ts`. */
async function hashing() {
  const bytes = await picture('png', 2048, noise);
  const best = (work: () => void) => {
    const times = Array.from({ length: 15 }, () => {
      const at = performance.now();
      work();
      return performance.now() - at;
    });
    return bytes.length / 1000 / Math.min(...times);
  };
  return { nodeMbPerSecond: best(() => void createHash('sha256').update(bytes).digest()), c2paRs: await engineThroughput(bytes) };
}

/** What c2pa-rs itself takes for each further megabyte, on this thread. */
async function engineThroughput(big: Uint8Array) {
  const engine = createC2paEngine();
  const anchors = pki.rootPem;
  const signed = async (bytes: Uint8Array) => (await provenance.sign({ bytes, format: 'png', manifest: FACTS })).bytes;
  const files = [await signed(await picture('png', 64, noise)), await signed(big)] as const;
  const bestMs = async (file: Uint8Array) => {
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      const request = { kind: 'verify', bytes: new Uint8Array(file), format: 'png', trustAnchorsPem: anchors } as const;
      const at = performance.now();
      await engine.run(request, () => Promise.reject(new TypeError('signs nothing')));
      times.push(performance.now() - at);
    }
    return Math.min(...times);
  };
  const [small, large] = [await bestMs(files[0]), await bestMs(files[1])];
  return { verifyMbPerSecond: (files[1].length - files[0].length) / 1000 / (large - small) };
}

async function memory(provenance: Provenance, pictures: number) {
  const bytes = await picture('png', 512, noise);
  const residentMb: number[] = [];
  for (let i = 1; i <= pictures; i++) {
    await mark(provenance, bytes, 'png');
    if (i % Math.ceil(pictures / 10) === 0) residentMb.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
  }
  const [first = 0, last = 0] = [Math.max(...residentMb.slice(0, 5)), Math.max(...residentMb.slice(5))];
  return { pictures, residentMb, grownMb: last - first };
}

const pki = await testPki();
const provenance = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem });
const result: Record<string, unknown> = {
  costs: await costs(provenance),
  video: await video(provenance),
  hashing: await hashing(),
  memory: await memory(provenance, Number(options.pictures)),
};
await provenance.close();
await writeResult('provenance', result);
