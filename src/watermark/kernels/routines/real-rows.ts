import { f32x4, i32, type Value, v128 } from '../../../assembler/instructions.ts';
import { bytes, choose, Routine } from '../../../assembler/routine.ts';
import { LANES_BYTES, type Lanes, loadLanes, storeLanes, transposed } from './complex-lanes.ts';

type Vector = Value<'v128'>;
type Four = readonly [Vector, Vector, Vector, Vector];

/**
 * `interleave(out, rows, width, window, factors)`: eight real rows, whose addresses stand at `rows`, as real and imaginary parts of four complex ones,
 * times a number for each column and one for each row.
 */
export function interleave(): Routine {
  const fn = new Routine('interleave');
  const [out, rows, width, window, factors] = fn.params(5);
  const sources = Array.from({ length: 8 }, (_, i) => ({
    address: fn.keep(i32.load(rows, 4 * i)),
    factor: fn.keep(v128.load32Splat(factors, 4 * i)),
  }));
  fn.each(bytes(width, 4), 16, (x) => {
    const weight = fn.keep(v128.load(i32.add(window, x)));
    const load = (i: number): Vector => {
      const { address, factor } = sources[i] ?? { address: rows, factor: v128.zero };
      return fn.keep(f32x4.mul(f32x4.mul(v128.load(i32.add(address, x)), weight), factor));
    };
    const re = transposed(fn, [load(0), load(2), load(4), load(6)]);
    const im = transposed(fn, [load(1), load(3), load(5), load(7)]);
    const to = fn.keep(i32.add(out, i32.shl(x, i32.of(3))));
    for (const [i, value] of re.entries()) fn.run(v128.store(to, value, i * LANES_BYTES));
    for (const [i, value] of im.entries()) fn.run(v128.store(to, value, i * LANES_BYTES + 16));
  });
  return fn;
}

/**
 * `separate(out, from, length, groups, groupBytes)`: takes the transforms of `interleave`d rows apart. Writes, for each group of four frequencies,
 * eight rows of the four; rows lie `LANES_BYTES` apart and groups `groupBytes`, ready for the transform down.
 */
export function separate(): Routine {
  const fn = new Routine('separate');
  const [out, from, length, groups, groupBytes] = fn.params(5);
  const to = fn.keep(out);
  const end = fn.keep(i32.add(from, i32.shl(length, i32.of(5))));
  fn.each(i32.shl(groups, i32.of(7)), 4 * LANES_BYTES, (at) => {
    const parts = [0, 1, 2, 3].map((j) => {
      const here = loadLanes(fn, i32.add(i32.add(from, at), i32.of(j * LANES_BYTES)));
      const there = fn.keep(i32.sub(i32.sub(end, at), i32.of(j * LANES_BYTES)));
      // The mirror image of frequency 0 is itself.
      const mirror = loadLanes(fn, j === 0 ? choose(at, there, from) : there);
      return halves(fn, here, mirror);
    });
    const column = (part: number) => transposed(fn, fourOf(parts.map((values) => values[part] ?? v128.zero)));
    for (const part of [0, 1, 2, 3]) {
      const offset = (part >> 1) * LANES_BYTES + (part & 1) * 16;
      for (const [pair, value] of column(part).entries()) fn.run(v128.store(to, value, 2 * pair * LANES_BYTES + offset));
    }
    fn.run(to.set(i32.add(to, groupBytes)));
  });
  return fn;
}

/** Real and imaginary part of the row that was the real part, then those of the other. */
function halves(fn: Routine, a: Lanes, b: Lanes): Four {
  const half = (value: Vector) => fn.keep(f32x4.mul(value, f32x4.of(0.5)));
  return [half(f32x4.add(a.re, b.re)), half(f32x4.sub(a.im, b.im)), half(f32x4.add(a.im, b.im)), half(f32x4.sub(b.re, a.re))];
}

function fourOf([a = v128.zero, b = v128.zero, c = v128.zero, d = v128.zero]: readonly Vector[]): Four {
  return [a, b, c, d];
}

/** `power(out, from, length, columnBytes)`: squares of the sizes of four transforms, as four columns. */
export function power(): Routine {
  const fn = new Routine('power');
  const [out, from, length, columnBytes] = fn.params(4);
  fn.each(bytes(length, 4), 16, (row) => {
    const at = fn.keep(i32.add(from, i32.shl(row, i32.of(3))));
    const squares = [0, 1, 2, 3].map((i) => {
      const { re, im } = loadLanes(fn, i32.add(at, i32.of(i * LANES_BYTES)));
      return fn.keep(f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im)));
    });
    const to = fn.keep(i32.add(out, row));
    for (const [i, value] of transposed(fn, fourOf(squares)).entries()) {
      if (i > 0) fn.run(to.set(i32.add(to, columnBytes)));
      fn.run(v128.store(to, value));
    }
  });
  return fn;
}

/** `scatterLanes(out, from, count, stride)`: copies numbers that lie one behind the other to places `stride` bytes apart. */
export function scatterLanes(): Routine {
  const fn = new Routine('scatterLanes');
  const [out, from, count, stride] = fn.params(4);
  const to = fn.keep(out);
  fn.each(i32.shl(count, i32.of(5)), LANES_BYTES, (at) => {
    fn.run(...storeLanes(to, loadLanes(fn, i32.add(from, at))), to.set(i32.add(to, stride)));
  });
  return fn;
}
