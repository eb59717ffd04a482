import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { openSession, Tensor } from '../networks/onnx-runtime.ts';
import { shapeOf } from './model-input.ts';
import type { ModelRecipe } from './model-question.ts';

/** The file of a model is missing, or another one than its manifest says. The message is for whoever wrote the manifest. */
export class WrongModelFile extends Error {
  override readonly name = 'WrongModelFile';
}

const sessions = new Map<string, Promise<InferenceSession>>();

/**
 * The model, loaded once in this process. From the very bytes that were hashed, not from the path: nobody can change the file between the two,
 * and a model that keeps weights in files beside it, which no hash covers, does not load. It costs its size in memory once more.
 * @throws WrongModelFile
 */
export function modelSession(model: ModelRecipe): Promise<InferenceSession> {
  const key = `${model.sha256} ${model.path}`;
  const known = sessions.get(key) ?? load(model);
  sessions.set(key, known);
  known.catch(() => sessions.delete(key));
  return known;
}

async function load({ path, sha256 }: ModelRecipe): Promise<InferenceSession> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new WrongModelFile('its file cannot be read', { cause });
  });
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) throw new WrongModelFile(`its file has the SHA-256 ${actual}, not the one of the manifest`);
  return openSession(bytes);
}

/** Asks the model about one prepared picture. Blocks the process while it runs. Gives its scores as numbers from 0 to 1, in its order. */
export async function askModel(model: ModelRecipe, tensor: Float32Array): Promise<number[]> {
  const session = await modelSession(model);
  const outputs = await session.run({ [model.input.name]: new Tensor('float32', tensor, shapeOf(model.input)) }, [model.output.name]);
  const data = outputs[model.output.name]?.data;
  if (!(data instanceof Float32Array)) throw new TypeError(`output "${model.output.name}" is not float32`);
  return activated(Array.from(data), model.output.activation);
}

function activated(raw: readonly number[], activation: ModelRecipe['output']['activation']): number[] {
  if (activation === 'sigmoid') return raw.map((value) => 1 / (1 + Math.exp(-value)));
  if (activation === 'none') return raw.map((value) => withinRounding(value));
  const most = Math.max(...raw);
  const powers = raw.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** A share that arithmetic pushed a hair out of its range; anything else stays what it is, and is refused. */
function withinRounding(value: number): number {
  const nearest = Math.min(1, Math.max(0, value));
  return Math.abs(value - nearest) < 1e-4 ? nearest : value;
}
