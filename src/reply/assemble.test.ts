import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble.ts';

describe('an answer put together from pieces', () => {
  it('is what joining the texts and the base64 of the bytes would give, whatever they are', () => {
    const piece = fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 70 }));
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const joined = pieces.map((one) => (typeof one === 'string' ? one : Buffer.from(one).toString('base64'))).join('');
        expect(assemble(pieces).equals(Buffer.from(joined))).toBe(true);
      }),
    );
  });

  it.each([48 * 1024 - 1, 48 * 1024, 48 * 1024 + 1, 200_001])('has the base64 of a picture of %i bytes without a seam', (size) => {
    const picture = Buffer.alloc(size + 3, 'a picture').subarray(3);
    expect(assemble(['"', picture, '"']).toString()).toBe(`"${picture.toString('base64')}"`);
  });
});
