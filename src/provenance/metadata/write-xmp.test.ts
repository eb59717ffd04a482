import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readContainer } from '../../detectors/containers/read-container.ts';
import { textChunk, withChunks } from '../foreign/files.fixture.ts';
import { CREDENTIAL_FORMATS, PICTURE_FORMATS, type PictureFormat } from '../image-format.ts';
import { minimalMp4 } from '../mp4.fixture.ts';
import { gradient, noise, picture } from '../pictures.fixture.ts';
import { writeXmp } from './write-xmp.ts';
import { type MetadataFacts, xmpPacket } from './xmp-packet.ts';

const FACTS: MetadataFacts = {
  kind: 'created',
  generation: 'gen_01j00000000000000000000000',
  artifact: 'art_01j00000000000000000000001',
  model: { name: 'studio <1> & "co"', version: '1.0' },
  createdAt: new Date('2026-11-21T12:00:00Z'),
  provider: 'Example GmbH',
  credit: 'AI-generated',
  dataMining: 'DMI-PROHIBITED',
  aigc: { contentProducer: '001191110000000000000000' },
};
const PACKET = xmpPacket(FACTS);

const pixels = async (bytes: Uint8Array) => sharp(bytes, { animated: true }).raw().toBuffer();
const raw = { width: 64, height: 48, channels: 3 } as const;

/** Every kind of file that a model or our own encoder makes of these formats. */
const VARIANTS: readonly (readonly [string, PictureFormat, () => Promise<Uint8Array>])[] = [
  ['PNG', 'png', () => picture('png')],
  ['PNG with a palette and text', 'png', () => sharp(gradient(64, 48), { raw }).withMetadata().png({ palette: true }).toBuffer()],
  ['JPEG', 'jpeg', () => picture('jpeg')],
  [
    'progressive JPEG with Exif',
    'jpeg',
    () =>
      sharp(gradient(64, 48), { raw })
        .withExif({ IFD0: { Artist: 'a' } })
        .jpeg({ progressive: true })
        .toBuffer(),
  ],
  ['WebP', 'webp', () => picture('webp')],
  ['lossless WebP', 'webp', () => sharp(gradient(64, 48), { raw }).webp({ lossless: true }).toBuffer()],
  ['WebP of odd size with alpha', 'webp', () => sharp(gradient(64, 48), { raw }).ensureAlpha(0.5).resize(33, 17).webp().toBuffer()],
  [
    'animated WebP',
    'webp',
    () =>
      sharp(noise(32, 64), { raw: { width: 32, height: 64, channels: 3, pageHeight: 32 } })
        .webp()
        .toBuffer(),
  ],
  ['GIF', 'gif', () => picture('gif')],
  [
    'animated GIF',
    'gif',
    () =>
      sharp(noise(32, 64), { raw: { width: 32, height: 64, channels: 3, pageHeight: 32 } })
        .gif()
        .toBuffer(),
  ],
  ['AVIF', 'avif', () => picture('avif')],
  [
    'AVIF with alpha and Exif',
    'avif',
    () =>
      sharp(gradient(64, 48), { raw })
        .ensureAlpha(0.5)
        .withExif({ IFD0: { Artist: 'a' } })
        .avif()
        .toBuffer(),
  ],
  [
    'AVIF that had XMP',
    'avif',
    () =>
      sharp(gradient(64, 48), { raw })
        .withXmp(xmpPacket({ ...FACTS, credit: 'old' }))
        .avif()
        .toBuffer(),
  ],
];

describe('metadata in a picture', () => {
  it.each(VARIANTS)('leaves every pixel of a %s as it was, and reads back whole', async (_, format, make) => {
    const before = await make();
    const after = writeXmp(before, format, PACKET);
    expect((await pixels(after)).equals(await pixels(before))).toBe(true);
    if (format !== 'gif') expect((await sharp(after).metadata()).xmpAsString?.trim()).toBe(PACKET);
    expect(Buffer.from(after).includes(PACKET)).toBe(true);
    expect(readContainer(after).kind).toBe('sound');
  });

  it.each(VARIANTS)('replaces what a %s had, so that there is one packet only', async (_, format, make) => {
    const other = xmpPacket({ ...FACTS, credit: 'something else' });
    const twice = Buffer.from(writeXmp(writeXmp(await make(), format, other), format, PACKET));
    expect(twice.indexOf('<?xpacket begin')).toBe(twice.lastIndexOf('<?xpacket begin'));
    expect(twice.includes('something else')).toBe(false);
    expect((await pixels(twice)).equals(await pixels(await make()))).toBe(true);
  });

  it.each(CREDENTIAL_FORMATS)('is refused, not guessed at, in a %s that was cut off or is something else', async (format) => {
    const whole = format === 'mp4' ? minimalMp4() : await picture(format);
    for (const bad of [new Uint8Array(0), whole.subarray(0, 20), noise(10, 10)]) expect(() => writeXmp(bad, format, PACKET)).toThrow();
  });

  it('is refused when it is too long for some format', async () => {
    expect(() => writeXmp(minimalMp4(), 'mp4', 'x'.repeat(60_001))).toThrow(RangeError);
  });
});

describe.skipIf(isMissing('exiftool'))('to exiftool', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'imprimatur-xmp-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each([...PICTURE_FORMATS, 'mp4'] as const)(
    'a %s says that it was generated, by what, when, and that it must not be mined',
    async (format) => {
      const path = join(directory, `picture.${format}`);
      writeFileSync(path, writeXmp(format === 'mp4' ? minimalMp4() : await picture(format), format, PACKET));
      const [tags] = JSON.parse(execFileSync('exiftool', ['-j', '-n', '-XMP:all', '-Warning', path], { encoding: 'utf8' }));
      expect(tags).toMatchObject({
        DigitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
        DigitalImageGUID: `urn:imprimatur:${FACTS.artifact}`,
        DataMining: expect.stringContaining('DMI-PROHIBITED'),
        Credit: 'AI-generated',
        Source: 'Example GmbH',
        CreatorTool: 'studio <1> & "co" 1.0 via Imprimatur',
      });
      expect(JSON.stringify(tags)).toContain('studio <1>');
      expect(tags).not.toHaveProperty('Warning');
      expect(JSON.parse(tags.AIGC ?? tags.Aigc).ProduceID).toBe(FACTS.artifact);
    },
  );
});

/** A tool that is missing skips its tests and says so; on CI that is a failure. */
function isMissing(tool: string): boolean {
  if (spawnSync(tool, ['-ver']).status === 0) return false;
  if (process.env['CI'] === 'true') throw new Error(`${tool} is missing`);
  console.warn(`skipped: ${tool} is not installed`);
  return true;
}

describe('the words that a model wrote into its picture', () => {
  const SECRET = 'seventeen teapots, Steps: 9, Sampler: Euler';
  const exif = { IFD0: { ImageDescription: SECRET }, IFD2: { UserComment: SECRET } };
  const painted = () => sharp(gradient(64, 48), { raw });
  const behind = (head: number, extra: Buffer) => async (file: Promise<Uint8Array>) => {
    const bytes = Buffer.from(await file);
    return Buffer.concat([bytes.subarray(0, head), extra, bytes.subarray(head)]);
  };
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, SECRET.length + 2]), Buffer.from(SECRET)]);
  const gifComment = Buffer.concat([Buffer.from([0x21, 0xfe, SECRET.length]), Buffer.from(SECRET), Buffer.from([0])]);
  const inGif = async () => {
    const gif = Buffer.from(await picture('gif'));
    return behind(13 + ((gif[10]! & 0x80) === 0 ? 0 : 3 * 2 ** ((gif[10]! & 7) + 1)), gifComment)(Promise.resolve(gif));
  };

  it.each([
    ['PNG text', 'png', async () => withChunks(await painted().png().toBuffer(), textChunk('parameters', SECRET))],
    ['PNG Exif', 'png', () => painted().withExif(exif).png().toBuffer()],
    ['bytes behind the end of a PNG', 'png', async () => Buffer.concat([await painted().png().toBuffer(), Buffer.from(SECRET)])],
    [
      'bytes behind the end of a JPEG',
      'jpeg',
      async () => Buffer.concat([await painted().jpeg({ progressive: true }).toBuffer(), Buffer.from(SECRET)]),
    ],
    ['JPEG Exif', 'jpeg', () => painted().withExif(exif).jpeg().toBuffer()],
    ['a JPEG comment', 'jpeg', () => behind(2, comment)(painted().jpeg().toBuffer())],
    ['WebP Exif', 'webp', () => painted().withExif(exif).webp().toBuffer()],
    ['WebP XMP', 'webp', () => painted().withXmp(`<x>${SECRET}</x>`).webp().toBuffer()],
    ['AVIF Exif', 'avif', () => painted().withExif(exif).avif().toBuffer()],
    ['a GIF comment', 'gif', inGif],
  ] satisfies [string, PictureFormat, () => Promise<Uint8Array>][])(
    'in %s do not leave with it, and no pixel changes',
    async (_, format, make) => {
      const before = await make();
      expect(Buffer.from(before).includes(SECRET)).toBe(true);
      const after = writeXmp(before, format, PACKET);
      expect(Buffer.from(after).includes(SECRET)).toBe(false);
      expect((await pixels(after)).equals(await pixels(before))).toBe(true);
      expect(readContainer(after).kind).toBe('sound');
    },
  );

  it.each(['png', 'jpeg', 'webp'] as const)(
    'go, and a %s that lies on its side, with its colors and its transparency, stays as it is shown',
    async (format) => {
      const before = await sharp(gradient(64, 48), { raw })
        .ensureAlpha(0.5)
        .withExif(exif)
        .withIccProfile('p3')
        .withMetadata({ orientation: 6 })
        .toFormat(format)
        .toBuffer();
      const after = writeXmp(before, format, PACKET);
      const [was, is] = [await sharp(before).metadata(), await sharp(after).metadata()];
      expect(is.orientation).toBe(6);
      expect(is.icc?.equals(was.icc!)).toBe(true);
      expect(is.hasAlpha).toBe(was.hasAlpha);
      expect((await sharp(after).rotate().raw().toBuffer()).equals(await sharp(before).rotate().raw().toBuffer())).toBe(true);
    },
  );
});
