import { f32, i32, i32x4, type Value, v128 } from '../../../assembler/instructions.ts';
import { bytes, Routine } from '../../../assembler/routine.ts';

/** Cells a side are 2 ** `SIDE_BITS`. */
const SIDE_BITS = 8;
const CELL_BYTES = 4;
const LANES = [0, 1, 2, 3] as const;
const FOUR_VALUES = 16;

/**
 * `foldPixels(cells, values, starts, width, height, right, rightDown)`: adds each pixel to its cell. Places are fractions of the tile in 32 bits, so that
 * wrapping around costs nothing; `starts` holds that of the first pixel of each row, across and down. Places are found for four pixels at once, and
 * the pixels added one after the other, so that the sums are those of plain code.
 */
export function foldPixels(): Routine {
  const fn = new Routine('foldPixels');
  const [cells, values, starts, width, height] = fn.params(5);
  const [right, rightDown] = [fn.param('i32'), fn.param('i32')];
  const at = fn.keep(values);
  const fours = fn.keep(bytes(i32.shrU(width, i32.of(2)), 16));
  const rest = fn.keep(bytes(i32.and(width, i32.of(3)), 4));
  const base = fn.keep(i32x4.splat(cells));
  const [ahead, aheadDown] = [fn.keep(ahead4(right)), fn.keep(ahead4(rightDown))];
  const [step, stepDown] = [fn.keep(step4(right)), fn.keep(step4(rightDown))];
  const [us, vs, places] = [fn.local('v128'), fn.local('v128'), fn.local('v128')];
  const [u, v, end] = [fn.local('i32'), fn.local('i32'), fn.local('i32')];
  const addTo = (cell: Value<'i32'>, offset: number) => {
    const kept = fn.keep(cell);
    fn.run(f32.store(kept, f32.add(f32.load(kept), f32.load(at, offset))));
  };
  fn.each(bytes(height, 4), 4, (row) => {
    const start = fn.keep(i32.add(starts, i32.shl(row, i32.of(1))));
    fn.run(us.set(i32x4.add(i32x4.splat(i32.load(start)), ahead)), vs.set(i32x4.add(i32x4.splat(i32.load(start, 4)), aheadDown)));
    fn.when(fours, () => {
      fn.run(end.set(i32.add(at, fours)));
      fn.repeat(at, end, FOUR_VALUES, () => {
        fn.run(places.set(i32x4.add(base, cellsOf(us, vs))), us.set(i32x4.add(us, step)), vs.set(i32x4.add(vs, stepDown)));
        for (const lane of LANES) addTo(i32.lane(places, lane), 4 * lane);
      });
    });
    fn.when(rest, () => {
      fn.run(u.set(i32.lane(us, 0)), v.set(i32.lane(vs, 0)), end.set(i32.add(at, rest)));
      fn.repeat(at, end, 4, () => {
        addTo(i32.lane(i32x4.add(base, cellsOf(i32x4.splat(u), i32x4.splat(v))), 0), 0);
        fn.run(u.set(i32.add(u, right)), v.set(i32.add(v, rightDown)));
      });
    });
  });
  return fn;
}

/** What the first four places are ahead of the first, and what the next four are ahead of these. */
const ahead4 = (step: Value<'i32'>) => i32x4.mul(i32x4.splat(step), v128.bytes(...LANES.flatMap((lane) => [lane, 0, 0, 0])));
const step4 = (step: Value<'i32'>) => i32x4.splat(i32.shl(step, i32.of(2)));

/** Distance in bytes from the first cell: the highest bits of both places. */
function cellsOf(us: Value<'v128'>, vs: Value<'v128'>): Value<'v128'> {
  const highest = (2 ** SIDE_BITS - 1) * CELL_BYTES;
  const across = v128.and(i32x4.shrU(us, i32.of(32 - SIDE_BITS - Math.log2(CELL_BYTES))), i32x4.of(highest));
  const down = i32x4.shrU(vs, i32.of(32 - 2 * SIDE_BITS - Math.log2(CELL_BYTES)));
  return v128.or(v128.and(down, i32x4.of(highest << SIDE_BITS)), across);
}
