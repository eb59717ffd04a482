import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../image-bytes.ts';
import { listMember, member } from '../upstream-reply.ts';
import { scanB64 } from './scan-b64.ts';

/** All `b64_json` values in a document, in order, wherever they stand. */
function collect(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(collect);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === 'b64_json' ? [item] : collect(item)));
}

function picturesByScan(json: string): unknown[] {
  const { body, pictureOf } = scanB64(Buffer.from(json));
  return collect(body).map((value) => pictureOf(value)?.toString('hex') ?? null);
}

function picturesByParse(json: string): unknown[] {
  return collect(JSON.parse(json)).map((value) => (typeof value === 'string' ? (decodeBase64(value)?.toString('hex') ?? null) : null));
}

/** The document with every picture blanked, to compare the rest. */
function withoutPictures(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item) => (key === 'b64_json' ? 'cut' : item)) ?? 'null');
}

const pictures = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const nasty = fc.constantFrom('"b64_json":"AAAA"', '"b64_json"', 'b64_json', '\\', '\\"b64_json":"', '":"', 'é"漢', '', 'AA==', '#0');
const text = fc.oneof(fc.string({ unit: 'grapheme' }), nasty);
const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
const entry = fc.dictionary(fc.oneof(text, fc.constant('b64_json')), fc.oneof(scalar, pictures), { maxKeys: 4 });
const withPicture = fc.tuple(entry, pictures).map(([fields, b64]) => ({ ...fields, b64_json: b64 }));
const documents = fc.record(
  {
    data: fc.array(fc.oneof(withPicture, entry), { maxLength: 4 }),
    usage: fc.oneof(scalar, entry),
    deep: fc.record({ b64_json: fc.oneof(withPicture, pictures, scalar), list: fc.array(withPicture, { maxLength: 2 }) }),
  },
  { requiredKeys: [] },
);

describe('cutting pictures out of a JSON answer', () => {
  it('finds what JSON.parse finds, in any document, order and spacing', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('', ' ', '\t', '\r\n  '), (document, indent) => {
        const json = JSON.stringify(document, null, indent);
        expect(picturesByScan(json)).toEqual(picturesByParse(json));
        expect(withoutPictures(scanB64(Buffer.from(json)).body)).toEqual(withoutPictures(JSON.parse(json)));
      }),
      { numRuns: 3_000 },
    );
  });

  it('agrees with JSON.parse on whether damaged bytes are JSON, and never throws', () => {
    fc.assert(
      fc.property(documents, fc.nat(), fc.integer({ min: 0, max: 255 }), (document, at, byte) => {
        const json = Buffer.from(JSON.stringify(document));
        json[at % Math.max(1, json.byteLength)] = byte;
        let parsed: unknown;
        try {
          parsed = JSON.parse(json.toString('utf8'));
        } catch {
          parsed = undefined;
        }
        expect(withoutPictures(scanB64(json).body)).toEqual(withoutPictures(parsed));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['escaped slashes, as PHP writes them', '{"data":[{"b64_json":"\\/9j\\/4AAQ"}]}', '/9j/4AAQ'],
    ['space around the colon', '{"data":[{"b64_json" \n:\t "AAEC"}]}', 'AAEC'],
    ['an escaped key', '{"data":[{"b64\\u005fjson":"AAEC"}]}', 'AAEC'],
    ['a data URL', '{"data":[{"b64_json":"data:image/png;base64,AAEC"}]}', 'AAEC'],
    ['the last of two keys', '{"data":[{"b64_json":"AAAA","b64_json":"AAEC"}]}', 'AAEC'],
    ['a prompt that quotes the key', '{"data":[{"revised_prompt":"x\\"b64_json\\":\\"AAAA\\"","b64_json":"AAEC"}]}', 'AAEC'],
  ])('reads %s', (_, json, expected) => {
    const { body, pictureOf } = scanB64(Buffer.from(json));
    expect(pictureOf(member(listMember(body, 'data')[0], 'b64_json'))).toEqual(Buffer.from(expected, 'base64'));
  });

  it.each(['not base64!', '', 'AAA=A', 'A'])('takes no picture from %j', (value) => {
    const { body, pictureOf } = scanB64(Buffer.from(JSON.stringify({ data: [{ b64_json: value }] })));
    expect(pictureOf(member(listMember(body, 'data')[0], 'b64_json'))).toBeNull();
  });

  it('does not let an upstream refer to pictures by a text of its own', () => {
    const { body, pictureOf } = scanB64(Buffer.from('{"data":[{"b64_json":"AAEC"},{"b64_json":"picture-0"}]}'));
    expect(pictureOf(member(listMember(body, 'data')[1], 'b64_json'))).not.toEqual(Buffer.from('AAEC', 'base64'));
  });

  it('takes linear time for a document full of keys', () => {
    const json = Buffer.from(`{"data":[${'{"b64_json":null},'.repeat(100_000)}0]}`);
    const start = performance.now();
    expect(listMember(scanB64(json).body, 'data')).toHaveLength(100_001);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
