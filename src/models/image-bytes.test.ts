import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeBase64Text, mediaType, sniffImage } from './image-bytes.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('what the first bytes claim', () => {
  it.each([
    ['png', latin1('\x89PNG\r\n\x1a\n....')],
    ['jpeg', latin1('\xff\xd8\xff\xe0....')],
    ['webp', latin1('RIFF....WEBPVP8 ')],
    ['gif', latin1('GIF89a....')],
    ['svg', latin1('<svg xmlns="http://www.w3.org/2000/svg">')],
    ['svg', latin1('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a drawing -->\n<svg>')],
  ])('%s', (format, bytes) => {
    expect(sniffImage(bytes)).toBe(format);
  });

  it.each([
    '',
    '\x89PN',
    'RIFF....WAVE',
    '<html><svg></svg></html>',
    '<!doctype html><svg>',
    '{"error":"x"}',
    'GIF87',
    'BM......',
    '<svgx>',
  ])('nothing for %j', (text) => {
    expect(sniffImage(latin1(text))).toBeNull();
    expect(mediaType(latin1(text))).toBe('application/octet-stream');
  });
});

describe('base64 from an upstream', () => {
  it.each([
    ['AAEC', [0, 1, 2]],
    ['AAE=', [0, 1]],
    ['AAE', [0, 1]],
    ['data:image/png;base64,AAEC', [0, 1, 2]],
  ])('reads %s', (text, bytes) => {
    expect([...(decodeBase64(text) ?? [])]).toEqual(bytes);
  });

  it.each(['', '=', 'A', 'A A=', 'AA\nAA', 'error: no', 'AAAA=AAAA', 'data:image/png;base64,', 'é', 'AAAAA'])(
    'takes nothing from %j',
    (text) => {
      expect(decodeBase64(text)).toBeNull();
    },
  );
});

describe('base64 of a large picture, read in slices', () => {
  const SLICE = 64 * 1024;
  const large = (bytes: number) => Buffer.from(Array.from({ length: bytes }, (_, i) => (i * 7) % 256));

  it.each([1, 2, 3].flatMap((rest) => [SLICE * 3 + rest, (SLICE * 3) / 4 + rest - 1]))('gives back all %i bytes', (bytes) => {
    const picture = large(bytes);
    expect(decodeBase64Text(latin1(picture.toString('base64')))?.equals(picture)).toBe(true);
  });

  it.each([0, 5, SLICE - 1, SLICE, SLICE + 1, 2 * SLICE + 17])('is null for a foreign character at %i', (at) => {
    const text = latin1(large(150_000).toString('base64'));
    for (const foreign of ['!', ' ', '=', '\n']) {
      text.write(foreign, at, 'latin1');
      expect(decodeBase64Text(text)).toBeNull();
      expect(decodeBase64(text.toString('latin1'))).toBeNull();
    }
  });

  it('reads a large data URL as well', () => {
    const picture = large(100_000);
    expect(decodeBase64Text(latin1(`data:image/png;base64,${picture.toString('base64')}`))?.equals(picture)).toBe(true);
  });

  it('is null for a single digit left over', () => {
    expect(decodeBase64Text(latin1('A'.repeat(SLICE + 1)))).toBeNull();
  });
});
