import { decode } from 'cborg';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openActiveManifest } from './active-manifest.ts';
import { carriesCredential, credentialPlace } from './credential-place.ts';
import { CREDENTIAL_FORMATS, type CredentialFormat } from './image-format.ts';
import type { ManifestFacts } from './manifest.ts';
import { writeXmp } from './metadata/write-xmp.ts';
import { minimalMp4 } from './mp4.fixture.ts';
import { FACTS, gradient, noise, picture } from './pictures.fixture.ts';
import { testPki } from './pki.fixture.ts';
import { createProvenance, type Provenance } from './provenance.ts';

const VALUE = Uint8Array.from({ length: 32 }, (_, i) => 255 - 7 * i);
const FINGERPRINT = { alg: 'org.imprimatur.pdq.v1', value: VALUE, kind: 'fingerprint' } as const;

let provenance: Provenance;
beforeAll(async () => {
  const pki = await testPki();
  provenance = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem });
});
afterAll(() => provenance.close());

const fileOf = async (format: CredentialFormat) => (format === 'mp4' ? minimalMp4() : picture(format));

async function sign(format: CredentialFormat, more: Partial<ManifestFacts> = {}) {
  return provenance.sign({ bytes: await fileOf(format), format, manifest: { ...FACTS, softBinding: FINGERPRINT, ...more } });
}

function storeOf(bytes: Uint8Array, format: CredentialFormat): Buffer {
  const file = Buffer.from(bytes);
  return Buffer.concat(credentialPlace(file, format).map(({ start, end }) => file.subarray(start, end)));
}

describe('the soft binding of a signed file', () => {
  it.each(CREDENTIAL_FORMATS)('is in a %s as CBOR byte strings, and the file is trusted', async (format) => {
    const { bytes, selfChecked } = await sign(format);
    expect(selfChecked).toBe(true);
    const content = openActiveManifest(storeOf(bytes, format)).read('c2pa.soft-binding');
    // 0x58 0x20: a byte string (major type 2) whose length, 32, stands in the next byte; RFC 8949 §3.1.
    expect(content.includes(Buffer.concat([Buffer.from('value'), Buffer.from([0x58, 0x20]), VALUE]))).toBe(true);
    expect(content.includes(Buffer.concat([Buffer.from('pad'), Buffer.from([0x48]), Buffer.alloc(8)]))).toBe(true);
    expect(decode(content)).toEqual({ alg: FINGERPRINT.alg, blocks: [{ scope: {}, value: VALUE }], pad: new Uint8Array(8) });
  });

  it.each([4, 23, 24, 255, 256, 1000])('can have %i bytes', async (length) => {
    const value = new Uint8Array(length).fill(0x7e);
    const { bytes } = await sign('jpeg', { softBinding: { ...FINGERPRINT, value } });
    expect(decode(openActiveManifest(storeOf(bytes, 'jpeg')).read('c2pa.soft-binding'))).toMatchObject({ blocks: [{ value }] });
  });

  it('can be so long that a JPEG needs several segments for the credential', async () => {
    const value = new Uint8Array(70_000).fill(9);
    const { bytes } = await sign('jpeg', { softBinding: { ...FINGERPRINT, value } });
    expect(credentialPlace(Buffer.from(bytes), 'jpeg').length).toBe(2);
    expect(decode(openActiveManifest(storeOf(bytes, 'jpeg')).read('c2pa.soft-binding'))).toMatchObject({ blocks: [{ value }] });
  });

  it('cannot be moved by a model that calls itself like our marker', async () => {
    const { bytes } = await sign('png', { model: { name: '~v~'.padEnd(32, '~'), version: '~p~~~~~~' } });
    expect(await provenance.verify(bytes)).toMatchObject({ state: 'trusted' });
  });

  it('is invalid once somebody put another value there', async () => {
    const bytes = Buffer.from((await sign('webp')).bytes);
    const at = bytes.indexOf(VALUE);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    expect(await provenance.verify(bytes)).toMatchObject({ state: 'invalid', codes: ['assertion.hashedURI.mismatch'] });
  });

  it('is announced as a watermark only when it is one', async () => {
    const actionsOf = (bytes: Uint8Array) => openActiveManifest(storeOf(bytes, 'png')).read('c2pa.actions.v2').toString('latin1');
    expect(actionsOf((await sign('png')).bytes)).not.toContain('watermarked');
    const marked = await sign('png', { softBinding: { ...FINGERPRINT, kind: 'watermark' } });
    expect(actionsOf(marked.bytes)).toContain('c2pa.watermarked.bound');
  });

  it('stays out of a manifest that has none', async () => {
    const { softBinding: _, ...facts } = { ...FACTS, softBinding: FINGERPRINT };
    const { bytes } = await provenance.sign({ bytes: await picture('png'), format: 'png', manifest: facts });
    expect(storeOf(bytes, 'png').includes('c2pa.soft-binding')).toBe(false);
  });
});

describe('an AVIF of several items', () => {
  it('keeps transparency and our metadata, and loses what others said, when room is made for its credential', async () => {
    const raw = { width: 64, height: 48, channels: 3 } as const;
    const plain = await sharp(gradient(64, 48), { raw })
      .ensureAlpha(0.5)
      .withExif({ IFD0: { Artist: 'a' } })
      .avif()
      .toBuffer();
    const described = writeXmp(plain, 'avif', '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
    const { bytes } = await provenance.sign({ bytes: described, format: 'avif', manifest: FACTS });
    expect((await sharp(bytes).raw().toBuffer()).equals(await sharp(plain).raw().toBuffer())).toBe(true);
    const { exif, xmpAsString, hasAlpha } = await sharp(bytes).metadata();
    expect({ hasAlpha, hasExif: exif !== undefined, xmpAsString }).toEqual({
      hasAlpha: true,
      hasExif: false,
      xmpAsString: '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>',
    });
  });
});

describe('a file that had a credential already', () => {
  it.each(CREDENTIAL_FORMATS)('carries as %s ours and only ours after signing, with the earlier one inside', async (format) => {
    const earlier = await sign(format);
    expect(carriesCredential(earlier.bytes, format)).toBe(true);
    const parent = { bytes: earlier.bytes, format };
    const { bytes, inputCodes } = await provenance.sign({
      bytes: earlier.bytes,
      format,
      manifest: { ...FACTS, artifact: 'art_01j00000000000000000000009', origin: { kind: 'received', parent, isLabeled: false } },
    });
    expect(inputCodes).toEqual([]);
    const report = await provenance.verify(bytes);
    expect(report).toMatchObject({ state: 'trusted', claims: { artifact: 'art_01j00000000000000000000009' } });
    expect(bytes.length).toBeGreaterThan(earlier.bytes.length + 3000);
  });

  it('says which of several pictures was tampered with, though only the second was', async () => {
    const sound = await sign('png');
    const broken = Buffer.from((await sign('jpeg')).bytes);
    broken.writeUInt8(broken.readUInt8(broken.length - 60) ^ 1, broken.length - 60);
    const origin = { kind: 'edited', parent: { bytes: sound.bytes, format: 'png' }, others: [{ bytes: broken, format: 'jpeg' }] } as const;
    const { inputCodes } = await provenance.sign({ bytes: await picture('png', 64, noise), format: 'png', manifest: { ...FACTS, origin } });
    expect(inputCodes).toContain('assertion.dataHash.mismatch');
  });
});

describe('a video', () => {
  it('is trusted, and not any more when a sample of it is changed', async () => {
    const signed = Buffer.from((await sign('mp4')).bytes);
    expect(await provenance.verify(signed)).toMatchObject({ state: 'trusted', codes: [] });
    const at = signed.indexOf('mdat') + 500;
    signed.writeUInt8(signed.readUInt8(at) ^ 1, at);
    expect(await provenance.verify(signed)).toMatchObject({ state: 'invalid', codes: ['assertion.bmffHash.mismatch'] });
  });
});
