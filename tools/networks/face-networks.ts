import { add, conv, dense, depthwise, normalizedInput, padEnd, pool, relu } from './layers.ts';
import { OnnxGraph } from './onnx-graph.ts';
import type { Weight } from './tfjs-weights.ts';

/** face-api ships weights without a description of the networks: these are ours, after its published sources (MIT). */

/** Mean of red, green and blue over the training pictures of all three. */
const MEAN_RGB = [122.782, 117.001, 104.298];

type Weights = ReadonlyMap<string, Weight>;

class Network {
  readonly graph = new OnnxGraph();
  readonly weights: Weights;

  constructor(weights: Weights) {
    this.weights = weights;
  }

  weight(name: string): Weight {
    const found = this.weights.get(name);
    if (found === undefined) throw new RangeError(`no weights named ${name}`);
    return found;
  }

  input(): string {
    return normalizedInput(this.graph, MEAN_RGB, 255);
  }

  conv(x: string, name: string, stride: number): string {
    return conv(this.graph, x, this.weight(`${name}/filters`), { stride, padding: 'same', bias: this.weight(`${name}/bias`).data });
  }

  separable(x: string, name: string, stride = 1): string {
    const spread = depthwise(this.graph, x, this.weight(`${name}/depthwise_filter`), { stride, padding: 'same' });
    return conv(this.graph, spread, this.weight(`${name}/pointwise_filter`), { padding: 'same', bias: this.weight(`${name}/bias`).data });
  }

  dense(x: string, weights: string, bias?: string): string {
    return dense(this.graph, x, this.weight(weights), bias === undefined ? undefined : this.weight(bias).data);
  }

  relu(x: string): string {
    return relu(this.graph, x);
  }

  add(a: string, b: string): string {
    return add(this.graph, a, b);
  }

  /** Averages what is left of height and width. */
  flatMean(x: string): string {
    return this.graph.node('ReduceMean', [x], { axes: [2, 3], keepdims: 0 });
  }
}

/** 68 points of a face in a square of 112 pixels; `points` holds x and y in turn, as shares of the side. */
export function landmarks(weights: Weights): Buffer {
  const net = new Network(weights);
  let x = net.input();
  for (const block of ['dense0', 'dense1', 'dense2', 'dense3']) {
    const first = block === 'dense0' ? net.conv(x, `${block}/conv0`, 2) : net.separable(x, `${block}/conv0`, 2);
    let sum = net.relu(first);
    let input = sum;
    for (const name of ['conv1', 'conv2', 'conv3']) {
      sum = net.add(sum, net.separable(input, `${block}/${name}`));
      input = net.relu(sum);
    }
    x = input;
  }
  const points = net.dense(net.flatMean(x), 'fc/weights', 'fc/bias');
  return net.graph.finish('face-landmarks', { name: 'input', shape: [1, 112, 112, 3] }, { points });
}

/** Age in years of a face in a square of 112 pixels. The network could tell sexes, too; nothing here needs to know. */
export function apparentAge(weights: Weights): Buffer {
  const net = new Network(weights);
  const reduction = (x: string, name: string, activate: boolean): string => {
    const first = net.separable(activate ? net.relu(x) : x, `${name}/separable_conv0`);
    const second = net.separable(net.relu(first), `${name}/separable_conv1`);
    const pooled = pool(net.graph, second, { kind: 'MaxPool', size: 3, stride: 2, padding: 'same' });
    return net.add(pooled, net.conv(x, `${name}/expansion_conv`, 2));
  };
  let x = net.relu(net.conv(net.input(), 'entry_flow/conv_in', 2));
  x = reduction(x, 'entry_flow/reduction_block_0', false);
  x = reduction(x, 'entry_flow/reduction_block_1', true);
  for (const block of ['main_block_0', 'main_block_1']) {
    let inner = x;
    for (const part of ['separable_conv0', 'separable_conv1', 'separable_conv2']) {
      inner = net.separable(net.relu(inner), `middle_flow/${block}/${part}`);
    }
    x = net.add(inner, x);
  }
  x = net.relu(net.separable(reduction(x, 'exit_flow/reduction_block', true), 'exit_flow/separable_conv'));
  const age = net.dense(net.flatMean(x), 'fc/age/weights', 'fc/age/bias');
  return net.graph.finish('face-age', { name: 'input', shape: [1, 112, 112, 3] }, { age });
}

/**
 * 128 numbers that are near each other for faces of one person: the residual network of dlib, of a square of 150 pixels, or of several at once: its last
 * layers do little with much weight, so that a second face costs a tenth less than the first.
 */
export function descriptor(weights: Weights): Buffer {
  const net = new Network(weights);
  const { graph } = net;
  const scaled = (x: string, name: string, down: boolean): string => {
    const options = { stride: down ? 2 : 1, padding: down ? 'valid' : 'same', bias: net.weight(`${name}/conv/bias`).data } as const;
    const plain = conv(graph, x, net.weight(`${name}/conv/filters`), options);
    const channelwise = (suffix: string) => {
      const { data } = net.weight(`${name}/scale/${suffix}`);
      return graph.weights(data, [1, data.length, 1, 1]);
    };
    return graph.node('Add', [graph.node('Mul', [plain, channelwise('weights')]), channelwise('biases')]);
  };
  const residual = (x: string, name: string): string =>
    net.relu(net.add(scaled(net.relu(scaled(x, `${name}/conv1`, false)), `${name}/conv2`, false), x));
  // Both ways down lose pixels at the right and lower edge in another manner; the original fills up with zeros.
  const residualDown = (x: string, name: string, { side, widen }: { side: number; widen: number }): string => {
    const inner = scaled(net.relu(scaled(x, `${name}/conv1`, true)), `${name}/conv2`, false);
    const pooled = pool(graph, x, { kind: 'AveragePool', size: 2, stride: 2, padding: 'valid' });
    const missing = Math.floor(side / 2) - (Math.floor((side - 3) / 2) + 1);
    const padded = missing > 0 ? padEnd(graph, inner, { bottom: missing, right: missing }) : inner;
    return net.relu(net.add(widen > 0 ? padEnd(graph, pooled, { channels: widen }) : pooled, padded));
  };
  let x = net.relu(scaled(net.input(), 'conv32_down', true));
  x = pool(graph, x, { kind: 'MaxPool', size: 3, stride: 2, padding: 'valid' });
  for (const name of ['conv32_1', 'conv32_2', 'conv32_3']) x = residual(x, name);
  x = residualDown(x, 'conv64_down', { side: 35, widen: 32 });
  for (const name of ['conv64_1', 'conv64_2', 'conv64_3']) x = residual(x, name);
  x = residualDown(x, 'conv128_down', { side: 17, widen: 64 });
  for (const name of ['conv128_1', 'conv128_2']) x = residual(x, name);
  x = residualDown(x, 'conv256_down', { side: 8, widen: 128 });
  for (const name of ['conv256_1', 'conv256_2']) x = residual(x, name);
  x = residualDown(x, 'conv256_down_out', { side: 4, widen: 0 });
  return graph.finish(
    'face-descriptor',
    { name: 'input', shape: ['faces', 150, 150, 3] },
    { descriptor: net.dense(net.flatMean(x), 'fc') },
  );
}
