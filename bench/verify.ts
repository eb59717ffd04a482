/**
 * How many files a second `imprimatur verify FOLDER` answers for, over a mixed folder, and what 5,000 mutated uploads do.
 *
 *   npx tsx bench/run.ts verify [--files 240] [--mutations 5000]
 *
 * The command asks a gateway in this process over its control socket, so the time is that of command, gateway, credential engine and
 * workers together.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { verify } from '../src/cli/commands/verify.ts';
import { progressBar } from '../src/cli/progress.ts';
import { startGateway } from '../src/compose/start-gateway.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { fuzzUploads } from '../src/mutated-uploads.fixture.ts';
import { textChunk, withChunks } from '../src/provenance/foreign/files.fixture.ts';
import { FACTS, gradient, noise, picture } from '../src/provenance/pictures.fixture.ts';
import { testPki } from '../src/provenance/pki.fixture.ts';
import { createProvenance } from '../src/provenance/provenance.ts';
import { processUse } from './process-use.ts';
import { note, writeResult } from './results.ts';

const { values } = parseArgs({ options: { files: { type: 'string', default: '200' }, mutations: { type: 'string', default: '5000' } } });
const SIZE = 1024;

/** One of each kind that a folder of uploads holds; all of one megapixel but the last two. */
async function kinds(): Promise<readonly (readonly [string, Uint8Array])[]> {
  const { signer, rootPem } = await testPki();
  const provenance = createProvenance({ signer, trustAnchorsPem: rootPem });
  const sign = async (format: 'png' | 'jpeg' | 'webp', make = gradient) =>
    (await provenance.sign({ bytes: await picture(format, SIZE, make), format, manifest: FACTS })).bytes;
  const plain = Buffer.from(await picture('png', SIZE));
  const made = [
    ['signed.png', await sign('png')],
    ['signed-noise.png', await sign('png', noise)],
    ['signed.jpg', await sign('jpeg')],
    ['signed.webp', await sign('webp')],
    ['plain.png', plain],
    [
      'photo.jpg',
      await sharp(plain)
        .jpeg({ quality: 88 })
        .withExif({ IFD0: { Make: 'Acme', Model: 'One' } })
        .toBuffer(),
    ],
    ['generator.png', withChunks(plain, textChunk('parameters', 'x\nSteps: 9, Sampler: Euler, Model: m'))],
    ['plain.webp', await sharp(plain).webp().toBuffer()],
    ['cut.png', plain.subarray(0, 3000)],
    ['letter.txt', Buffer.from('a letter')],
  ] as const;
  await provenance.close();
  return made;
}

async function measureFolder(count: number) {
  const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const configFile = join(home, 'imprimatur.yaml');
  await writeFile(configFile, JSON.stringify({ port: 0, logLevel: 'silent', workers: 2, dataDir: join(home, 'data') }));
  const gateway = await startGateway(loadConfig({ flags: { config: configFile }, env: {} }));
  try {
    const folder = join(home, 'uploads');
    await mkdir(folder);
    const all = await kinds();
    await Promise.all(Array.from({ length: count }, (_, i) => write(folder, i, all[i % all.length]!)));
    const answers: string[] = [];
    const terminal = {
      out: (text: string) => void answers.push(text),
      err: (text: string) => note(text),
      isInteractive: process.stderr.isTTY === true,
    };
    const run = () => verify.run([folder, '--json', '--config', configFile], { env: {}, terminal });
    await verify.run([join(folder, '0000-signed.png'), '--config', configFile], { env: {}, terminal });
    answers.length = 0;
    const startedAt = performance.now();
    const before = processUse(process.pid).cpuMs;
    await run();
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuMsEach = (processUse(process.pid).cpuMs - before) / count;
    if (answers.length !== count) throw new Error(`${answers.length} answers for ${count} files`);
    return {
      files: count,
      seconds: round(seconds),
      perSecond: round(count / seconds),
      cpuMsEach: round(cpuMsEach),
    };
  } finally {
    await gateway.close();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

const write = (folder: string, i: number, [name, bytes]: readonly [string, Uint8Array]) =>
  writeFile(join(folder, `${String(i).padStart(4, '0')}-${name}`), bytes);
const round = (n: number) => Number(n.toFixed(2));

note(`a folder of ${values.files} files, on ${cpus().length} cores`);
const folder = await measureFolder(Number(values.files));
note(`${folder.perSecond} files a second, ${folder.cpuMsEach} ms of CPU each`);
const bar = progressBar('mutated uploads', { out: () => {}, err: () => {}, isInteractive: process.stderr.isTTY === true });
const mutations = Number(values.mutations);
const fuzz = await fuzzUploads(mutations, 20_261_121, (done) => bar.update(done, mutations));
bar.end();
await writeResult('verify', { folder, fuzz });
if (fuzz.threw.length > 0 || fuzz.outgoingRequests > 0) process.exitCode = 1;
