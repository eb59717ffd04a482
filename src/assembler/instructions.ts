/** Types of values in WebAssembly that our kernels use; `v128` holds four `f32` or sixteen bytes. */
export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

/** Code that leaves one value. Bytes as in the WebAssembly core specification, 2.0, section 5.4. */
export interface Value<T extends ValueType> {
  readonly type: T;
  readonly code: readonly number[];
}

/** Code that leaves nothing. */
export type Statement = readonly number[];

type I32 = Value<'i32'>;
type F32 = Value<'f32'>;
type F64 = Value<'f64'>;
type V128 = Value<'v128'>;

/** LEB128, section 5.2.2, for numbers from 0 and for signed ones. */
export function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

export function signed(value: number): number[] {
  const isLast = value >= -64 && value < 64;
  return isLast ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}

const SIMD = 0xfd;
const simd = (opcode: number) => [SIMD, ...unsigned(opcode)];

function unary<A extends ValueType, R extends ValueType>(opcode: readonly number[], type: R) {
  return (a: Value<A>): Value<R> => ({ type, code: [...a.code, ...opcode] });
}

function binary<A extends ValueType, B extends ValueType, R extends ValueType>(opcode: readonly number[], type: R) {
  return (a: Value<A>, b: Value<B>): Value<R> => ({ type, code: [...a.code, ...b.code, ...opcode] });
}

/** Memory is addressed by a byte, plus a constant; no alignment is promised. */
function loadOf<R extends ValueType>(opcode: readonly number[], type: R) {
  return (address: I32, offset = 0): Value<R> => ({ type, code: [...address.code, ...opcode, 0, ...unsigned(offset)] });
}

function storeOf<A extends ValueType>(opcode: readonly number[]) {
  return (address: I32, value: Value<A>, offset = 0): Statement => [...address.code, ...value.code, ...opcode, 0, ...unsigned(offset)];
}

const floatBytes = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];

const i32Binary = (opcode: number) => binary<'i32', 'i32', 'i32'>([opcode], 'i32');
const f32Binary = (opcode: number) => binary<'f32', 'f32', 'f32'>([opcode], 'f32');
const f64Binary = (opcode: number) => binary<'f64', 'f64', 'f64'>([opcode], 'f64');
const vector = (opcode: number) => binary<'v128', 'v128', 'v128'>(simd(opcode), 'v128');
const oneVector = (opcode: number) => unary<'v128', 'v128'>(simd(opcode), 'v128');

export const i32 = {
  of: (value: number): I32 => ({ type: 'i32', code: [0x41, ...signed(value | 0)] }),
  load: loadOf([0x28], 'i32'),
  store: storeOf<'i32'>([0x36]),
  ltS: i32Binary(0x48),
  ltU: i32Binary(0x49),
  gtS: i32Binary(0x4a),
  leS: i32Binary(0x4c),
  add: i32Binary(0x6a),
  sub: i32Binary(0x6b),
  mul: i32Binary(0x6c),
  and: i32Binary(0x71),
  or: i32Binary(0x72),
  shl: i32Binary(0x74),
  shrU: i32Binary(0x76),
  /** The nearest whole number toward zero; NaN gives 0. */
  fromF64: unary<'f64', 'i32'>([0xfc, 2], 'i32'),
  lane: (a: V128, lane: number): I32 => ({ type: 'i32', code: [...a.code, ...simd(0x1b), lane] }),
};

export const f32 = {
  of: (value: number): F32 => ({ type: 'f32', code: [0x43, ...floatBytes(value)] }),
  load: loadOf([0x2a], 'f32'),
  store: storeOf<'f32'>([0x38]),
  add: f32Binary(0x92),
};

export const f64 = {
  of: (value: number): F64 => ({ type: 'f64', code: [0x44, ...new Uint8Array(Float64Array.of(value).buffer)] }),
  load: loadOf([0x2b], 'f64'),
  lt: binary<'f64', 'f64', 'i32'>([0x63], 'i32'),
  abs: unary<'f64', 'f64'>([0x99], 'f64'),
  neg: unary<'f64', 'f64'>([0x9a], 'f64'),
  floor: unary<'f64', 'f64'>([0x9c], 'f64'),
  sqrt: unary<'f64', 'f64'>([0x9f], 'f64'),
  add: f64Binary(0xa0),
  sub: f64Binary(0xa1),
  mul: f64Binary(0xa2),
  div: f64Binary(0xa3),
  min: f64Binary(0xa4),
  max: f64Binary(0xa5),
  fromF32: unary<'f32', 'f64'>([0xbb], 'f64'),
};

/** Sixteen bytes at once. */
export const v128 = {
  load: loadOf(simd(0), 'v128'),
  /** Eight bytes as eight numbers of 16 bits. */
  load8x8: loadOf(simd(0x02), 'v128'),
  /** The 32 bits in memory, four times. */
  load32Splat: loadOf(simd(0x09), 'v128'),
  store: storeOf<'v128'>(simd(0x0b)),
  /** The first eight bytes of a vector. */
  storeLow: (address: I32, value: V128, offset = 0): Statement => [
    ...address.code,
    ...value.code,
    ...simd(0x5b),
    0,
    ...unsigned(offset),
    0,
  ],
  zero: { type: 'v128', code: [...simd(0x0c), ...new Uint8Array(16)] } satisfies V128,
  bytes: (...bytes: readonly number[]): V128 => ({ type: 'v128', code: [...simd(0x0c), ...bytes] }),
  swizzle: vector(0x0e),
  and: vector(0x4e),
  or: vector(0x50),
  xor: vector(0x51),
  /** 1 when any bit is set. */
  anyTrue: unary<'v128', 'i32'>(simd(0x53), 'i32'),
};

/** Four numbers of 32 bits, with a fraction. */
export const f32x4 = {
  splat: unary<'f32', 'v128'>(simd(0x13), 'v128'),
  of: (value: number): V128 => ({ type: 'v128', code: [0x43, ...floatBytes(value), ...simd(0x13)] }),
  /** Four of the eight numbers of two vectors, by place: 0–3 of the first, 4–7 of the second. */
  shuffle: (a: V128, b: V128, places: readonly [number, number, number, number]): V128 => ({
    type: 'v128',
    code: [...a.code, ...b.code, ...simd(0x0d), ...places.flatMap((place) => [4 * place, 4 * place + 1, 4 * place + 2, 4 * place + 3])],
  }),
  floor: oneVector(0x68),
  abs: oneVector(0xe0),
  neg: oneVector(0xe1),
  sqrt: oneVector(0xe3),
  add: vector(0xe4),
  sub: vector(0xe5),
  mul: vector(0xe6),
  div: vector(0xe7),
  min: vector(0xe8),
  max: vector(0xe9),
  fromI32x4: oneVector(0xfa),
};

/** Whole numbers: four of 32 bits, eight of 16, sixteen of 8. */
export const i32x4 = {
  splat: unary<'i32', 'v128'>(simd(0x11), 'v128'),
  of: (value: number): V128 => ({ type: 'v128', code: [0x41, ...signed(value | 0), ...simd(0x11)] }),
  shrU: binary<'v128', 'i32', 'v128'>(simd(0xad), 'v128'),
  add: vector(0xae),
  mul: vector(0xb5),
  /** Sums of products of pairs of 16-bit numbers. */
  dot16: vector(0xba),
  fromF32x4: oneVector(0xf8),
};
export const i16x8 = {
  /** From two vectors of four, at the limits where they do not fit. */
  narrow: vector(0x85),
  of: (value: number): V128 => ({ type: 'v128', code: [0x41, ...signed(value | 0), ...simd(0x10)] }),
  add: vector(0x8e),
  min: vector(0x96),
  max: vector(0x98),
  sub: vector(0x91),
};
export const i8x16 = {
  /** From two vectors of eight signed numbers, at 0 or 255 where they do not fit. */
  narrow: vector(0x66),
  /** All bits set in each byte that is no greater, without signs. */
  leU: vector(0x2a),
  /** How many bits are set in each byte. */
  popcnt: oneVector(0x62),
  /** Ends at 255. */
  addSatU: vector(0x70),
};
