import { f32x4, i32, type Value, v128 } from '../../../assembler/instructions.ts';
import { bytes, Routine } from '../../../assembler/routine.ts';

type Address = Value<'i32'>;
type Vector = Value<'v128'>;

/**
 * `sumRows(out, from, rows, stride, width)`: adds `rows` rows of numbers, `stride` bytes apart. Zeros follow the sums, so that a window may reach over
 * the end of a row.
 */
export function sumRows(): Routine {
  const fn = new Routine('sumRows');
  const [out, from, rows, stride, width] = fn.params(5);
  const end = fn.keep(bytes(width, 4));
  const last = fn.keep(i32.mul(rows, stride));
  const sums = [0, 16, 32, 48].map((offset) => ({ offset, sum: fn.local('v128') }));
  fn.each(end, 64, (x) => {
    for (const { sum } of sums) fn.run(sum.set(v128.zero));
    const column = fn.keep(i32.add(from, x));
    fn.each(last, stride, (row) => {
      const at = fn.keep(i32.add(column, row));
      for (const { offset, sum } of sums) fn.run(sum.set(f32x4.add(sum, v128.load(at, offset))));
    });
    for (const { offset, sum } of sums) fn.run(v128.store(i32.add(out, x), sum, offset));
  });
  for (const { offset } of sums) fn.run(v128.store(i32.add(out, end), v128.zero, offset));
  return fn;
}

interface Window {
  readonly radius: number;
  /** Where the sums of the columns are; their first `radius` are zeros. */
  readonly sums: Address;
  /** One over the number of columns in the window, and one over that of rows. */
  readonly across: Address;
  readonly down: Vector;
}

/** Means of four windows, the first of them at a distance in bytes. */
export function windowMean(x: Address, { radius, sums, across, down }: Window): Vector {
  const start = i32.add(sums, x);
  const parts = Array.from({ length: 2 * radius + 1 }, (_, i) => v128.load(start, 4 * i));
  return f32x4.mul(f32x4.mul(parts.reduce(f32x4.add), v128.load(i32.add(across, x))), down);
}

/** `mean<radius>(out, sums, across, width, down)`: the row of means. */
export function meanRow(radius: number): Routine {
  const fn = new Routine(`mean${radius}`);
  const [out, sums, across, width] = fn.params(4);
  const down = fn.keep(f32x4.splat(fn.param('f32')));
  fn.each(bytes(width, 4), 16, (x) => fn.run(v128.store(i32.add(out, x), windowMean(x, { radius, sums, across, down }))));
  return fn;
}
