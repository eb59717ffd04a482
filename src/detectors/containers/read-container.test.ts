import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { animation, blobs, chunk, picture, pngOf, smallPng, smallZip } from '../pictures.fixture.ts';
import { readContainer } from './read-container.ts';

const codesOf = (bytes: Uint8Array) => {
  const container = readContainer(bytes);
  return container.kind === 'sound' ? [] : container.problems.map(({ severity, code }) => `${severity}:${code}`);
};
const reportOf = (bytes: Uint8Array) => {
  const container = readContainer(bytes);
  if (container.kind === 'refused') throw new Error(JSON.stringify(container.problems));
  return container.report;
};
const scene = (width = 40, height = 30) => picture(blobs(width, height), width, height);
const png = await scene().png().toBuffer();
const jpeg = await scene().jpeg().toBuffer();
const gif = await animation(40, 30, 3).gif().toBuffer();
const avif = await scene().avif({ effort: 0 }).toBuffer();
const tiff = await scene().tiff().toBuffer();
const webp = await scene().webp().toBuffer();

describe('honest files', () => {
  it.each([
    ['png', png],
    ['jpeg', jpeg],
    ['webp', webp],
    ['avif', avif],
    ['tiff', tiff],
  ])('reads kind and size of a %s from its header', (format, bytes) => {
    expect(reportOf(bytes)).toMatchObject({ format, widthPx: 40, heightPx: 30, frames: 1 });
  });

  it('counts the frames of animations', async () => {
    expect(reportOf(gif)).toMatchObject({ format: 'gif', widthPx: 40, heightPx: 30, frames: 3 });
    expect(reportOf(await animation(40, 30, 4).webp().toBuffer())).toMatchObject({ format: 'webp', frames: 4 });
  });

  it('takes progressive, grey, lossless and transparent variants', async () => {
    const variants = [
      scene().jpeg({ progressive: true }),
      scene().greyscale().jpeg(),
      scene()
        .jpeg()
        .withExif({ IFD0: { ImageDescription: 'a lighthouse' } }),
      scene().webp({ lossless: true }),
      scene().ensureAlpha(0.5).webp(),
      scene().ensureAlpha(0.5).png(),
      scene().png({ palette: true }),
    ];
    for (const variant of variants) expect(codesOf(await variant.toBuffer())).toEqual([]);
  });

  it('does not mind zeros and line ends behind the picture', () => {
    for (const bytes of [png, jpeg, gif]) expect(codesOf(Buffer.concat([bytes, Buffer.from('\0\0\r\n')]))).toEqual([]);
  });

  it('accepts further pictures that an MPF index announces, and nothing else behind a JPEG', () => {
    const mpf = Buffer.concat([Buffer.from([0xff, 0xe2, 0, 8]), Buffer.from('MPF\0\0\0')]);
    const announcing = Buffer.concat([jpeg.subarray(0, 2), mpf, jpeg.subarray(2)]);
    expect(codesOf(Buffer.concat([announcing, jpeg]))).toEqual([]);
    expect(codesOf(Buffer.concat([jpeg, jpeg]))).toEqual(['malformed:appended_data']);
  });
});

describe('bombs', () => {
  it('refuses a picture whose header promises more pixels than the limit', () => {
    expect(codesOf(pngOf({ width: 60_000, height: 60_000, raw: Buffer.alloc(64) }))).toContain('hostile:decompression_bomb');
  });

  it('calls a big file with many pixels too large, not hostile', () => {
    expect(codesOf(pngOf({ width: 10_000, height: 6_000, raw: picture16mb() }))).toEqual(['malformed:too_many_pixels']);
  });

  it('refuses a compressed picture that is too small for the pixels that it promises', () => {
    expect(codesOf(pngOf({ width: 7_000, height: 7_000, raw: Buffer.alloc(16) }))).toEqual(['malformed:truncated']);
  });

  it('refuses a GIF with thousands of frames', () => {
    const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
    const head = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255])]);
    expect(codesOf(Buffer.concat([head, ...Array.from({ length: 5_000 }, () => frame), Buffer.from([0x3b])]))).toEqual([
      'malformed:too_many_pixels',
    ]);
  });

  it('refuses text that inflates without end, and does not inflate it', () => {
    const bomb = chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(Buffer.alloc(64 * 1024 * 1024))]));
    expect(codesOf(smallPng(bomb))).toEqual(['hostile:metadata_bomb']);
  });

  it('refuses a file above the size limit without looking at it', () => {
    expect(codesOf(Buffer.alloc(50 * 1024 * 1024 + 1))).toEqual(['malformed:too_large']);
  });
});

/** 16 MB that deflate cannot shrink much. */
function picture16mb(): Buffer {
  const raw = Buffer.alloc(16 * 1024 * 1024);
  for (let at = 0, state = 1; at < raw.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    raw[at] = state >>> 24;
  }
  return raw;
}

describe('files within files', () => {
  it.each([
    ['a ZIP behind a PNG', Buffer.concat([png, smallZip()])],
    ['a ZIP behind a JPEG', Buffer.concat([jpeg, smallZip()])],
    ['a ZIP behind a GIF', Buffer.concat([gif, smallZip()])],
    ['a ZIP behind a WebP', Buffer.concat([webp, smallZip()])],
    ['a ZIP inside a PNG text', smallPng(chunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), smallZip()])))],
    ['a PDF behind a PNG', Buffer.concat([png, Buffer.from('\n%PDF-1.7\n')])],
    ['a PDF header near the start', smallPng(chunk('tEXt', Buffer.from('Comment\0%PDF-1.4')))],
    ['a page behind a JPEG', Buffer.concat([jpeg, Buffer.from('<HTML><body>')])],
    ['a program behind a PNG', Buffer.concat([png, Buffer.from('\x7fELF\x02\x01', 'latin1')])],
    ['a Windows program behind a PNG', Buffer.concat([png, Buffer.from('MZ\x90\0', 'latin1')])],
    ['server code in a comment', smallPng(chunk('tEXt', Buffer.from('Comment\0<?php echo 1;')))],
  ])('sees %s', (_, bytes) => expect(codesOf(bytes)).toContain('hostile:polyglot'));

  it('does not accept data behind the end that nobody can explain', () => {
    expect(codesOf(Buffer.concat([png, Buffer.from('some more bytes')]))).toEqual(['malformed:appended_data']);
  });

  it.each([
    ['\x7fELF\x02\x01\x01', 'hostile:executable'],
    ['MZ\x90\0', 'hostile:executable'],
    ['#!/bin/sh', 'hostile:executable'],
    ['%PDF-1.7', 'malformed:unknown_format'],
    ['<!doctype html><html>', 'malformed:unknown_format'],
    ['', 'malformed:empty'],
    ['BM0000000000000000000000000000', 'malformed:unsupported_format'],
  ])('knows a renamed file that starts with %j', (head, code) => expect(codesOf(Buffer.from(head, 'latin1'))).toEqual([code]));
});

describe('broken files', () => {
  it.each([
    ['png', png],
    ['jpeg', jpeg],
    ['gif', gif],
    ['webp', webp],
  ])('notices wherever a %s is cut off', (_, bytes) => {
    for (let length = 4; length < bytes.length; length += Math.ceil(bytes.length / 60)) {
      const container = readContainer(bytes.subarray(0, length));
      expect(container.kind).toBe('refused');
      if (container.kind === 'refused') expect(container.problems.map(({ severity }) => severity)).not.toContain('hostile');
    }
  });

  it('notices chunk lengths that reach beyond the file', () => {
    const broken = Buffer.from(png);
    broken.writeUInt32BE(0x7fffffff, 8 + 25);
    expect(codesOf(broken)).toEqual(['malformed:truncated']);
  });

  it('refuses an APNG, of which the decoder would see one frame', () => {
    expect(codesOf(smallPng(chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))))).toEqual(['malformed:unseen_frames']);
  });

  it('never throws and never hangs, on random bytes and on damaged pictures', () => {
    const seeds = [png, jpeg, gif, webp, avif, tiff, smallPng()];
    const damaged = fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }), fc.nat(3))
      .map(([seed, changes, kind]) => {
        const copy = Buffer.from(seed);
        for (const [at, byte] of changes) copy[at % Math.min(copy.length, kind === 0 ? 64 : copy.length)] = byte;
        return kind === 1 ? copy.subarray(0, (changes[0]?.[0] ?? 0) % copy.length) : copy;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 2_000 }), damaged), (bytes) => {
        expect(['sound', 'refused']).toContain(readContainer(bytes).kind);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('words inside files', () => {
  const texts = (bytes: Uint8Array) => {
    const container = readContainer(bytes);
    return container.kind === 'sound' ? container.report.texts : container.texts;
  };
  const xmp =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><dc:description><rdf:li>a &quot;teapot&quot;</rdf:li></dc:description></rdf:RDF></x:xmpmeta>';

  it.each([
    ['tEXt', chunk('tEXt', Buffer.from('parameters\0a teapot'))],
    ['zTXt', chunk('zTXt', Buffer.concat([Buffer.from('parameters\0\0'), deflateSync(Buffer.from('a teapot'))]))],
    ['iTXt', chunk('iTXt', Buffer.from('parameters\0\0\0\0\0a teapot'))],
    ['compressed iTXt', chunk('iTXt', Buffer.concat([Buffer.from('parameters\0\x01\0en\0\0'), deflateSync(Buffer.from('a teapot'))]))],
  ])('reads %s of a PNG', (_, extra) => expect(texts(smallPng(extra))).toEqual(['a teapot']));

  it('reads XMP of PNG and GIF', async () => {
    expect(texts(smallPng(chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${xmp}`))))).toEqual(['a "teapot"']);
    expect(texts(await scene().webp().withXmp(xmp).toBuffer())).toEqual(['a "teapot"']);
    expect(texts(await scene().jpeg().withXmp(xmp).toBuffer())).toEqual(['a "teapot"']);
  });

  it.each(['jpeg', 'webp', 'png', 'avif'] as const)('reads the EXIF description of a %s', async (format) => {
    const bytes = await scene()
      .toFormat(format, { effort: 1 })
      .withExif({ IFD0: { ImageDescription: 'a teapot' } })
      .toBuffer();
    expect(texts(bytes)).toContain('a teapot');
  });

  it('reads the user comment, as the makers of pictures write it', () => {
    const comment = Buffer.concat([Buffer.from('UNICODE\0'), Buffer.from('a teapot', 'utf16le').swap16()]);
    const entry = (tag: number, type: number, count: number, value: number) => {
      const bytes = Buffer.alloc(12);
      bytes.writeUInt16BE(tag, 0);
      bytes.writeUInt16BE(type, 2);
      bytes.writeUInt32BE(count, 4);
      bytes.writeUInt32BE(value, 8);
      return bytes;
    };
    const exif = Buffer.concat([
      Buffer.from('MM\0*\0\0\0\x08\0\x01', 'latin1'),
      entry(0x8769, 4, 1, 26),
      Buffer.alloc(4),
      Buffer.from([0, 1]),
      entry(0x9286, 7, comment.length, 44),
      Buffer.alloc(4),
      comment,
    ]);
    expect(texts(smallPng(chunk('eXIf', exif)))).toEqual(['a teapot']);
  });

  it('reads the description of a TIFF', () => {
    const entry = (tag: number, type: number, count: number, value: number) => {
      const bytes = Buffer.alloc(12);
      for (const [i, word] of [tag, type].entries()) bytes.writeUInt16LE(word, i * 2);
      for (const [i, word] of [count, value].entries()) bytes.writeUInt32LE(word, 4 + i * 4);
      return bytes;
    };
    const head = Buffer.from('II*\0\x08\0\0\0\x03\0', 'latin1');
    const directory = [entry(256, 4, 1, 2), entry(257, 4, 1, 2), entry(0x010e, 2, 8, 50), Buffer.alloc(4)];
    expect(texts(Buffer.concat([head, ...directory, Buffer.from('a teapot')]))).toEqual(['a teapot']);
  });

  it('keeps at most 64 KB of them', () => {
    const long = chunk('tEXt', Buffer.concat([Buffer.from('a\0'), Buffer.alloc(100_000, 'word ')]));
    expect(texts(smallPng(long, long)).join('').length).toBeLessThanOrEqual(65_536);
  });

  it('is a real PNG that the tests damage', async () => expect((await sharp(smallPng()).metadata()).width).toBe(4));
});
