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
      case 'Const': {
        const { data, shape } = this.#weight(node.name);
        return graph.weights(data, shape);
      }
      case '_FusedConv2D':
      case 'FusedDepthwiseConv2dNative':
      case 'DepthwiseConv2dNative':
        return this.#conv(node);
      case 'AddV2':
        return add(graph, this.value(first), this.value(second));
      case 'Relu':
        return relu(graph, this.value(first));
      case 'Prelu':
        return graph.node('PRelu', [this.value(first), this.value(second)]);
      case 'Sigmoid':
        return graph.node('Sigmoid', [this.value(first)]);
      case 'Identity':
        return this.value(first);
      case 'MaxPool': {
        const [size = 1, stride = 1] = [integers(node, 'ksize')[1], integers(node, 'strides')[1]];
        const padding = paddingOf(node);
        return toChannelsLast(graph, pool(graph, toChannelsFirst(graph, this.value(first)), { kind: 'MaxPool', size, stride, padding }));
      }
      case 'Pad': {
        const pads = Array.from(this.#weight(second).data);
        const ordered = [...pads.filter((_, i) => i % 2 === 0), ...pads.filter((_, i) => i % 2 === 1)];
        return graph.node('Pad', [this.value(first), graph.integers(ordered)], { mode: 'constant' });
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
    if (activation === 'Prelu') return graph.node('PRelu', [out, this.value(others[1] ?? '')]);
    throw new RangeError(`no rule for the activation ${activation}`);
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
