import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';
import { f32, f64, i32, signed, unsigned, type Value, type ValueType } from './instructions.ts';
import { choose, Routine } from './routine.ts';

function callable(fn: Routine): (...values: readonly number[]) => unknown {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const exported = new WebAssembly.Instance(new WebAssembly.Module(assemble([fn])), { env: { memory } }).exports[fn.name];
  if (typeof exported !== 'function') throw new Error('nothing is exported');
  return (...values) => exported(...values);
}

function constant<T extends ValueType>(value: Value<T>): unknown {
  const fn = new Routine('constant');
  fn.give(value);
  return callable(fn)();
}

describe('the assembler', () => {
  it('writes numbers as the specification’s examples have them', () => {
    expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
    expect(signed(-123_456)).toEqual([0xc0, 0xbb, 0x78]);
    expect(signed(64)).toEqual([0xc0, 0x00]);
  });

  it('gives back every constant that is put in', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(constant(i32.of(value))).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(constant(f32.of(value))).toBe(value);
      }),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        expect(constant(f64.of(value))).toBe(value);
      }),
    );
  });

  it('counts, branches and chooses', () => {
    const fn = new Routine('sumOfSmall');
    const [count, limit] = [fn.param('i32'), fn.param('i32')];
    const sum = fn.local('i32');
    fn.each(count, 1, (i) => fn.when(i32.ltS(i, limit), () => fn.run(sum.set(i32.add(sum, i)))));
    fn.give(choose(i32.gtS(sum, i32.of(100)), i32.of(100), sum));
    const run = callable(fn);
    expect([run(10, 4), run(3, 9), run(50, 50)]).toEqual([6, 3, 100]);
  });

  it('refuses a parameter after a local variable, which would take its place', () => {
    const fn = new Routine('late');
    fn.local('i32');
    expect(() => fn.param('i32')).toThrow(RangeError);
  });
});
