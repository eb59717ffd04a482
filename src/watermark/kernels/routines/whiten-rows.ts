import { f32x4, i32, v128 } from '../../../assembler/instructions.ts';
import { bytes, Routine } from '../../../assembler/routine.ts';
import { windowMean } from './window-rows.ts';

/** What stands in for a mean of nothing. */
const LEAST = 1e-37;

/** `whiten<radius>(out, values, sums, across, width, down, most)`: values in multiples of the mean of their window, `most` at most. */
export function whitenRow(radius: number): Routine {
  const fn = new Routine(`whiten${radius}`);
  const [out, values, sums, across, width] = fn.params(5);
  const [downParam, mostParam] = [fn.param('f32'), fn.param('f32')];
  const [down, most] = [fn.keep(f32x4.splat(downParam)), fn.keep(f32x4.splat(mostParam))];
  fn.each(bytes(width, 4), 16, (x) => {
    const mean = f32x4.max(windowMean(x, { radius, sums, across, down }), f32x4.of(LEAST));
    fn.run(v128.store(i32.add(out, x), f32x4.min(most, f32x4.div(v128.load(i32.add(values, x)), mean))));
  });
  return fn;
}

/** `maxRows(out, above, here, below, width)`: the greatest of three rows; a zero follows. */
export function maxRows(): Routine {
  const fn = new Routine('maxRows');
  const [out, above, here, below, width] = fn.params(5);
  const end = fn.keep(bytes(width, 4));
  fn.each(end, 16, (x) => {
    const outer = f32x4.max(v128.load(i32.add(above, x)), v128.load(i32.add(below, x)));
    fn.run(v128.store(i32.add(out, x), f32x4.max(outer, v128.load(i32.add(here, x)))));
  });
  fn.run(v128.store(i32.add(out, end), v128.zero));
  return fn;
}

/** `maxAlong(out, row, width)`: the greatest of three neighbors, the first of which stands at `row`, one before its own place. */
export function maxAlong(): Routine {
  const fn = new Routine('maxAlong');
  const [out, row, width] = fn.params(3);
  fn.each(bytes(width, 4), 16, (x) => {
    const at = fn.keep(i32.add(row, x));
    fn.run(v128.store(i32.add(out, x), f32x4.max(f32x4.max(v128.load(at), v128.load(at, 4)), v128.load(at, 8))));
  });
  return fn;
}
