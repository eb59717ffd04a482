import { i32, type Statement, unsigned, type Value, type ValueType } from './instructions.ts';

const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** A parameter or local variable: its value, and how it is set. */
export interface Variable<T extends ValueType> extends Value<T> {
  set(value: Value<T>): Statement;
  /** Sets it and leaves the value. */
  tee(value: Value<T>): Value<T>;
}

type Place = Variable<'i32'>;

/** One function of a module while it is written: parameters first, then local variables and statements in any order. */
export class Routine {
  readonly name: string;
  readonly #params: ValueType[] = [];
  readonly #locals: ValueType[] = [];
  readonly #body: number[] = [];
  #result: ValueType | undefined;

  constructor(name: string) {
    this.name = name;
  }

  param<T extends ValueType>(type: T): Variable<T> {
    if (this.#locals.length > 0) throw new RangeError(`${this.name}: parameters come before local variables`);
    this.#params.push(type);
    return variable(type, this.#params.length - 1);
  }

  /** So many addresses or counts. */
  params(count: 3): readonly [Place, Place, Place];
  params(count: 4): readonly [Place, Place, Place, Place];
  params(count: 5): readonly [Place, Place, Place, Place, Place];
  params(count: 6): readonly [Place, Place, Place, Place, Place, Place];
  params(count: number): readonly Place[] {
    return Array.from({ length: count }, () => this.param('i32'));
  }

  local<T extends ValueType>(type: T): Variable<T> {
    this.#locals.push(type);
    return variable(type, this.#params.length + this.#locals.length - 1);
  }

  /** A local variable that is set here. */
  keep<T extends ValueType>(value: Value<T>): Variable<T> {
    const kept = this.local(value.type);
    this.run(kept.set(value));
    return kept;
  }

  run(...statements: readonly Statement[]): void {
    for (const statement of statements) this.#body.push(...statement);
  }

  /** `body` while `counter` goes from where it stands up to below `end`; runs at least once, which spares a test. */
  repeat(counter: Place, end: Value<'i32'>, step: number | Value<'i32'>, body: (counter: Place) => void): void {
    this.#body.push(0x03, 0x40);
    body(counter);
    this.run(counter.set(i32.add(counter, typeof step === 'number' ? i32.of(step) : step)));
    this.#body.push(...i32.ltS(counter, end).code, 0x0d, 0, 0x0b);
  }

  /** A new counter from 0 up to below `end`; runs at least once. */
  each(end: Value<'i32'>, step: number | Value<'i32'>, body: (counter: Place) => void): void {
    this.repeat(this.keep(i32.of(0)), end, step, body);
  }

  /** `body` only where `condition` is not 0. */
  when(condition: Value<'i32'>, body: () => void): void {
    this.#body.push(...condition.code, 0x04, 0x40);
    body();
    this.#body.push(0x0b);
  }

  /** The last thing: what the function gives back. */
  give(value: Value<ValueType>): void {
    this.#result = value.type;
    this.#body.push(...value.code);
  }

  /** Entry of the section of types. */
  signature(): number[] {
    const results = this.#result === undefined ? [] : [this.#result];
    return [0x60, ...typeList(this.#params), ...typeList(results)];
  }

  /** Entry of the section of code. */
  body(): number[] {
    const locals = [...unsigned(this.#locals.length), ...this.#locals.flatMap((type) => [1, TYPE_CODES[type]])];
    const content = [...locals, ...this.#body, 0x0b];
    return [...unsigned(content.length), ...content];
  }
}

function variable<T extends ValueType>(type: T, index: number): Variable<T> {
  const place = unsigned(index);
  return {
    type,
    code: [0x20, ...place],
    set: (value) => [...value.code, 0x21, ...place],
    tee: (value) => ({ type, code: [...value.code, 0x22, ...place] }),
  };
}

function typeList(types: readonly ValueType[]): number[] {
  return [...unsigned(types.length), ...types.map((type) => TYPE_CODES[type])];
}

/** One of two values of a type, without a branch. */
export function choose<T extends ValueType>(condition: Value<'i32'>, then: Value<T>, otherwise: Value<T>): Value<T> {
  const code = then.type === 'v128' ? [0x1c, 1, TYPE_CODES.v128] : [0x1b];
  return { type: then.type, code: [...then.code, ...otherwise.code, ...condition.code, ...code] };
}

/** Like `i32.of`, times a number: an offset in bytes. */
export const bytes = (count: Value<'i32'>, size: 4 | 16 | 32): Value<'i32'> => i32.shl(count, i32.of(Math.log2(size)));
