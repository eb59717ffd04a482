import { f32, f32x4, f64, i32, type Value, v128 } from '../../../assembler/instructions.ts';
import { bytes, choose, Routine, type Variable } from '../../../assembler/routine.ts';

/** A spectrum in memory: see `PowerSpectrum`. */
interface Spectrum {
  readonly values: Value<'i32'>;
  readonly columns: Value<'i32'>;
  readonly down: Variable<'i32'>;
  readonly across: Value<'f64'>;
  readonly height: Value<'f64'>;
}

/** `valueAt` of read/search-grid.ts, in the same arithmetic, so that both round to the same place. */
function valueAt(fn: Routine, { values, columns, down, across, height }: Spectrum, fx: Variable<'f64'>, fy: Value<'f64'>): Value<'f32'> {
  const rounded = (value: Value<'f64'>) => fn.keep(i32.fromF64(f64.floor(f64.add(value, f64.of(0.5)))));
  const column = rounded(f64.mul(f64.abs(fx), across));
  const row = rounded(f64.mul(choose(f64.lt(fx, f64.of(0)), f64.neg(fy), fy), height));
  // −down/2 ≤ row ≤ down/2, as one comparison without signs.
  const isInside = fn.keep(i32.and(i32.ltU(column, columns), i32.ltU(i32.add(row, i32.shrU(down, i32.of(1))), i32.add(down, i32.of(1)))));
  const wrapped = i32.add(row, choose(i32.ltS(row, i32.of(0)), down, i32.of(0)));
  const at = choose(isInside, i32.add(i32.mul(column, down), wrapped), i32.of(0));
  return choose(isInside, f32.load(i32.add(values, bytes(at, 4))), f32.of(0));
}

function spectrumParams(fn: Routine): Spectrum {
  const [values, columns, down] = fn.params(3);
  const across = fn.param('f64');
  return { values, columns, down, across, height: fn.param('f64') };
}

/** xx, xy, yx and yy of a linear map. */
function mapParams(fn: Routine): readonly [Value<'f64'>, Value<'f64'>, Value<'f64'>, Value<'f64'>] {
  return [fn.param('f64'), fn.param('f64'), fn.param('f64'), fn.param('f64')];
}

/**
 * `addMapped(out, places, count, values, columns, down, across, height, xx, xy, yx, yy)`: to each of `count` numbers the spectrum's value at (xx·p + xy·q,
 * yx·p + yy·q), where p and q are pairs of 64-bit numbers at `places`.
 */
export function addMapped(): Routine {
  const fn = new Routine('addMapped');
  const [out, places, count] = fn.params(3);
  const spectrum = spectrumParams(fn);
  const [xx, xy, yx, yy] = mapParams(fn);
  const fx = fn.local('f64');
  const fy = fn.local('f64');
  fn.each(bytes(count, 4), 4, (i) => {
    const place = fn.keep(i32.add(places, i32.shl(i, i32.of(2))));
    const [p, q] = [fn.keep(f64.load(place)), fn.keep(f64.load(place, 8))];
    fn.run(fx.set(f64.add(f64.mul(xx, p), f64.mul(xy, q))), fy.set(f64.add(f64.mul(yx, p), f64.mul(yy, q))));
    const to = fn.keep(i32.add(out, i));
    fn.run(f32.store(to, f32.add(f32.load(to), valueAt(fn, spectrum, fx, fy))));
  });
  return fn;
}

/** `powerUnder(places, count, …, xx, xy, yx, yy)`: see `powerUnder` in read/spectrum-tools.ts. Places of no use are left out. */
export function powerUnder(): Routine {
  const fn = new Routine('powerUnder');
  const [places, count] = [fn.param('i32'), fn.param('i32')];
  const spectrum = spectrumParams(fn);
  const [xx, xy, yx, yy] = mapParams(fn);
  const [sum, squares, fx, fy] = [fn.local('f64'), fn.local('f64'), fn.local('f64'), fn.local('f64')];
  fn.each(i32.shl(count, i32.of(4)), 16, (i) => {
    const place = fn.keep(i32.add(places, i));
    const [p, q] = [fn.keep(f64.load(place)), fn.keep(f64.load(place, 8))];
    fn.run(fx.set(f64.add(f64.mul(xx, p), f64.mul(xy, q))), fy.set(f64.add(f64.mul(yx, p), f64.mul(yy, q))));
    fn.when(f64.lt(f64.max(f64.abs(fx), f64.abs(fy)), f64.of(0.5)), () => {
      const frequency = f64.sqrt(f64.add(f64.mul(fx, fx), f64.mul(fy, fy)));
      const falling = f64.sub(f64.of(1), f64.div(f64.sub(frequency, f64.of(0.15)), f64.of(0.4)));
      const worth = fn.keep(f64.min(f64.of(1), f64.max(f64.of(0.3), falling)));
      const above = f64.sub(f64.fromF32(valueAt(fn, spectrum, fx, fy)), f64.of(1));
      fn.run(sum.set(f64.add(sum, f64.mul(worth, above))), squares.set(f64.add(squares, f64.mul(worth, worth))));
    });
  });
  fn.give(choose(f64.lt(f64.of(0), squares), f64.div(sum, f64.sqrt(squares)), f64.of(0)));
  return fn;
}

/** `sumListed(out, addresses, count, width)`: adds `count` rows, whose addresses stand at `addresses`, sixteen numbers at a time. */
export function sumListed(): Routine {
  const fn = new Routine('sumListed');
  const [out, addresses, count, width] = fn.params(4);
  const sums = [0, 16, 32, 48].map((offset) => ({ offset, sum: fn.local('v128') }));
  const last = fn.keep(bytes(count, 4));
  fn.each(bytes(width, 4), 64, (x) => {
    for (const { sum } of sums) fn.run(sum.set(v128.zero));
    fn.each(last, 4, (i) => {
      const at = fn.keep(i32.add(i32.load(i32.add(addresses, i)), x));
      for (const { offset, sum } of sums) fn.run(sum.set(f32x4.add(sum, v128.load(at, offset))));
    });
    for (const { offset, sum } of sums) fn.run(v128.store(i32.add(out, x), sum, offset));
  });
  return fn;
}
