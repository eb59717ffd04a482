/**
 * How many files a second `imprimatur verify FOLDER` answers for, over a mixed folder, and what 5,000 mutated uploads do.
 *
 *   npx tsx bench/run.ts verify [--files 240] [--mutations 5000]
 *
 * The command asks a gateway in this process over its control socket, so the time is that of command, gateway, credential engine and
 * workers together.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verify } from '../src/cli/commands/verify.ts';
import { progressBar } from '../src/cli/progress.ts';
import { startGateway } from '../src/compose/start-gateway.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { fuzzUploads } from '../src/mutated-uploads.fixture.ts';
import { mixedFolder, type NamedFile } from './mixed-folder.ts';
import { processUse } from './process-use.ts';
import { note, writeResult } from './results.ts';

const { values } = parseArgs({ options: { files: { type: 'string', default: '200' }, mutations: { type: 'string', default: '5000' } } });
/** For the cost of each kind; CPU time is counted in steps of 10 ms. */
const EACH = 10;

async function measureFolder(count: number) {
  const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const configFile = join(home, 'imprimatur.yaml');
  await writeFile(configFile, JSON.stringify({ port: 0, logLevel: 'silent', workers: 2, dataDir: join(home, 'data') }));
  const gateway = await startGateway(loadConfig({ flags: { config: configFile }, env: {} }));
  try {
    const all = await mixedFolder(gateway);
    const look = async (files: readonly NamedFile[]) => {
      const folder = await mkdtemp(join(home, 'uploads-'));
      await Promise.all(files.map((file, i) => write(folder, i, file)));
      const answers: string[] = [];
      const terminal = {
        out: (text: string) => void answers.push(text),
        err: (text: string) => note(text),
        isInteractive: process.stderr.isTTY === true,
      };
      const startedAt = performance.now();
      const before = processUse(process.pid).cpuMs;
      await verify.run([folder, '--json', '--config', configFile], { env: {}, terminal });
      const seconds = (performance.now() - startedAt) / 1000;
      if (answers.length !== files.length) throw new Error(`${answers.length} answers for ${files.length} files`);
      return { seconds, cpuMsEach: (processUse(process.pid).cpuMs - before) / files.length };
    };
    // Every reader and detector in both workers once, before the clock starts.
    await look([...all, ...all]);
    const { seconds, cpuMsEach } = await look(Array.from({ length: count }, (_, i) => all[i % all.length]!));
    const cpuMsOf: Record<string, number> = {};
    for (const file of all) cpuMsOf[file[0]] = round((await look(Array.from({ length: EACH }, () => file))).cpuMsEach);
    return { files: count, seconds: round(seconds), perSecond: round(count / seconds), cpuMsEach: round(cpuMsEach), cpuMsOf };
  } finally {
    await gateway.close();
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

const write = (folder: string, i: number, [name, bytes]: NamedFile) =>
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
