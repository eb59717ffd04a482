import { z } from 'zod';
import { add, conv, depthwise, normalizedInput, pool, relu, toChannelsFirst, toChannelsLast } from './layers.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { manifestSchema, readWeights, type Weight } from './tfjs-weights.ts';

const nodeSchema = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.unknown()).default({}),
});

/** The format that TensorFlow.js calls a graph model. */
export const graphSchema = z.object({
  modelTopology: z.object({ node: z.array(nodeSchema) }),
  weightsManifest: manifestSchema,
});

type Node = z.infer<typeof nodeSchema>;

export interface GraphRequest {
  readonly name: string;
  readonly side: number;
  /** What the network wants in place of 0 to 255: (input − mean) / divisor. */
  readonly mean: number;
  readonly divisor: number;
  /** Name in the file → node of the original. Whatever they do not need is left out. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A graph model as ONNX. Values keep TensorFlow's order, channels last; the runtime takes out the turns between neighbors. */
export function transcodeGraph(request: GraphRequest, model: z.infer<typeof graphSchema>, bytes: Buffer): Buffer {
  const writer = new GraphWriter(request, model.modelTopology.node, readWeights(model.weightsManifest, bytes));
  const outputs: Record<string, string> = {};
  for (const [output, node] of Object.entries(request.outputs)) outputs[output] = writer.value(node);
  return writer.graph.finish(request.name, { name: 'input', shape: [1, request.side, request.side, 3] }, outputs);
}

/**
 * Where a processor has wide registers, the runtime keeps values in blocks of 8 or 16 channels and melts sums and activations into convolutions. Whatever
 * it cannot give in blocks it turns back and forth, and everything after it, too. A pooling it gives so only where the blocks are full.
 */
const BLOCK = 16;

class GraphWriter {
  readonly graph = new OnnxGraph();
  readonly #request: GraphRequest;
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #weights: ReadonlyMap<string, Weight>;
  readonly #values = new Map<string, string>();

  constructor(request: GraphRequest, nodes: readonly Node[], weights: ReadonlyMap<string, Weight>) {
    this.#request = request;
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
    this.#weights = weights;
  }

  /** The value of a node, written when it is first asked for. */
  value(reference: string): string {
    const name = reference.replace(/^\^/, '').replace(/:0$/, '');
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const node = this.#nodes.get(name);
    if (node === undefined) throw new RangeError(`no node named ${name}`);
    const value = this.#write(node);
    this.#values.set(name, value);
    return value;
  }

  #write(node: Node): string {
    const { graph } = this;
    const [first = '', second = ''] = node.input;
    switch (node.op) {
      case 'Placeholder':
        return toChannelsLast(graph, normalizedInput(graph, new Array(3).fill(this.#request.mean), this.#request.divisor));
      case '_FusedConv2D':
      case 'FusedDepthwiseConv2dNative':
      case 'DepthwiseConv2dNative':
        return this.#conv(node);
      case 'AddV2':
        return add(graph, this.value(first), this.value(second));
      case 'Relu':
        return relu(graph, this.value(first));
      case 'Prelu':
        return this.#prelu(this.value(first), second);
      case 'Sigmoid':
        return graph.node('Sigmoid', [this.value(first)]);
      case 'Identity':
        return this.value(first);
      case 'MaxPool': {
        const [size = 1, stride = 1] = [integers(node, 'ksize')[1], integers(node, 'strides')[1]];
        const padding = paddingOf(node);
        const pooled = toChannelsLast(
          graph,
          pool(graph, toChannelsFirst(graph, this.value(first)), { kind: 'MaxPool', size, stride, padding }),
        );
        const channels = this.#channelsOf(first);
        return channels % BLOCK === 0 ? pooled : this.#handedOn(pooled, channels, channels);
      }
      case 'Pad': {
        const pads = Array.from(this.#weight(second).data);
        if (pads.slice(0, -1).some((zeros) => zeros !== 0)) throw new RangeError(`no rule for zeros before ${node.name}`);
        return this.#handedOn(this.value(first), this.#channelsOf(first), this.#channelsOf(node.name));
      }
      case 'Reshape':
        return graph.node('Reshape', [this.value(first), graph.integers(Array.from(this.#weight(second).data))]);
      default:
        throw new RangeError(`no rule for the operator ${node.op}`);
    }
  }

  #conv(node: Node): string {
    const { graph } = this;
    const [input = '', kernel = '', ...others] = node.input;
    const steps = texts(node, 'fused_ops');
    const weight = this.#weight(kernel);
    const stride = integers(node, 'strides')[1] ?? 1;
    const [biasName] = others;
    const bias = steps[0] === 'BiasAdd' && biasName !== undefined ? { bias: this.#weight(biasName).data } : {};
    const options = { stride, padding: paddingOf(node), ...bias } as const;
    const x = toChannelsFirst(graph, this.value(input));
    const plain = node.op === '_FusedConv2D' ? conv(graph, x, weight, options) : depthwise(graph, x, weight, options);
    const out = toChannelsLast(graph, plain);
    const activation = steps[steps[0] === 'BiasAdd' ? 1 : 0];
    if (activation === undefined) return out;
    if (activation === 'Relu') return relu(graph, out);
    if (activation === 'Relu6') return graph.node('Clip', [out, ...[0, 6].map((bound) => graph.weights(Float32Array.from([bound]), []))]);
    if (activation === 'Prelu') return this.#prelu(out, others[1] ?? '');
    throw new RangeError(`no rule for the activation ${activation}`);
  }

  /** slope · x + (1 − slope) · relu(x), as the runtime has no PRelu for values in blocks. */
  #prelu(x: string, slopes: string): string {
    const { graph } = this;
    const { data } = this.#weight(slopes);
    const scaled = (value: string, by: Float32Array) =>
      toChannelsLast(
        graph,
        depthwise(graph, toChannelsFirst(graph, value), { data: by, shape: [1, 1, by.length, 1] }, { padding: 'valid' }),
      );
    const rest = data.map((slope) => 1 - slope);
    return add(graph, scaled(x, data), scaled(relu(graph, x), rest));
  }

  /**
   * The same values, and zeros in further channels, by a convolution of one pixel: what a pooling or a `Pad` gives is not in blocks, and neither would be
   * any sum after it.
   */
  #handedOn(x: string, channels: number, outputs: number): string {
    const { graph } = this;
    const data = new Float32Array(channels * outputs);
    for (let channel = 0; channel < channels; channel++) data[channel * outputs + channel] = 1;
    const kernel = { data, shape: [1, 1, channels, outputs] };
    return toChannelsLast(graph, conv(graph, toChannelsFirst(graph, x), kernel, { padding: 'valid' }));
  }

  #channelsOf(name: string): number {
    const node = this.#nodes.get(name);
    const [first = '', second = ''] = node?.input ?? [];
    switch (node?.op) {
      case '_FusedConv2D':
        return this.#weight(second).shape[3] ?? 0;
      case 'Pad':
        return this.#channelsOf(first) + (this.#weight(second).data.at(-1) ?? 0);
      case 'MaxPool':
      case 'Relu':
      case 'Prelu':
      case 'AddV2':
        return this.#channelsOf(first);
      default:
        throw new RangeError(`no rule for the channels of ${name}`);
    }
  }

  #weight(name: string): Weight {
    const found = this.#weights.get(name.replace(/:0$/, ''));
    if (found === undefined) throw new RangeError(`no weights named ${name}`);
    return found;
  }
}

const integerList = z.object({ list: z.object({ i: z.array(z.coerce.number()) }) });
const textList = z.object({ list: z.object({ s: z.array(z.base64()) }) });
const text = z.object({ s: z.base64() });

const integers = (node: Node, name: string) => integerList.parse(node.attr[name]).list.i;
const decoded = (base64: string) => Buffer.from(base64, 'base64').toString();
const texts = (node: Node, name: string) => (node.attr[name] === undefined ? [] : textList.parse(node.attr[name]).list.s.map(decoded));

function paddingOf(node: Node): 'same' | 'valid' {
  const padding = decoded(text.parse(node.attr['padding']).s);
  if (padding === 'SAME') return 'same';
  if (padding === 'VALID') return 'valid';
  throw new RangeError(`no rule for ${padding} padding`);
}
