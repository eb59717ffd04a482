import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatKeyFile, newMarkKey, parseKeyFile } from './mark-key.ts';
import { packPayload, unpackPayload } from './payload.ts';

describe('a payload', () => {
  it('comes back field by field', () => {
    const fields = {
      version: fc.nat({ max: 15 }),
      issuer: fc.nat({ max: 4095 }),
      epoch: fc.nat({ max: 255 }),
      record: fc.bigInt({ min: 0n, max: 2n ** 40n - 1n }),
    };
    fc.assert(
      fc.property(fc.record(fields), (one) => {
        expect(unpackPayload(packPayload(one))).toMatchObject(one);
      }),
    );
    expect(packPayload({ version: 1, issuer: 2, epoch: 3, record: 4n })).toBe('1002030000000004');
  });

  it.each([{ version: 16 }, { issuer: 4096 }, { epoch: 256 }, { record: 2n ** 40n }, { record: -1n }])(
    'is refused when a field does not fit: %o',
    (wrong) => {
      expect(() => packPayload({ version: 1, issuer: 0, epoch: 0, record: 0n, ...wrong })).toThrow(RangeError);
    },
  );
});

describe('a key file', () => {
  it('gives the keys, the newest first', () => {
    const keys = [newMarkKey(1), newMarkKey(12), newMarkKey(3)];
    expect(parseKeyFile(formatKeyFile(keys)).map(({ epoch }) => epoch)).toEqual([12, 3, 1]);
    expect(parseKeyFile(formatKeyFile(keys))[0]).toEqual(keys[1]);
  });

  it.each([
    ['', 'no key'],
    ['# only words', 'no key'],
    ['1 0011', 'line 1'],
    ['\n256 00112233445566778899aabbccddeeff', 'line 2'],
    ['1 00112233445566778899aabbccddeeff\n1 00112233445566778899aabbccddee00', 'same epoch'],
  ])('is refused with the place and never the secret: %j', (text, word) => {
    expect(() => parseKeyFile(text)).toThrow(word);
    expect(() => parseKeyFile(text)).not.toThrow(/00112233/);
  });
});
