import { f32x4, i32, type Value, v128 } from '../../../assembler/instructions.ts';
import { bytes, Routine } from '../../../assembler/routine.ts';
import { windowMean } from './window-rows.ts';

type Vector = Value<'v128'>;

/** Of eight numbers at an address: those at even places, and those at odd ones. */
function halvesAt(fn: Routine, address: Value<'i32'>): { readonly even: Vector; readonly odd: Vector } {
  const at = fn.keep(address);
  const [low, high] = [fn.keep(v128.load(at)), fn.keep(v128.load(at, 16))];
  return { even: fn.keep(f32x4.shuffle(low, high, [0, 2, 4, 6])), odd: fn.keep(f32x4.shuffle(low, high, [1, 3, 5, 7])) };
}

/** `halve(out, upper, lower, width)`: means of 2 × 2 pixels; `width` of what comes out. */
export function halve(): Routine {
  const fn = new Routine('halve');
  const [out, upper, lower, width] = fn.params(4);
  fn.each(bytes(width, 4), 16, (x) => {
    const [above, below] = [upper, lower].map((row) => halvesAt(fn, i32.add(row, i32.shl(x, i32.of(1)))));
    if (above === undefined || below === undefined) return;
    const sum = f32x4.add(f32x4.add(above.even, above.odd), f32x4.add(below.even, below.odd));
    fn.run(v128.store(i32.add(out, x), f32x4.mul(sum, f32x4.of(0.25))));
  });
  return fn;
}

/** `differ(roots, squares, upper, lower, mean, width)`: means over 2 × 2 pixels of the root and of the square of the distance from `mean`. */
export function differ(): Routine {
  const fn = new Routine('differ');
  const [roots, squares, upper, lower, mean, width] = fn.params(6);
  fn.each(bytes(width, 4), 16, (x) => {
    const middle = fn.keep(v128.load(i32.add(mean, x)));
    const distances = [upper, lower].flatMap((row) => {
      const { even, odd } = halvesAt(fn, i32.add(row, i32.shl(x, i32.of(1))));
      return [fn.keep(f32x4.sub(even, middle)), fn.keep(f32x4.sub(odd, middle))];
    });
    const meanOf = (values: readonly Vector[]) => f32x4.mul(values.reduce(f32x4.add), f32x4.of(0.25));
    fn.run(v128.store(i32.add(roots, x), meanOf(distances.map((value) => f32x4.sqrt(f32x4.abs(value))))));
    fn.run(v128.store(i32.add(squares, x), meanOf(distances.map((value) => f32x4.mul(value, value)))));
  });
  return fn;
}

/** `spread1(out, sums, across, width, down, gain, most)`: squares of means, times a gain, up to a limit. */
export function spreadRow(): Routine {
  const fn = new Routine('spread1');
  const [out, sums, across, width] = fn.params(4);
  const factors = [fn.param('f32'), fn.param('f32'), fn.param('f32')];
  const [down = v128.zero, gain = v128.zero, most = v128.zero] = factors.map((factor) => fn.keep(f32x4.splat(factor)));
  fn.each(bytes(width, 4), 16, (x) => {
    const mean = fn.keep(windowMean(x, { radius: 1, sums, across, down }));
    fn.run(v128.store(i32.add(out, x), f32x4.min(most, f32x4.mul(f32x4.mul(mean, mean), gain))));
  });
  return fn;
}

/** `minRows(out, above, below, width)`: the lesser of two rows. */
export function minRows(): Routine {
  const fn = new Routine('minRows');
  const [out, above, below, width] = fn.params(4);
  fn.each(bytes(width, 4), 16, (x) => {
    fn.run(v128.store(i32.add(out, x), f32x4.min(v128.load(i32.add(above, x)), v128.load(i32.add(below, x)))));
  });
  return fn;
}

/** `lerpRows(out, above, below, width, share)`: a row between two. */
export function lerpRows(): Routine {
  const fn = new Routine('lerpRows');
  const [out, above, below, width] = fn.params(4);
  const shareParam = fn.param('f32');
  const share = fn.keep(f32x4.splat(shareParam));
  const rest = fn.keep(f32x4.sub(f32x4.of(1), share));
  fn.each(bytes(width, 4), 16, (x) => {
    const [upper, lower] = [v128.load(i32.add(above, x)), v128.load(i32.add(below, x))];
    fn.run(v128.store(i32.add(out, x), f32x4.add(f32x4.mul(rest, upper), f32x4.mul(share, lower))));
  });
  return fn;
}

/**
 * `residual(out, half, tile, width, mask)`: amplitude of each pixel times the tile. The amplitude stands in `half` at half size, the first of them
 * twice; `width` counts there. `mask`: bytes of a row of the tile, less one.
 */
export function residualRow(): Routine {
  const fn = new Routine('residual');
  const [out, half, tile, width, mask] = fn.params(5);
  fn.each(bytes(width, 4), 16, (x) => {
    const at = fn.keep(i32.add(half, x));
    const near = fn.keep(f32x4.mul(v128.load(at, 4), f32x4.of(0.75)));
    const left = fn.keep(f32x4.add(near, f32x4.mul(v128.load(at), f32x4.of(0.25))));
    const right = fn.keep(f32x4.add(near, f32x4.mul(v128.load(at, 8), f32x4.of(0.25))));
    const twice = fn.keep(i32.shl(x, i32.of(1)));
    const wave = fn.keep(i32.add(tile, i32.and(twice, mask)));
    const to = fn.keep(i32.add(out, twice));
    fn.run(v128.store(to, f32x4.mul(f32x4.shuffle(left, right, [0, 4, 1, 5]), v128.load(wave))));
    fn.run(v128.store(to, f32x4.mul(f32x4.shuffle(left, right, [2, 6, 3, 7]), v128.load(wave, 16)), 16));
  });
  return fn;
}

/** `sharpen(out, above, here, below, variance, width, least)`: what stands out of the mean of four neighbors, divided by the root of variance plus `least`. */
export function sharpenRow(): Routine {
  const fn = new Routine('sharpen');
  const [out, above, here, below, variance, width] = fn.params(6);
  const leastParam = fn.param('f32');
  const least = fn.keep(f32x4.splat(leastParam));
  fn.each(bytes(width, 4), 16, (x) => {
    const at = fn.keep(i32.add(here, i32.sub(x, i32.of(4))));
    const upright = f32x4.add(v128.load(i32.add(above, x)), v128.load(i32.add(below, x)));
    const around = f32x4.add(upright, f32x4.add(v128.load(at), v128.load(at, 8)));
    const detail = f32x4.sub(v128.load(at, 4), f32x4.mul(around, f32x4.of(0.25)));
    const contrast = f32x4.sqrt(f32x4.add(v128.load(i32.add(variance, x)), least));
    fn.run(v128.store(i32.add(out, x), f32x4.div(detail, contrast)));
  });
  return fn;
}

/** `addWrapped(sums, row, width, mask)`: adds a row to a shorter one, around and around. `mask`: bytes of the shorter, a power of two, less one. */
export function addWrapped(): Routine {
  const fn = new Routine('addWrapped');
  const [sums, row, width, mask] = fn.params(4);
  fn.each(bytes(width, 4), 16, (x) => {
    const to = fn.keep(i32.add(sums, i32.and(x, mask)));
    fn.run(v128.store(to, f32x4.add(v128.load(to), v128.load(i32.add(row, x)))));
  });
  return fn;
}
