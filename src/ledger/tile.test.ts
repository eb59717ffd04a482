import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBundle, MAX_ENTRY_BYTES, parseBundle } from './entry-bundle.ts';
import { bundlesOf, parseTilePath, tilePath, tilesOf } from './tile.ts';

describe('a tile path', () => {
  it('writes long numbers in groups of three, as C2SP tlog-tiles shows', () => {
    expect(tilePath({ level: 0, n: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 2, n: 0, width: 5 })).toBe('tile/2/000.p/5');
    expect(tilePath({ level: 'entries', n: 273, width: 112 })).toBe('tile/entries/273.p/112');
  });

  it('reads back what it wrote', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constant('entries' as const));
    fc.assert(
      fc.property(level, fc.maxSafeNat(), fc.integer({ min: 1, max: 256 }), (at, n, width) => {
        const ref = at === 'entries' ? { level: at, n, width } : { level: at, n, width };
        expect(parseTilePath(tilePath(ref))).toEqual(ref);
      }),
    );
  });

  it.each([
    'tile/0/1',
    'tile/0/x000/001',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/300',
    'tile/7/000',
    'tile/00/000',
    'tile/0/../checkpoint',
    'tile/entries/x1/000',
    'tile/0/000/',
    '/tile/0/000',
  ])('refuses %s, which it would never write', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });

  it('lists every tile and bundle of a tree, the last ones with their width', () => {
    expect([...tilesOf(70_000)].filter(({ level }) => level > 0).map(tilePath)).toEqual([
      'tile/1/000',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect([...tilesOf(512)].map(tilePath)).toEqual(['tile/0/000', 'tile/0/001', 'tile/1/000.p/2']);
    expect([...bundlesOf(600)].map(tilePath)).toEqual(['tile/entries/000', 'tile/entries/001', 'tile/entries/002.p/88']);
    expect([...tilesOf(0), ...bundlesOf(0)]).toEqual([]);
  });
});

describe('an entry bundle', () => {
  it('gives back the entries it was made of, empty ones too', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (entries) => {
        expect(parseBundle(formatBundle(entries))?.map((entry) => Uint8Array.from(entry))).toEqual(entries);
      }),
    );
  });

  it('holds an entry of 65,535 bytes and refuses one more', () => {
    const largest = new Uint8Array(MAX_ENTRY_BYTES);
    expect(parseBundle(formatBundle([largest]))?.[0]).toHaveLength(MAX_ENTRY_BYTES);
    expect(() => formatBundle([new Uint8Array(MAX_ENTRY_BYTES + 1)])).toThrow(/65536 bytes/);
  });

  it('is not read when it is cut short anywhere but between entries', () => {
    const bundle = formatBundle([Buffer.from('first'), Buffer.from('second')]);
    const readable = Array.from({ length: bundle.length + 1 }, (_, end) => end).filter(
      (end) => parseBundle(bundle.subarray(0, end)) !== null,
    );
    expect(readable).toEqual([0, 7, 15]);
  });
});
