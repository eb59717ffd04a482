import { f32x4, i32, type Statement, type Value, v128 } from '../../../assembler/instructions.ts';
import type { Routine } from '../../../assembler/routine.ts';

type Vector = Value<'v128'>;
type Address = Value<'i32'>;

/** Bytes of four complex numbers, one of each of four transforms that are made at once: four real parts, four imaginary ones. */
export const LANES_BYTES = 32;
const IM = 16;

/** Four complex numbers that stand in local variables. */
export interface Lanes {
  readonly re: Vector;
  readonly im: Vector;
}

export function loadLanes(fn: Routine, address: Address): Lanes {
  const at = fn.keep(address);
  return { re: fn.keep(v128.load(at)), im: fn.keep(v128.load(at, IM)) };
}

export function storeLanes(address: Address, { re, im }: Lanes): readonly Statement[] {
  return [v128.store(address, re), v128.store(address, im, IM)];
}

export function plus(fn: Routine, a: Lanes, b: Lanes): Lanes {
  return { re: fn.keep(f32x4.add(a.re, b.re)), im: fn.keep(f32x4.add(a.im, b.im)) };
}

export function minus(fn: Routine, a: Lanes, b: Lanes): Lanes {
  return { re: fn.keep(f32x4.sub(a.re, b.re)), im: fn.keep(f32x4.sub(a.im, b.im)) };
}

/** Times −i. */
export function turnedBack(fn: Routine, { re, im }: Lanes): Lanes {
  return { re: im, im: fn.keep(f32x4.neg(re)) };
}

/** All four times one number. */
export function times(fn: Routine, { re, im }: Lanes, by: Lanes): Lanes {
  return {
    re: fn.keep(f32x4.sub(f32x4.mul(by.re, re), f32x4.mul(by.im, im))),
    im: fn.keep(f32x4.add(f32x4.mul(by.re, im), f32x4.mul(by.im, re))),
  };
}

/** `a` plus real multiples. */
export function combined(fn: Routine, a: Lanes, terms: readonly (readonly [Lanes, number])[]): Lanes {
  const part = (name: 're' | 'im') =>
    fn.keep(terms.reduce<Vector>((sum, [lanes, by]) => f32x4.add(sum, f32x4.mul(lanes[name], f32x4.of(by))), a[name]));
  return { re: part('re'), im: part('im') };
}

/** The cosine and the sine of a place in a table of pairs, each four times. */
export function loadTwiddle(fn: Routine, table: Address, index: Address): Lanes {
  const at = fn.keep(i32.add(table, i32.shl(index, i32.of(3))));
  return { re: fn.keep(v128.load32Splat(at)), im: fn.keep(v128.load32Splat(at, 4)) };
}

/** Four vectors as rows of a square; its columns. */
export function transposed(fn: Routine, rows: readonly [Vector, Vector, Vector, Vector]): readonly [Vector, Vector, Vector, Vector] {
  const [a, b, c, d] = rows;
  const [abLow, cdLow] = [fn.keep(f32x4.shuffle(a, b, [0, 4, 1, 5])), fn.keep(f32x4.shuffle(c, d, [0, 4, 1, 5]))];
  const [abHigh, cdHigh] = [fn.keep(f32x4.shuffle(a, b, [2, 6, 3, 7])), fn.keep(f32x4.shuffle(c, d, [2, 6, 3, 7]))];
  return [
    fn.keep(f32x4.shuffle(abLow, cdLow, [0, 1, 4, 5])),
    fn.keep(f32x4.shuffle(abLow, cdLow, [2, 3, 6, 7])),
    fn.keep(f32x4.shuffle(abHigh, cdHigh, [0, 1, 4, 5])),
    fn.keep(f32x4.shuffle(abHigh, cdHigh, [2, 3, 6, 7])),
  ];
}
