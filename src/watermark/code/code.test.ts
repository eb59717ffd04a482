import { crc32 as zlibCrc } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';
import { CODE_BITS, MESSAGE_BITS, MESSAGE_POSITIONS, messageOf, polarEncode } from './polar-code.ts';
import { PolarDecoder, SHOWN } from './polar-decoder.ts';

const message = fc.uint8Array({ minLength: MESSAGE_BITS, maxLength: MESSAGE_BITS, max: 1 });
const erased = fc.shuffledSubarray([...Array(CODE_BITS).keys()], { minLength: CODE_BITS / 8, maxLength: CODE_BITS / 8 });
const same = (a: Uint8Array, b: Uint8Array) => a.every((bit, i) => bit === b[i]);

/** Likelihoods as a channel with Gaussian noise gives them, from a seed. */
function noisy(code: Uint8Array, noise: number, seed: number): Float32Array {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float32Array.from(code, (bit) => {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    return (2 * ((bit === 1 ? -1 : 1) + noise * normal)) / (noise * noise);
  });
}

describe('CRC-32', () => {
  it('is the one that everybody has, for the usual start', () => {
    expect(crc32(Buffer.from('123456789'), 0xffffffff)).toBe(0xcbf43926);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => crc32(bytes, 0xffffffff) === zlibCrc(bytes)));
  });

  it('differs for every start, so that a codeword of another key does not pass', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), fc.nat(), fc.nat(), (bytes, one, other) => {
        fc.pre(one !== other);
        expect(crc32(bytes, one)).not.toBe(crc32(bytes, other));
      }),
    );
  });
});

describe('the polar code', () => {
  const decoder = new PolarDecoder();

  it('gives back every message, with likelihoods of any size and any eighth of them erased', () => {
    fc.assert(
      fc.property(message, fc.double({ min: 0.01, max: 100, noNaN: true }), erased, (bits, size, places) => {
        const code = polarEncode(bits);
        expect(same(messageOf(code), bits)).toBe(true);
        const llr = Float32Array.from(code, (bit) => (bit === 1 ? -size : size));
        for (const place of places) llr[place] = 0;
        expect(decoder.decode(llr, (found) => same(found, bits))).toEqual(bits);
      }),
      { numRuns: 40 },
    );
  });

  it('reads 49 of 50 messages where each bit is wrong in more than every third place', () => {
    // Eb/N0 1 dB at rate 96/1024: noise 2.06 for a signal of 1, so 31 % of all bits are wrong. An error in the order of decoding fails here.
    const noise = Math.sqrt(CODE_BITS / (2 * MESSAGE_BITS * 10 ** 0.1));
    const [sent] = fc.sample(message, { numRuns: 1, seed: 7 });
    const read = Array.from({ length: 50 }, (_, seed) =>
      decoder.decode(noisy(polarEncode(sent!), noise, seed + 1), (found) => same(found, sent!)),
    );
    expect(read.filter((found) => found !== undefined).length).toBeGreaterThanOrEqual(49);
  });

  it('shows no more messages than the false-positive bound counts, all different, and takes none when none is accepted', () => {
    const shown: string[] = [];
    const llr = noisy(new Uint8Array(CODE_BITS), 40, 3);
    expect(
      decoder.decode(llr, (found) => {
        shown.push(found.join(''));
        return false;
      }),
    ).toBeUndefined();
    expect(shown).toHaveLength(SHOWN);
    expect(new Set(shown).size).toBe(SHOWN);
  });

  it('carries the message in 96 of the last positions, none of which is the first', () => {
    expect(MESSAGE_POSITIONS).toHaveLength(MESSAGE_BITS);
    expect(MESSAGE_POSITIONS[0]).toBeGreaterThan(300);
    expect(MESSAGE_POSITIONS.at(-1)).toBe(CODE_BITS - 1);
  });
});
