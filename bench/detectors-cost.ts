/**
 * What the detectors cost: `npx tsx bench/run.ts detectors-cost --photos DIR`, on a machine that nobody else uses. CPU of one process for a picture of one
 * megapixel. Where others share a core, every network takes up to twice as long.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { DEFAULT_LIMITS } from '../src/detectors/containers/container-report.ts';
import { editInputOf } from '../src/detectors/edit-anomaly/edit-comparer.ts';
import { run as compareEdit } from '../src/detectors/edit-anomaly/edit-job.ts';
import { run as look } from '../src/detectors/looking/look-job.ts';
import { checkNetworks } from '../src/detectors/networks/check-networks.ts';
import { NETWORKS_DIR, type NetworkName } from '../src/detectors/networks/network-files.ts';
import { openRuntime } from '../src/detectors/networks/onnx-runtime.ts';
import { patternFor } from '../src/detectors/networks/pattern.fixture.ts';
import { run as inspect } from '../src/detectors/pixels/inspect-job.ts';
import { writeResult } from './results.ts';
import { median, rounded } from './statistics.ts';

const ROUNDS = 15;
const limits = DEFAULT_LIMITS;
/** The repository; the compiled tree has no tools. */
const ROOT = process.env['BENCH_ROOT'] ?? '.';
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

const SIDES: Readonly<Record<NetworkName, number>> = {
  'nudity-quick': 224,
  'nudity-deep': 299,
  'face-boxes': 256,
  'face-flag': 192,
  'face-landmarks': 112,
  'face-descriptor': 150,
  'face-age': 112,
};

type Runtime = Awaited<ReturnType<typeof openRuntime>>;
type Outputs = Awaited<ReturnType<Awaited<ReturnType<Runtime['open']>>['run']>>;

/** One network alone on both runtimes: what nothing around it can take away. */
async function networkCost(name: NetworkName, native: Runtime, wasm: Runtime) {
  const side = SIDES[name];
  const asked = async ({ open, Tensor }: Runtime) => {
    const session = await open(fileURLToPath(new URL(`${name}.onnx`, NETWORKS_DIR)));
    const input = new Tensor('float32', patternFor(side, 1), [1, side, side, 3]);
    const ask = () => session.run({ input });
    const outputs = await ask();
    return { outputs, cpuMs: await cpuOf(ask) };
  };
  const [ours, theirs] = [await asked(native), await asked(wasm)];
  return { network: name, cpuMs: ours.cpuMs, wasmCpuMs: theirs.cpuMs, wasmDiffers: differenceOf(ours.outputs, theirs.outputs) };
}

/** The largest, as a share of the largest value of its output. */
function differenceOf(a: Outputs, b: Outputs): number {
  const all = Object.keys(a).map((name) => {
    const [one, other] = [a[name]?.data, b[name]?.data];
    if (!(one instanceof Float32Array && other instanceof Float32Array)) return Number.NaN;
    const largest = one.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
    return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] ?? Number.NaN))), 0) / largest;
  });
  return Number(Math.max(...all).toPrecision(2));
}

/** Of a process that has looked a dozen times and does nothing else, as it is delivered: compiled (`npm run build`). */
function residentMb(): number {
  const script = `
    const { run } = await import(process.argv[1]);
    const { DEFAULT_LIMITS: limits } = await import(process.argv[2]);
    const bytes = (await import('node:fs')).readFileSync(0);
    for (let i = 0; i < 12; i++) await run({ bytes, limits, effort: 'thorough' });
    console.log(process.memoryUsage.rss());`;
  const built = (path: string) => pathToFileURL(join(ROOT, 'dist/detectors', path)).href;
  const args = ['--input-type=module', '-e', script, built('looking/look-job.js'), built('containers/container-report.js')];
  return Math.round(Number(execFileSync(process.execPath, args, { input: face, encoding: 'utf8' })) / 2 ** 20);
}

/** All networks made anew from their packages; nothing is written. The build itself compares their hashes. */
function buildMs(): number {
  const startedAt = performance.now();
  execFileSync(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'tools/build-networks.ts', '--print'], { cwd: ROOT });
  return Math.round(performance.now() - startedAt);
}

const hashing = rounded(await spentOn(() => checkNetworks()));
const firstLook = rounded(await spentOn(() => look({ bytes: face, limits, effort: 'thorough' })));
const sight = await look({ bytes: face, limits, effort: 'thorough' });
if (sight.kind !== 'seen') throw new Error('the picture could not be read');
const cpuMs = {
  faceThorough: await cpuOf(() => look({ bytes: face, limits, effort: 'thorough' })),
  faceStandard: await cpuOf(() => look({ bytes: face, limits, effort: 'standard' })),
  noFaceThorough: await cpuOf(() => look({ bytes: noFace, limits, effort: 'thorough' })),
  noFaceStandard: await cpuOf(() => look({ bytes: noFace, limits, effort: 'standard' })),
  inspect: await cpuOf(() => inspect({ bytes: face, limits })),
  // Beside the looks at both, which the other detectors need as well.
  edit: await cpuOf(() => compareEdit({ ...editInputOf({ before: face, after: face }, [sight, sight]), limits })),
};
const native = await openRuntime();
const wasm = await openRuntime(() => Promise.reject(new Error('left out')));
const networks: Awaited<ReturnType<typeof networkCost>>[] = [];
for (const name of Object.keys(SIDES) as NetworkName[]) networks.push(await networkCost(name, native, wasm));
await writeResult('detectors-cost', {
  checkAtStartCpuMs: hashing,
  firstLookCpuMs: firstLook,
  cpuMs,
  residentMb: residentMb(),
  buildMs: buildMs(),
  networks,
});
