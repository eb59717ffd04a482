import { fileURLToPath } from 'node:url';
import type { InferenceSession } from 'onnxruntime-node';
import { NETWORKS_DIR, type NetworkName } from './network-files.ts';
import { openSession, Tensor } from './onnx-runtime.ts';

const sessions = new Map<string, Promise<InferenceSession>>();

/** A network of `dist/networks`, loaded once in this process. */
export function networkSession(name: string): Promise<InferenceSession> {
  const known = sessions.get(name) ?? openSession(fileURLToPath(new URL(`${name}.onnx`, NETWORKS_DIR)));
  sessions.set(name, known);
  // What could not be loaded once, for want of memory, may load for the next picture.
  known.catch(() => sessions.delete(name));
  return known;
}

/**
 * Asks a network about one square of `side` × `side` pixels, interleaved RGB from 0 to 255, or about several in turn where the network takes them. Gives
 * its outputs by name. Blocks the thread while it runs, so it belongs into a process of the detector pool, never into the gateway's.
 * @throws Error when the file is missing or broken, or an output is not what the network promises
 */
export async function askNetwork(name: NetworkName, squares: Float32Array, count = 1): Promise<(output: string) => Float32Array> {
  const side = Math.sqrt(squares.length / 3 / count);
  const session = await networkSession(name);
  const outputs = await session.run({ input: new Tensor('float32', squares, [count, side, side, 3]) });
  return (output) => {
    const data = outputs[output]?.data;
    if (!(data instanceof Float32Array)) throw new TypeError(`${name} gave no ${output}`);
    return data;
  };
}
