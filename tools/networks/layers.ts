import type { OnnxGraph } from './onnx-graph.ts';
import type { Weight } from './tfjs-weights.ts';

/** Zeros around a picture, in pixels; as attributes of what reads it they cost nothing, as a step of their own a pass over memory. */
export type Zeros = Readonly<Record<'top' | 'left' | 'bottom' | 'right', number>>;
type Padding = 'same' | 'valid' | Zeros;

/** What TensorFlow and Keras call layers, written with ONNX operators. Values are NCHW; kernels come as TensorFlow stores them. */
export interface ConvOptions {
  readonly stride?: number;
  readonly padding: Padding;
  readonly bias?: Float32Array;
}

const autoPad = { same: 'SAME_UPPER', valid: 'VALID' } as const;
const padded = (padding: Padding) =>
  typeof padding === 'string' ? { auto_pad: autoPad[padding] } : { pads: [padding.top, padding.left, padding.bottom, padding.right] };

export const toChannelsFirst = (graph: OnnxGraph, x: string) => graph.node('Transpose', [x], { perm: [0, 3, 1, 2] });
export const toChannelsLast = (graph: OnnxGraph, x: string) => graph.node('Transpose', [x], { perm: [0, 2, 3, 1] });
export const relu = (graph: OnnxGraph, x: string) => graph.node('Relu', [x]);
export const add = (graph: OnnxGraph, a: string, b: string) => graph.node('Add', [a, b]);

/** A kernel of height × width × in × out. */
export function conv(graph: OnnxGraph, x: string, kernel: Weight, { stride = 1, padding, bias }: ConvOptions): string {
  const [height = 0, width = 0, inputs = 0, outputs = 0] = kernel.shape;
  const data = permuted(kernel, [3, 2, 0, 1]);
  const weights = [graph.weights(data, [outputs, inputs, height, width]), ...(bias ? [graph.weights(bias, [bias.length])] : [])];
  return graph.node('Conv', [x, ...weights], {
    kernel_shape: [height, width],
    strides: [stride, stride],
    ...padded(padding),
  });
}

/** One kernel for each channel: height × width × channels × 1. */
export function depthwise(graph: OnnxGraph, x: string, kernel: Weight, { stride = 1, padding, bias }: ConvOptions): string {
  const [height = 0, width = 0, channels = 0, multiplier = 0] = kernel.shape;
  if (multiplier !== 1) throw new RangeError('only one output for each channel is known');
  const data = permuted(kernel, [2, 3, 0, 1]);
  const weights = [graph.weights(data, [channels, 1, height, width]), ...(bias ? [graph.weights(bias, [bias.length])] : [])];
  return graph.node('Conv', [x, ...weights], {
    kernel_shape: [height, width],
    strides: [stride, stride],
    ...padded(padding),
    group: channels,
  });
}

/** TensorFlow does not count the padding of an average; nor does ONNX unless told to. */
export function pool(
  graph: OnnxGraph,
  x: string,
  { kind, size, stride, padding }: { kind: 'MaxPool' | 'AveragePool'; size: number; stride: number; padding: 'same' | 'valid' },
): string {
  return graph.node(kind, [x], { kernel_shape: [size, size], strides: [stride, stride], auto_pad: autoPad[padding] });
}

/** Zeros below, right and in further channels. */
export function padEnd(graph: OnnxGraph, x: string, { channels = 0, bottom = 0, right = 0, top = 0, left = 0 }): string {
  return graph.node('Pad', [x, graph.integers([0, 0, top, left, 0, channels, bottom, right])], { mode: 'constant' });
}

export function dense(graph: OnnxGraph, x: string, kernel: Weight, bias?: Float32Array): string {
  const product = graph.node('MatMul', [x, graph.weights(kernel.data, kernel.shape)]);
  return bias === undefined ? product : add(graph, product, graph.weights(bias, [bias.length]));
}

/** `input` is 1 × height × width × 3 in RGB from 0 to 255; gives (input − mean) / divisor, channels first: there one mean serves a whole plane at once. */
export function normalizedInput(graph: OnnxGraph, mean: readonly number[], divisor: number): string {
  const x = toChannelsFirst(graph, 'input');
  const centered = mean.every((one) => one === 0) ? x : graph.node('Sub', [x, meanWeights(graph, mean)]);
  return graph.node('Div', [centered, graph.weights(Float32Array.from([divisor]), [1])]);
}

function meanWeights(graph: OnnxGraph, mean: readonly number[]): string {
  const [first = 0] = mean;
  return mean.every((one) => one === first)
    ? graph.weights(Float32Array.from([first]), [1])
    : graph.weights(Float32Array.from(mean), [mean.length, 1, 1]);
}

function permuted({ data, shape }: Weight, order: readonly [number, number, number, number]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
  const [a, b, c, d] = order.map((axis) => ({ size: shape[axis] ?? 0, stride: strides[axis] ?? 0 }));
  if (!a || !b || !c || !d) throw new RangeError('a kernel has four sides');
  const out = new Float32Array(data.length);
  let at = 0;
  for (let i = 0; i < a.size; i++) {
    for (let j = 0; j < b.size; j++) {
      for (let k = 0; k < c.size; k++) {
        const from = i * a.stride + j * b.stride + k * c.stride;
        for (let l = 0; l < d.size; l++) out[at++] = data[from + l * d.stride] ?? Number.NaN;
      }
    }
  }
  return out;
}
