import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CREDENTIAL_FORMATS } from '../image-format.ts';
import { segmentOf, strippedDigest, withSegment } from './credential-segment.ts';
import { movingRanges } from './moving-ranges.ts';

const format = fc.constantFrom(...CREDENTIAL_FORMATS);
const segment = fc.record({ segment: fc.uint8Array({ maxLength: 40 }), offset: fc.nat(200), moving: fc.uint8Array({ maxLength: 8 }) });

const box = (type: string, content: Buffer) => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, content]);
};

describe('a segment', () => {
  it('is looked for in any bytes without an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), format, segment, (bytes, as, kept) => {
        segmentOf(bytes, as);
        expect(strippedDigest(bytes, as)).toMatch(/^[0-9a-f]{64}$/);
        const whole = withSegment(bytes, as, kept);
        expect(whole === null || whole.length >= kept.segment.length).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is not put behind the end of a file', () => {
    expect(withSegment(new Uint8Array(10), 'png', { segment: new Uint8Array(4), offset: 11, moving: new Uint8Array() })).toBeNull();
  });
});

describe('sizes and offsets that move', () => {
  it('are found in the tables of a movie, however deep its tracks are', () => {
    const table = box('stco', Buffer.alloc(12, 7));
    const track = ['stbl', 'minf', 'mdia', 'trak', 'moov'].reduce((inner, type) => box(type, inner), table);
    expect(movingRanges(Buffer.concat([box('ftyp', Buffer.alloc(8)), track]), 'mp4')).toEqual([{ start: 16 + 48, end: 16 + 60 }]);
  });

  it('are given up in a file of millions of boxes, and in one that nests them for ever', () => {
    const startedAt = performance.now();
    const tiny = Buffer.alloc(32_000_000);
    for (let at = 0; at < tiny.length; at += 8) tiny.writeUInt32BE(8, at);
    expect(movingRanges(tiny, 'mp4')).toEqual([]);
    let nested: Buffer = box('stco', Buffer.alloc(4));
    for (let i = 0; i < 500; i++) nested = box('trak', nested);
    expect(movingRanges(nested, 'mp4')).toEqual([]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
