import { z } from 'zod';

const weightSchema = z.object({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(['float32', 'int32']),
  quantization: z
    .object({ dtype: z.enum(['uint8', 'uint16', 'float16']), min: z.number().default(0), scale: z.number().default(1) })
    .optional(),
});

/** A group of weights of TensorFlow.js: what stands in its file, in this order. */
export const manifestSchema = z.array(z.object({ paths: z.array(z.string()), weights: z.array(weightSchema) }));

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const BYTES = { float32: 4, int32: 4, uint8: 1, uint16: 2, float16: 2 } as const;

/** Every weight of a manifest by its name, as floats. @throws RangeError when the file is shorter or longer than the manifest says */
export function readWeights(manifest: z.infer<typeof manifestSchema>, bytes: Buffer): Map<string, Weight> {
  const found = new Map<string, Weight>();
  let at = 0;
  for (const { name, shape, dtype, quantization } of manifest.flatMap(({ weights }) => weights)) {
    const kind = quantization?.dtype ?? dtype;
    const size = shape.reduce((product, side) => product * side, 1);
    const read = READERS[kind];
    const [scale, min] = kind.startsWith('uint') ? [quantization?.scale ?? 1, quantization?.min ?? 0] : [1, 0];
    const data = Float32Array.from({ length: size }, (_, i) => read(bytes, at + i * BYTES[kind]) * scale + min);
    found.set(name, { shape, data });
    at += size * BYTES[kind];
  }
  if (at !== bytes.length) throw new RangeError(`the manifest tells of ${at} bytes of weights, the file has ${bytes.length}`);
  return found;
}

const READERS: Readonly<Record<keyof typeof BYTES, (bytes: Buffer, at: number) => number>> = {
  float32: (bytes, at) => bytes.readFloatLE(at),
  int32: (bytes, at) => bytes.readInt32LE(at),
  uint8: (bytes, at) => bytes.readUInt8(at),
  uint16: (bytes, at) => bytes.readUInt16LE(at),
  float16: (bytes, at) => halfFloat(bytes.readUInt16LE(at)),
};

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
