/**
 * What credentials cost: `npx tsx bench/run.ts provenance`. With `--flips 2000` also how many single-byte changes of a signed file stay
 * trusted, which takes long.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { CREDENTIAL_FORMATS, type CredentialFormat } from '../src/provenance/image-format.ts';
import { createMetadataWriter } from '../src/provenance/metadata/metadata-writer.ts';
import { minimalMp4 } from '../src/provenance/mp4.fixture.ts';
import { FACTS, gradient, noise, picture } from '../src/provenance/pictures.fixture.ts';
import { testPki } from '../src/provenance/pki.fixture.ts';
import { createProvenance, type Provenance } from '../src/provenance/provenance.ts';
import { survivingFlips } from './byte-flips.ts';
import { note, writeResult } from './results.ts';
import { median, quantile } from './statistics.ts';

const { values: options } = parseArgs({
  options: { flips: { type: 'string', default: '0' }, pictures: { type: 'string', default: '1000' } },
});
const writeMetadata = createMetadataWriter({ credit: 'AI-generated', dataMining: 'DMI-PROHIBITED' });
const FINGERPRINT = { alg: 'org.imprimatur.pdq', value: new Uint8Array(32).fill(0x5a), kind: 'fingerprint' } as const;

async function mark(provenance: Provenance, bytes: Uint8Array, format: CredentialFormat): Promise<Uint8Array> {
  const facts = { ...FACTS, kind: 'created', surface: 'api' } as const;
  const described = writeMetadata(bytes, format, facts);
  return (await provenance.sign({ bytes: described, format, manifest: { ...FACTS, softBinding: FINGERPRINT } })).bytes;
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

/** How long anything else in this process waits while a video of 15 MB is signed on the engine's thread. */
async function video(provenance: Provenance) {
  const bytes = minimalMp4(15 * 2 ** 20);
  await mark(provenance, bytes, 'mp4');
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const wall = performance.now();
  for (let i = 0; i < 5; i++) await mark(provenance, bytes, 'mp4');
  const eachMs = (performance.now() - wall) / 5;
  delay.disable();
  return { bytes: bytes.length, wallMs: eachMs, eventLoopDelayMsMax: delay.max / 1e6, eventLoopDelayMsP99: delay.percentile(99) / 1e6 };
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
  memory: await memory(provenance, Number(options.pictures)),
};
const flips = Number(options.flips);
if (flips > 0) {
  const rows: Record<string, unknown> = {};
  for (const format of CREDENTIAL_FORMATS) {
    const signed = await mark(provenance, format === 'mp4' ? minimalMp4() : await picture(format, 64), format);
    rows[format] = await survivingFlips(provenance, signed, { format, flips });
    note(`${format}: ${JSON.stringify(rows[format])}`);
  }
  result['flips'] = rows;
}
await provenance.close();
await writeResult('provenance', result);
