import { f32x4, i8x16, i16x8, i32, i32x4, type Value, v128 } from '../../../assembler/instructions.ts';
import { bytes, Routine } from '../../../assembler/routine.ts';

type Vector = Value<'v128'>;

/** No byte of the source: a zero. */
const NONE = 255;

/** `lumaRow(out, colors, width, red, green, blue)`: weighted sums of the three bytes of each pixel. */
export function lumaRow(): Routine {
  const fn = new Routine('lumaRow');
  const [out, colors, width] = fn.params(3);
  const weightParams = [fn.param('f32'), fn.param('f32'), fn.param('f32')];
  const weights = weightParams.map((weight) => fn.keep(f32x4.splat(weight)));
  const from = fn.keep(colors);
  fn.each(bytes(width, 4), 16, (x) => {
    const pixels = fn.keep(v128.load(from));
    const parts = weights.map((weight, color) => {
      const places = [0, 3, 6, 9].flatMap((pixel) => [pixel + color, NONE, NONE, NONE]);
      return f32x4.mul(f32x4.fromI32x4(v128.swizzle(pixels, v128.bytes(...places))), weight);
    });
    fn.run(v128.store(i32.add(out, x), parts.reduce(f32x4.add)), from.set(i32.add(from, i32.of(12))));
  });
  return fn;
}

/** `addToColors(line, changes, width)`: adds a rounded change to the three bytes of each pixel; gives the sum of the squares of what really changed. */
export function addToColors(): Routine {
  const fn = new Routine('addToColors');
  const [line, changes, width] = fn.params(3);
  const squares = fn.local('v128');
  const at = fn.keep(line);
  fn.each(bytes(width, 4), 32, (x) => {
    const from = fn.keep(i32.add(changes, x));
    const rounded = (offset: number) => i32x4.fromF32x4(f32x4.floor(f32x4.add(v128.load(from, offset), f32x4.of(0.5))));
    const eight = fn.keep(i16x8.narrow(rounded(0), rounded(16)));
    for (const third of [0, 1, 2]) {
      const before = fn.keep(v128.load8x8(at, 8 * third));
      const after = fn.keep(clipped(i16x8.add(before, v128.swizzle(eight, threefold(third)))));
      const difference = fn.keep(i16x8.sub(after, before));
      fn.run(v128.storeLow(at, i8x16.narrow(after, after), 8 * third));
      fn.run(squares.set(i32x4.add(squares, i32x4.dot16(difference, difference))));
    }
    fn.run(at.set(i32.add(at, i32.of(24))));
  });
  fn.give([0, 1, 2, 3].map((lane) => i32.lane(squares, lane)).reduce(i32.add));
  return fn;
}

const clipped = (value: Vector) => i16x8.max(i16x8.min(value, i16x8.of(255)), v128.zero);

/** Of eight numbers of two bytes, each three times: the first, second or third eight. */
function threefold(third: number): Vector {
  const numbers = Array.from({ length: 8 }, (_, i) => Math.floor((8 * third + i) / 3));
  return v128.bytes(...numbers.flatMap((number) => [2 * number, 2 * number + 1]));
}
