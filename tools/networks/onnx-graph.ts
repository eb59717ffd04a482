import { ProtobufWriter } from './protobuf.ts';

/** Field numbers of onnx.proto3 stand beside each call. `ir_version` 8 with operator set 17 runs on every runtime since 2022. */
const IR_VERSION = 8;
const OPERATOR_SET = 17;

const FLOAT = 1;
const INT64 = 7;
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7 } as const;

type Side = number | string;

export type Attribute = number | string | readonly number[] | { readonly float: number };

/** A graph under construction. Names of values are plain strings; weights and nodes are written in the order of the calls. */
export class OnnxGraph {
  readonly #nodes: ProtobufWriter[] = [];
  readonly #weights: ProtobufWriter[] = [];
  #count = 0;

  /** Float weights. */
  weights(data: Float32Array, shape: readonly number[]): string {
    const size = shape.reduce((product, side) => product * side, 1);
    if (size !== data.length) throw new RangeError(`weights of ${data.length} do not fit ${shape.join('×')}`);
    return this.#tensor(FLOAT, shape, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  }

  /** Whole numbers: shapes, pads, axes. */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.#tensor(INT64, [values.length], Buffer.from(data.buffer));
  }

  /** Adds a node with one output and gives the name of that. */
  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = `v${this.#count++}`;
    const node = new ProtobufWriter();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attributeOf(name, value));
    this.#nodes.push(node);
    return output;
  }

  /** The file. A side of the input that is a name may be of any length. `outputs`: name in the file → value of the graph. */
  finish(
    name: string,
    input: { readonly name: string; readonly shape: readonly Side[] },
    outputs: Readonly<Record<string, string>>,
  ): Buffer {
    const graph = new ProtobufWriter();
    for (const node of this.#nodes) graph.message(1, node);
    for (const [output, value] of Object.entries(outputs)) {
      graph.message(1, new ProtobufWriter().text(1, value).text(2, output).text(4, 'Identity'));
    }
    graph.text(2, name);
    for (const tensor of this.#weights) graph.message(5, tensor);
    graph.message(11, valueInfo(input.name, input.shape));
    for (const output of Object.keys(outputs)) graph.message(12, valueInfo(output));
    return new ProtobufWriter()
      .varint(1, IR_VERSION)
      .text(2, 'imprimatur')
      .message(7, graph)
      .message(8, new ProtobufWriter().varint(2, OPERATOR_SET))
      .finish();
  }

  #tensor(type: number, shape: readonly number[], raw: Uint8Array): string {
    const name = `w${this.#count++}`;
    const tensor = new ProtobufWriter();
    for (const side of shape) tensor.varint(1, side);
    this.#weights.push(tensor.varint(2, type).text(8, name).bytes(9, raw));
    return name;
  }
}

function attributeOf(name: string, value: Attribute): ProtobufWriter {
  const attribute = new ProtobufWriter().text(1, name);
  if (typeof value === 'string') return attribute.text(4, value).varint(20, ATTRIBUTE.text);
  if (typeof value === 'number') return attribute.varint(3, value).varint(20, ATTRIBUTE.int);
  if ('float' in value) return attribute.float(2, value.float).varint(20, ATTRIBUTE.float);
  for (const one of value) attribute.varint(8, one);
  return attribute.varint(20, ATTRIBUTE.ints);
}

function valueInfo(name: string, shape?: readonly Side[]): ProtobufWriter {
  const tensor = new ProtobufWriter().varint(1, FLOAT);
  if (shape !== undefined) {
    const dimensions = new ProtobufWriter();
    for (const side of shape) {
      const dimension = new ProtobufWriter();
      dimensions.message(1, typeof side === 'string' ? dimension.text(2, side) : dimension.varint(1, side));
    }
    tensor.message(2, dimensions);
  }
  return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
}
