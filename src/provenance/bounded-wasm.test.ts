import { runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { boundWasmMemory } from './bounded-wasm.ts';

const PAGE = 65_536;
/** A module with one memory of 2 pages without a maximum, exported as "m". */
const MODULE = Buffer.from('0061736d01000000' + '0503010002' + '07050101' + '6d0200', 'hex');
const { Instance, Module } = runInThisContext('WebAssembly');

describe('the memory of a WebAssembly module', () => {
  it('cannot grow past the ceiling', () => {
    const { m: free } = new Instance(new Module(MODULE)).exports;
    expect(free.grow(100)).toBe(2);
    const { m: bounded } = new Instance(new Module(boundWasmMemory(MODULE, 300 * PAGE))).exports;
    expect(bounded.buffer.byteLength).toBe(2 * PAGE);
    expect(bounded.grow(298)).toBe(2);
    expect(() => bounded.grow(1)).toThrow();
  });

  it('is bounded again when it has a maximum already', () => {
    const { m } = new Instance(new Module(boundWasmMemory(boundWasmMemory(MODULE, 300 * PAGE), 3 * PAGE))).exports;
    expect(() => m.grow(2)).toThrow();
  });

  it('is not guessed when the module is not as expected', () => {
    expect(() => boundWasmMemory(MODULE.subarray(0, 8), PAGE)).toThrow(/no memory/);
    expect(() => boundWasmMemory(MODULE, PAGE)).toThrow(/more than 1 pages/);
    const shared = Buffer.from(MODULE);
    shared.writeUInt8(3, 11);
    expect(() => boundWasmMemory(shared, 300 * PAGE)).toThrow(/unexpected kind/);
  });
});
