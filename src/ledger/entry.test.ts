import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalJson, canonicalJson } from './canonical-json.ts';
import { commitment, encodeEntry } from './entry.ts';

const text = fc.string({ unit: 'grapheme' });
const { json } = fc.letrec<{ json: CanonicalJson }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(text, fc.double({ noDefaultInfinity: true, noNaN: true }), fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(text, tie('json'), { maxKeys: 4 }),
  ),
}));

const entry = { v: 1, kind: 'decision.made', at: '2026-11-21T12:00:00.000Z' } as const;

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 code units, as the example of RFC 8785 §3.2.3 shows', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect([...canonicalJson(value).matchAll(/:"(\w+)/g)].map(([, word]) => word)).toEqual([
      'Carriage',
      'One',
      'Control',
      'Latin',
      'Euro',
      'Emoji',
      'Hebrew',
    ]);
  });

  it('writes numbers and strings as the example of RFC 8785 §3.2.2 does', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('does not depend on the order in which the keys were set, and parses to the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(text, json), (value) => {
        const canonical = canonicalJson(value);
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonical);
        expect(JSON.parse(canonical)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ['a lone surrogate', '\ud800'],
    ['a date', new Date(0)],
    ['undefined', undefined],
    ['a hole in an array', new Array(1)],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint', 1n],
    ['bytes', new Uint8Array(1)],
  ])('refuses %s', (_, value) => {
    // @ts-expect-error: these are not of the type, which a caller in JavaScript would not know
    expect(() => canonicalJson({ secret: value })).toThrow(/no canonical form at \$\.secret/);
  });

  it('refuses a structure that would exhaust the stack', () => {
    let deep: CanonicalJson = [];
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => canonicalJson(deep)).toThrow(/too deep/);
  });
});

describe('a ledger entry', () => {
  it('becomes canonical UTF-8', () => {
    expect(Buffer.from(encodeEntry({ ...entry, subject: 'gen_é' })).toString()).toBe(
      '{"at":"2026-11-21T12:00:00.000Z","kind":"decision.made","subject":"gen_é","v":1}',
    );
  });

  it.each(['2026-11-21T12:00:00Z', '2026-11-21 12:00:00.000Z', '2026-13-21T12:00:00.000Z', '2026-11-21T12:00:00.000+01:00', ''])(
    'refuses %j as an instant',
    (at) => {
      expect(() => encodeEntry({ ...entry, at })).toThrow(/instant/);
    },
  );

  it('has no room for evidence itself', () => {
    expect(() => encodeEntry({ ...entry, picture: 'A'.repeat(66_000) })).toThrow(/the limit is 65535/);
  });
});

describe('a commitment to a personal datum', () => {
  const salt = Buffer.alloc(32, 1);

  it('is HMAC-SHA-256 keyed with the salt (RFC 4231, test case 1), and a salt as short as that of test case 2 is refused', () => {
    expect(commitment(Buffer.alloc(20, 0x0b), 'Hi There')).toBe(
      'hmac-sha256:b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    );
    expect(() => commitment(Buffer.from('Jefe'), 'what do ya want for nothing?')).toThrow(/salt of 4 bytes/);
  });

  it('is checked by whoever has salt and datum, and differs under another salt', () => {
    expect(commitment(salt, 'user@example.com')).toBe(commitment(salt, Buffer.from('user@example.com')));
    expect(commitment(salt, 'user@example.com')).not.toBe(commitment(Buffer.alloc(32, 2), 'user@example.com'));
  });
});
