import { f32x4, i32, v128 } from '../../../assembler/instructions.ts';
import { bytes, Routine } from '../../../assembler/routine.ts';
import { windowMean } from './window-rows.ts';

/** `detail<radius>(detail, squares, luma, sums, across, width, down)`: luma less the mean of its window, and the square of that. */
export function detailRow(radius: number): Routine {
  const fn = new Routine(`detail${radius}`);
  const [detail, squares, luma, sums, across, width] = fn.params(6);
  const down = fn.keep(f32x4.splat(fn.param('f32')));
  fn.each(bytes(width, 4), 16, (x) => {
    const difference = fn.keep(f32x4.sub(v128.load(i32.add(luma, x)), windowMean(x, { radius, sums, across, down })));
    fn.run(v128.store(i32.add(detail, x), difference), v128.store(i32.add(squares, x), f32x4.mul(difference, difference)));
  });
  return fn;
}

/** `contrast<radius>(out, detail, sums, across, width, down, least)`: detail divided by the root of the mean square of its window plus `least`. */
export function contrastRow(radius: number): Routine {
  const fn = new Routine(`contrast${radius}`);
  const [out, detail, sums, across, width] = fn.params(5);
  const [downParam, leastParam] = [fn.param('f32'), fn.param('f32')];
  const [down, least] = [fn.keep(f32x4.splat(downParam)), fn.keep(f32x4.splat(leastParam))];
  fn.each(bytes(width, 4), 16, (x) => {
    const contrast = f32x4.sqrt(f32x4.add(windowMean(x, { radius, sums, across, down }), least));
    fn.run(v128.store(i32.add(out, x), f32x4.div(v128.load(i32.add(detail, x)), contrast)));
  });
  return fn;
}
