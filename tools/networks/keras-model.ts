import { z } from 'zod';
import { add, conv, dense, depthwise, normalizedInput, pool, relu, toChannelsLast, type Zeros } from './layers.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { manifestSchema, readWeights, type Weight } from './tfjs-weights.ts';

const pair = z.tuple([z.int(), z.int()]);
const padding = z.enum(['same', 'valid']);
const activation = z.enum(['linear', 'relu', 'softmax']);
const named = { name: z.string() };

/** The kinds of layer that the networks of nsfwjs have; any other stops the build. */
const layerSchema = z.discriminatedUnion('class_name', [
  layer('InputLayer', z.object({ ...named, batch_input_shape: z.tuple([z.null(), z.int(), z.int(), z.literal(3)]) })),
  layer('ZeroPadding2D', z.object({ ...named, padding: z.tuple([pair, pair]) })),
  layer('Conv2D', z.object({ ...named, strides: pair, padding, use_bias: z.literal(false), activation: z.literal('linear') })),
  layer('DepthwiseConv2D', z.object({ ...named, strides: pair, padding, use_bias: z.literal(false), activation: z.literal('linear') })),
  layer('BatchNormalization', z.object({ ...named, epsilon: z.number() })),
  layer('ReLU', z.object({ ...named, max_value: z.literal(6), negative_slope: z.literal(0), threshold: z.literal(0) })),
  layer('Activation', z.object({ ...named, activation })),
  layer('MaxPooling2D', z.object({ ...named, pool_size: pair, strides: pair, padding })),
  layer('AveragePooling2D', z.object({ ...named, pool_size: pair, strides: pair, padding })),
  layer('Add', z.object(named)),
  layer('Concatenate', z.object({ ...named, axis: z.literal(3) })),
  layer('Flatten', z.object(named)),
  layer('Dense', z.object({ ...named, activation, use_bias: z.literal(true) })),
  layer('Dropout', z.object(named)),
]);

function layer<Name extends string, Config extends z.ZodType>(name: Name, config: Config) {
  return z.object({
    class_name: z.literal(name),
    config,
    inbound_nodes: z.array(z.array(z.tuple([z.string(), z.int(), z.int(), z.unknown()]))),
  });
}

export const kerasSchema = z.object({
  modelTopology: z.object({ model_config: z.object({ config: z.object({ layers: z.array(layerSchema) }) }) }),
  weightsManifest: manifestSchema,
});

type Layer = z.infer<typeof layerSchema>;

/** A network that TensorFlow.js calls a layers model, as ONNX. Takes RGB from 0 to 255 and gives `scores`. */
export function transcodeKeras(name: string, model: z.infer<typeof kerasSchema>, bytes: Buffer): Buffer {
  const weights = readWeights(model.weightsManifest, bytes);
  const { layers } = model.modelTopology.model_config.config;
  const graph = new OnnxGraph();
  const values = new Map<string, string>();
  const zeros = new Map<string, Zeros>();
  let shape: readonly number[] = [];
  let last = '';
  for (const one of layers) {
    if (one.class_name === 'InputLayer') shape = [1, ...one.config.batch_input_shape.slice(1).map(Number)];
    const sources = one.inbound_nodes.flat().map(([from]) => from);
    const inputs = sources.map((from) => values.get(from) ?? '');
    if (one.class_name === 'ZeroPadding2D') zeros.set(one.config.name, zerosOf(one.config.padding));
    const before = sources.flatMap((from) => zeros.get(from) ?? []);
    last = writeLayer({ graph, one, inputs, before, weight: (suffix) => weights.get(`${one.config.name}/${suffix}`) });
    values.set(one.config.name, last);
  }
  return graph.finish(name, { name: 'input', shape }, { scores: last });
}

interface LayerRequest {
  readonly graph: OnnxGraph;
  readonly one: Layer;
  readonly inputs: readonly string[];
  /** Zeros that the original puts around the input in a step of its own. */
  readonly before: readonly Zeros[];
  readonly weight: (suffix: string) => Weight | undefined;
}

function writeLayer({ graph, one, inputs, before, weight }: LayerRequest): string {
  const [x = ''] = inputs;
  const padding = paddingOf(one, before);
  const must = (suffix: string): Weight => {
    const found = weight(suffix);
    if (found === undefined) throw new RangeError(`${one.config.name} has no ${suffix}`);
    return found;
  };
  switch (one.class_name) {
    case 'InputLayer':
      return normalizedInput(graph, [0, 0, 0], 255);
    case 'ZeroPadding2D':
      return x;
    case 'Conv2D':
      return conv(graph, x, must('kernel'), { stride: one.config.strides[0], padding });
    case 'DepthwiseConv2D':
      return depthwise(graph, x, must('depthwise_kernel'), { stride: one.config.strides[0], padding });
    case 'BatchNormalization': {
      const { data: mean } = must('moving_mean');
      const vectors = [
        weight('gamma')?.data ?? new Float32Array(mean.length).fill(1),
        must('beta').data,
        mean,
        must('moving_variance').data,
      ];
      return graph.node('BatchNormalization', [x, ...vectors.map((data) => graph.weights(data, [data.length]))], {
        epsilon: { float: one.config.epsilon },
      });
    }
    case 'ReLU':
      return graph.node('Clip', [x, ...[0, 6].map((bound) => graph.weights(Float32Array.from([bound]), []))]);
    case 'Activation':
      return activated(graph, x, one.config.activation);
    case 'MaxPooling2D':
    case 'AveragePooling2D': {
      const { pool_size, strides, padding: pad } = one.config;
      const kind = one.class_name === 'MaxPooling2D' ? 'MaxPool' : 'AveragePool';
      return pool(graph, x, { kind, size: pool_size[0], stride: strides[0], padding: pad });
    }
    case 'Add':
      return inputs.reduce((sum, input) => add(graph, sum, input));
    case 'Concatenate':
      return graph.node('Concat', inputs, { axis: 1 });
    case 'Flatten':
      return graph.node('Flatten', [toChannelsLast(graph, x)], { axis: 1 });
    case 'Dense':
      return activated(graph, dense(graph, x, must('kernel'), must('bias').data), one.config.activation);
    case 'Dropout':
      return x;
  }
}

const zerosOf = ([[top, bottom], [left, right]]: readonly [readonly [number, number], readonly [number, number]]): Zeros => ({
  top,
  left,
  bottom,
  right,
});

/** Zeros go to the convolution that reads them; before anything else, or twice, the build stops. */
function paddingOf(one: Layer, [zeros, ...more]: readonly Zeros[]): 'same' | 'valid' | Zeros {
  const reads = one.class_name === 'Conv2D' || one.class_name === 'DepthwiseConv2D' ? one.config.padding : undefined;
  if (zeros === undefined) return reads ?? 'valid';
  if (reads !== 'valid' || more.length > 0) throw new RangeError(`no rule for zeros before ${one.config.name}`);
  return zeros;
}

function activated(graph: OnnxGraph, x: string, kind: z.infer<typeof activation>): string {
  if (kind === 'relu') return relu(graph, x);
  return kind === 'softmax' ? graph.node('Softmax', [x], { axis: -1 }) : x;
}
