import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { InferenceSession } from 'onnxruntime-node';
import { NETWORKS_DIR, WASM_RUNTIME } from './network-files.ts';

type Native = typeof import('onnxruntime-node');
/** What both kinds of ONNX Runtime have. */
interface Runtime {
  readonly Tensor: Native['Tensor'];
  readonly open: (model: string | Uint8Array) => Promise<InferenceSession>;
}

/**
 * One thread: two nearly double the CPU time per picture, because they spin (measured); there is a process for each core instead.
 */
const OPTIONS: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};

/**
 * The runtime of this process. Its binaries serve Linux with glibc, Windows and Macs with Apple's processors; elsewhere (musl, Intel Macs) it runs as
 * WebAssembly, with the same answers and two and a half to ten times the CPU time.
 */
export async function openRuntime(
  native: () => Promise<Native> = () => import('onnxruntime-node'),
): Promise<Runtime & { readonly kind: RuntimeKind }> {
  const loaded = await native().catch(() => undefined);
  if (loaded === undefined) return { kind: 'wasm', ...(await wasmRuntime()) };
  const { InferenceSession: Session, Tensor } = loaded;
  // From the path where there is one: from a buffer a network costs its size in memory once more.
  const open: Runtime['open'] = (model) => (typeof model === 'string' ? Session.create(model, OPTIONS) : Session.create(model, OPTIONS));
  return { kind: 'native', Tensor, open };
}

export type RuntimeKind = 'native' | 'wasm';

/** @throws Error when one of its files is missing or not the one that was built */
async function wasmRuntime(): Promise<Runtime> {
  await pinned('onnx-runtime.mjs');
  const wasmBinary = await pinned('onnx-runtime.wasm');
  const { InferenceSession: Session, Tensor, env }: Native = await import(new URL('onnx-runtime.mjs', NETWORKS_DIR).href);
  Object.assign(env.wasm, { numThreads: 1, wasmBinary });
  const open: Runtime['open'] = async (model) => Session.create(typeof model === 'string' ? await readFile(model) : model, OPTIONS);
  return { Tensor, open };
}

async function pinned(name: keyof typeof WASM_RUNTIME): Promise<Buffer> {
  const bytes = await readFile(fileURLToPath(new URL(name, NETWORKS_DIR)));
  if (createHash('sha256').update(bytes).digest('hex') !== WASM_RUNTIME[name]) throw new Error(`${name} is not the file that was built`);
  return bytes;
}

const runtime = await openRuntime();

export const { kind: runtimeKind, Tensor, open: openSession } = runtime;
