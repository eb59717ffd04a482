import { f32, i32 } from '../../../assembler/instructions.ts';
import { bytes, Routine } from '../../../assembler/routine.ts';

/** Cells a side are 2 ** `SIDE_BITS`. */
const SIDE_BITS = 8;

/**
 * `foldPixels(cells, values, starts, width, height, right, rightDown)`: adds each pixel to its cell. Places are fractions of the tile in 32 bits, so that
 * wrapping around costs nothing; `starts` holds that of the first pixel of each row, across and down.
 */
export function foldPixels(): Routine {
  const fn = new Routine('foldPixels');
  const [cells, values, starts, width, height] = fn.params(5);
  const [right, rightDown] = [fn.param('i32'), fn.param('i32')];
  const at = fn.keep(values);
  const rowBytes = fn.keep(bytes(width, 4));
  fn.each(bytes(height, 4), 4, (row) => {
    const start = fn.keep(i32.add(starts, i32.shl(row, i32.of(1))));
    const [u, v] = [fn.keep(i32.load(start)), fn.keep(i32.load(start, 4))];
    fn.repeat(at, fn.keep(i32.add(at, rowBytes)), 4, () => {
      const down = i32.shl(i32.shrU(v, i32.of(32 - SIDE_BITS)), i32.of(SIDE_BITS));
      const cell = fn.keep(i32.add(cells, bytes(i32.or(down, i32.shrU(u, i32.of(32 - SIDE_BITS))), 4)));
      fn.run(f32.store(cell, f32.add(f32.load(cell), f32.load(at))), u.set(i32.add(u, right)), v.set(i32.add(v, rightDown)));
    });
  });
  return fn;
}
