import type { InferenceSession } from 'onnxruntime-node';
import type { z } from 'zod';
import { pyramidOf } from '../looking/pyramid.ts';
import { shapeOf, tensorOf } from './model-input.ts';
import type { ModelRecipe, probeAnswerSchema } from './model-question.ts';
import { askModel, modelSession, WrongModelFile } from './model-session.ts';

type Metadata = InferenceSession['inputMetadata'][number];

/** Runs in a process of the detector pool: loads a model and asks it about a black and a white picture, before any picture depends on it. */
export async function run(model: ModelRecipe): Promise<z.infer<typeof probeAnswerSchema>> {
  let session: InferenceSession;
  try {
    session = await modelSession(model);
  } catch (error) {
    const why =
      error instanceof WrongModelFile ? error.message : `it is no model that ONNX Runtime can load by itself: ${firstLine(error)}`;
    return { problem: why };
  }
  const problem = inputProblem(session.inputMetadata, model) ?? outputProblem(session.outputMetadata, model);
  return { problem: problem ?? (await trialProblem(model)) ?? null };
}

function inputProblem(inputs: readonly Metadata[], { input }: ModelRecipe): string | undefined {
  const named = inputs.find(({ name }) => name === input.name);
  if (named === undefined) return `it has no input "${input.name}"; it has ${inputs.map(described).join(', ')}`;
  if (inputs.length > 1) return `it wants ${inputs.length} inputs (${inputs.map(described).join(', ')}); a picture is only one`;
  if (!named.isTensor || named.type !== 'float32') return `its input is ${described(named)}, and pictures are given as float32`;
  const wanted = shapeOf(input);
  const fits =
    named.shape.length === wanted.length && named.shape.every((side, at) => typeof side !== 'number' || side < 0 || side === wanted[at]);
  return fits
    ? undefined
    : `its input is ${described(named)}, and the manifest gives ${wanted.join('×')} (${input.layout}, size ${input.size})`;
}

function outputProblem(outputs: readonly Metadata[], { output }: ModelRecipe): string | undefined {
  const named = outputs.find(({ name }) => name === output.name);
  if (named === undefined) return `it has no output "${output.name}"; it has ${outputs.map(described).join(', ')}`;
  if (!named.isTensor || named.type !== 'float32') return `its output is ${described(named)}, and scores are float32`;
  return undefined;
}

async function trialProblem(model: ModelRecipe): Promise<string | undefined> {
  try {
    const scores = [...(await askModel(model, flat(model, 0))), ...(await askModel(model, flat(model, 255)))];
    if (scores.length !== 2 * model.scores)
      return `its output "${model.output.name}" has ${scores.length / 2} scores, and the manifest has ${model.scores} labels`;
    const isShare = scores.every((score) => score >= 0 && score <= 1);
    return isShare ? undefined : 'it gives scores that are no numbers from 0 to 1: choose the activation "softmax" or "sigmoid"';
  } catch (error) {
    return `it fails on a picture of one color: ${firstLine(error)}`;
  }
}

function flat({ input }: ModelRecipe, value: number): Float32Array {
  const { size } = input;
  return tensorOf(pyramidOf({ width: size, height: size, rgb: new Uint8Array(size * size * 3).fill(value) }), input);
}

function described(metadata: Metadata): string {
  return metadata.isTensor ? `"${metadata.name}" (${metadata.type} ${metadata.shape.join('×')})` : `"${metadata.name}" (no tensor)`;
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '').slice(0, 300) : 'not an Error';
}
