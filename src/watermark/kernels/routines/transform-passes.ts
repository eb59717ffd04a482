import { i32, type Value, v128 } from '../../../assembler/instructions.ts';
import { Routine, type Variable } from '../../../assembler/routine.ts';
import { combined, type Lanes, loadLanes, loadTwiddle, minus, plus, storeLanes, times, turnedBack } from './complex-lanes.ts';

/**
 * Passes of the transform in signal/fft.ts, for four transforms at once. `pass<radix>(from, to, count, stride, table)`: `count` groups of `stride`
 * numbers; the table holds cosine and −sine of each fraction of the whole circle. Where `count` is one nothing is turned: `last<radix>(from, to,
 * stride)`, and odd radices come last.
 */
export function transformPasses(): readonly Routine[] {
  return [
    turningPass(4, butterfly4),
    turningPass(2, butterfly2),
    lastPass(4, butterfly4),
    lastPass(2, butterfly2),
    lastPass(3, butterfly3),
    lastPass(5, butterfly5),
  ];
}

/** As many as the radix; the rest are zeros. */
type Inputs = readonly [Lanes, Lanes, Lanes, Lanes, Lanes];
type Butterfly = (fn: Routine, inputs: Inputs) => readonly Lanes[];

const ZEROS: Lanes = { re: v128.zero, im: v128.zero };

function turningPass(radix: number, butterfly: Butterfly): Routine {
  const fn = new Routine(`pass${radix}`);
  const [from, to, count, stride, table] = fn.params(5);
  const apart = fn.keep(lanesBytes(i32.mul(count, stride)));
  const step = fn.keep(lanesBytes(stride));
  fn.each(count, 1, (group) => {
    const index = fn.keep(i32.mul(group, stride));
    const twiddles = Array.from({ length: radix - 1 }, (_, i) => loadTwiddle(fn, table, i32.mul(index, i32.of(i + 1))));
    const at = fn.keep(lanesBytes(index));
    const source = fn.keep(i32.add(from, at));
    const target = fn.keep(i32.add(to, i32.mul(at, i32.of(radix))));
    eachButterfly(fn, {
      source,
      target,
      radix,
      apart,
      step,
      butterfly: (inputs) => butterfly(fn, inputs).map((out, i) => turn(fn, out, twiddles[i - 1])),
    });
  });
  return fn;
}

function turn(fn: Routine, lanes: Lanes, twiddle: Lanes | undefined): Lanes {
  return twiddle === undefined ? lanes : times(fn, lanes, twiddle);
}

function lastPass(radix: number, butterfly: Butterfly): Routine {
  const fn = new Routine(`last${radix}`);
  const [source, target, stride] = fn.params(3);
  const step = fn.keep(lanesBytes(stride));
  eachButterfly(fn, { source, target, radix, apart: step, step, butterfly: (inputs) => butterfly(fn, inputs) });
  return fn;
}

interface Run {
  readonly source: Variable<'i32'>;
  readonly target: Variable<'i32'>;
  readonly radix: number;
  /** Bytes between the inputs of a butterfly, and between its outputs, which are also those of the run. */
  readonly apart: Variable<'i32'>;
  readonly step: Variable<'i32'>;
  readonly butterfly: (inputs: Inputs) => readonly Lanes[];
}

function eachButterfly(fn: Routine, { source, target, radix, apart, step, butterfly }: Run): void {
  fn.each(step, 32, (at) => {
    const input = fn.keep(i32.add(source, at));
    const next = (i: number) => {
      if (i >= radix) return ZEROS;
      if (i > 0) fn.run(input.set(i32.add(input, apart)));
      return loadLanes(fn, input);
    };
    const output = fn.keep(i32.add(target, at));
    for (const [i, lanes] of butterfly([next(0), next(1), next(2), next(3), next(4)]).entries()) {
      if (i > 0) fn.run(output.set(i32.add(output, step)));
      fn.run(...storeLanes(output, lanes));
    }
  });
}

const lanesBytes = (count: Value<'i32'>) => i32.shl(count, i32.of(5));

function butterfly2(fn: Routine, [a, b]: Inputs): readonly Lanes[] {
  return [plus(fn, a, b), minus(fn, a, b)];
}

function butterfly4(fn: Routine, [a, b, c, d]: Inputs): readonly Lanes[] {
  const [sumAc, sumBd] = [plus(fn, a, c), plus(fn, b, d)];
  const [lessAc, lessBd] = [minus(fn, a, c), turnedBack(fn, minus(fn, b, d))];
  return [plus(fn, sumAc, sumBd), plus(fn, lessAc, lessBd), minus(fn, sumAc, sumBd), minus(fn, lessAc, lessBd)];
}

const FIFTH = (2 * Math.PI) / 5;
const [C1, S1, C2, S2] = [Math.cos(FIFTH), Math.sin(FIFTH), Math.cos(2 * FIFTH), Math.sin(2 * FIFTH)];

function butterfly3(fn: Routine, [a, b, c]: Inputs): readonly Lanes[] {
  const sum = plus(fn, b, c);
  const middle = combined(fn, a, [[sum, -0.5]]);
  const side = turnedBack(fn, combined(fn, ZEROS, [[minus(fn, b, c), Math.sqrt(0.75)]]));
  return [plus(fn, a, sum), plus(fn, middle, side), minus(fn, middle, side)];
}

function butterfly5(fn: Routine, [a, b, c, d, e]: Inputs): readonly Lanes[] {
  const [sumBe, sumCd] = [plus(fn, b, e), plus(fn, c, d)];
  const [lessBe, lessCd] = [minus(fn, b, e), minus(fn, c, d)];
  const [middle1, middle2] = [
    combined(fn, a, [
      [sumBe, C1],
      [sumCd, C2],
    ]),
    combined(fn, a, [
      [sumBe, C2],
      [sumCd, C1],
    ]),
  ];
  const side1 = turnedBack(
    fn,
    combined(fn, ZEROS, [
      [lessBe, S1],
      [lessCd, S2],
    ]),
  );
  const side2 = turnedBack(
    fn,
    combined(fn, ZEROS, [
      [lessBe, S2],
      [lessCd, -S1],
    ]),
  );
  return [
    plus(fn, a, plus(fn, sumBe, sumCd)),
    plus(fn, middle1, side1),
    plus(fn, middle2, side2),
    minus(fn, middle2, side2),
    minus(fn, middle1, side1),
  ];
}
