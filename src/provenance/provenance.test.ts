import { createServer } from 'node:http';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PICTURE_FORMATS, type PictureFormat } from './image-format.ts';
import { FACTS, gradient, noise, picture } from './pictures.fixture.ts';
import { otherPki, testPki } from './pki.fixture.ts';
import { createProvenance, type Provenance } from './provenance.ts';
import { createLocalSigner } from './signing/local-signer.ts';

let pki: Awaited<ReturnType<typeof testPki>>;
let provenance: Provenance;
let stranger: Provenance;
const signed = new Map<PictureFormat, Uint8Array>();

beforeAll(async () => {
  pki = await testPki();
  provenance = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem });
  stranger = createProvenance({ signer: pki.signer, trustAnchorsPem: (await testPki()).rootPem, selfCheckEvery: 0 });
  for (const format of PICTURE_FORMATS) {
    signed.set(format, (await provenance.sign({ bytes: await picture(format), format, manifest: FACTS })).bytes);
  }
});
afterAll(async () => {
  await Promise.all([provenance.close(), stranger.close()]);
});

/** Flips one bit in the middle of a PNG's first IDAT chunk and repairs the chunk's checksum, as an editor would. */
function flipPixelOfPng(png: Uint8Array): Uint8Array {
  const out = Buffer.from(png);
  const type = out.indexOf('IDAT');
  const length = out.readUInt32BE(type - 4);
  const at = type + 4 + (length >> 1);
  out.writeUInt8(out.readUInt8(at) ^ 1, at);
  out.writeUInt32BE(crc32(out.subarray(type, type + 4 + length)), type + 4 + length);
  return out;
}

describe('a signed picture', () => {
  it.each(PICTURE_FORMATS)('as %s is trusted under our root and says where it comes from', async (format) => {
    const report = await provenance.verify(signed.get(format)!);
    expect(report).toMatchObject({
      state: 'trusted',
      codes: [],
      generatedBy: 'imprimatur/0.1.0',
      signer: { organization: 'Imprimatur development', commonName: 'Imprimatur development signer' },
      claims: {
        generation: FACTS.generation,
        artifact: FACTS.artifact,
        decision: FACTS.decision,
        model: 'demo@1.0',
        prompt_commitment: FACTS.promptCommitment,
      },
      when: '2026-11-21T12:00:00.000Z',
    });
  });

  it.each(PICTURE_FORMATS)('as %s has exactly the pixels that were given', async (format) => {
    const [before, after] = await Promise.all([await picture(format), signed.get(format)!].map((bytes) => sharp(bytes).raw().toBuffer()));
    expect(after!.equals(before!)).toBe(true);
  });

  it.each(PICTURE_FORMATS)('as %s is valid by an unknown signer for somebody who does not have our root', async (format) => {
    expect(await stranger.verify(signed.get(format)!)).toMatchObject({ state: 'valid', codes: ['signingCredential.untrusted'] });
  });

  it('is invalid after one changed pixel', async () => {
    const report = await provenance.verify(flipPixelOfPng(signed.get('png')!));
    expect(report).toMatchObject({ state: 'invalid', codes: ['assertion.dataHash.mismatch'] });
    const jpeg = Buffer.from(signed.get('jpeg')!);
    jpeg.writeUInt8(jpeg.readUInt8(jpeg.length - 60) ^ 1, jpeg.length - 60);
    expect(await provenance.verify(jpeg)).toMatchObject({ state: 'invalid', codes: ['assertion.dataHash.mismatch'] });
  });

  it('is invalid with bytes after its end', async () => {
    for (const format of ['png', 'jpeg', 'gif'] as const) {
      const report = await provenance.verify(Buffer.concat([signed.get(format)!, Buffer.from('extra')]));
      expect(report).toMatchObject({ state: 'invalid', codes: ['assertion.dataHash.mismatch'] });
    }
  });

  it('is invalid when somebody puts other identifiers into its assertion', async () => {
    const bytes = Buffer.from(signed.get('webp')!);
    const at = bytes.indexOf(FACTS.decision);
    bytes.write('9', at + FACTS.decision.length - 1);
    expect(await provenance.verify(bytes)).toMatchObject({ state: 'invalid', codes: ['assertion.hashedURI.mismatch'] });
  });

  it('has no credential once it was encoded anew', async () => {
    for (const format of PICTURE_FORMATS) {
      const stripped = await sharp(signed.get(format)!).toFormat(format).toBuffer();
      expect(await provenance.verify(stripped)).toMatchObject({ state: 'none', codes: [], claims: null });
    }
  });

  it('is unreadable when it is cut short, garbage, or empty, and the engine goes on', async () => {
    const png = signed.get('png')!;
    expect((await provenance.verify(png.subarray(0, 200))).state).toBe('unreadable');
    expect((await provenance.verify(noise(20, 20))).state).toBe('unreadable');
    expect((await provenance.verify(new Uint8Array(0))).state).toBe('unreadable');
    expect((await provenance.verify(noise(20, 20), 'png')).state).toBe('unreadable');
    expect((await provenance.verify(noise(20, 20), 'avif')).state).toBe('unreadable');
    expect((await provenance.verify(png)).state).toBe('trusted');
  });

  it('is never called trusted at any other length, in any format', async () => {
    for (const format of PICTURE_FORMATS) {
      const bytes = signed.get(format)!;
      for (let i = 1; i < 12; i++) {
        const cut = bytes.subarray(0, Math.floor((bytes.length * i) / 12));
        expect((await provenance.verify(cut, format)).state).toMatch(/^(invalid|none|unreadable)$/);
      }
    }
  });
});

describe('an edited picture', () => {
  const edited = async (bytes: Uint8Array, format: PictureFormat) =>
    provenance.sign({
      bytes: await picture('png', 64, noise),
      format: 'png',
      manifest: { ...FACTS, origin: { kind: 'edited', parent: { bytes, format } } },
    });

  it('keeps the credential of the picture that it was made from', async () => {
    const { bytes } = await edited(signed.get('jpeg')!, 'jpeg');
    expect(await provenance.verify(bytes)).toMatchObject({ state: 'trusted', codes: [], inputCodes: [] });
    expect(bytes.length).toBeGreaterThan((await edited(await picture('jpeg'), 'jpeg')).bytes.length + 2500);
  });

  it('does not hide that its parent was tampered with', async () => {
    const { bytes } = await edited(flipPixelOfPng(signed.get('png')!), 'png');
    const report = await provenance.verify(bytes);
    expect(report.state).toBe('trusted');
    expect(report.inputCodes).toContain('assertion.dataHash.mismatch');
  });

  it('is signed even when nobody can read the parent', async () => {
    const { bytes } = await edited(noise(8, 8), 'png');
    expect(await provenance.verify(bytes)).toMatchObject({ state: 'trusted', codes: [] });
  });
});

describe('a file that names a credential on the network', () => {
  it('causes no request, whether verified or used as a parent', async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    const url = `http://127.0.0.1:${address.port}/m.c2pa`;
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="${url}"/></rdf:RDF></x:xmpmeta>`;
    const raw = { width: 64, height: 64, channels: 3 } as const;
    const jpeg = await sharp(gradient(64, 64), { raw }).withXmp(xmp).jpeg().toBuffer();
    expect(await provenance.verify(jpeg)).toMatchObject({ state: 'unreadable', codes: ['manifest.inaccessible'] });
    await provenance.sign({
      bytes: await picture('png'),
      format: 'png',
      manifest: { ...FACTS, origin: { kind: 'edited', parent: { bytes: jpeg, format: 'jpeg' } } },
    });
    server.close();
    expect(requests).toBe(0);
  });
});

describe('a hostile file', () => {
  it('never takes the engine down, and is never trusted, however it was mutated', async () => {
    let state = 12345;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const trusted: string[] = [];
    for (const format of PICTURE_FORMATS) {
      const original = Buffer.from(signed.get(format)!);
      for (let i = 0; i < 60; i++) {
        const bytes = Buffer.from(original);
        for (let n = 0; n <= i % 4; n++) bytes.fill(random(256), random(original.length), random(original.length));
        if (bytes.equals(original)) continue;
        const { state: verdict, codes } = await provenance.verify(bytes, format);
        expect(codes).not.toContain('imprimatur.engine.timed_out');
        if (verdict === 'trusted') trusted.push(`${format} ${i}`);
      }
      expect((await provenance.verify(original, format)).state).toBe('trusted');
    }
    expect(trusted).toEqual([]);
  });

  it('that takes too long costs its own verification and nothing else', async () => {
    const bytes = await picture('png', 1500, noise);
    const hurried = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem, verifyDeadlineMs: 1, selfCheckEvery: 0 });
    const asset = await hurried.sign({ bytes, format: 'png', manifest: FACTS });
    expect(await hurried.verify(asset.bytes)).toMatchObject({ state: 'unreadable', codes: ['imprimatur.engine.timed_out'] });
    await expect(hurried.sign({ bytes, format: 'png', manifest: FACTS })).resolves.toMatchObject({ format: 'png' });
    await hurried.close();
  });
});

describe('signing', () => {
  it('fails with the cause when the key service is down, and works again when it is back', async () => {
    let down = true;
    const signer = { ...pki.signer, sign: (data: Uint8Array) => (down ? Promise.reject(new Error('KMS is down')) : pki.signer.sign(data)) };
    const flaky = createProvenance({ signer, trustAnchorsPem: pki.rootPem });
    const asset = { bytes: await picture('png'), format: 'png', manifest: FACTS } as const;
    await expect(flaky.sign(asset)).rejects.toMatchObject({
      code: 'PUBLISH_FAILED',
      cause: expect.objectContaining({ message: 'KMS is down' }),
    });
    down = false;
    expect((await flaky.sign(asset)).selfChecked).toBe(true);
    await flaky.close();
  });

  it('gives up at its deadline when the key service hangs, and the next picture is signed', async () => {
    let hangs = true;
    const signer = { ...pki.signer, sign: (data: Uint8Array) => (hangs ? new Promise<never>(() => {}) : pki.signer.sign(data)) };
    const slow = createProvenance({ signer, trustAnchorsPem: pki.rootPem, signDeadlineMs: 1500 });
    const asset = { bytes: await picture('png'), format: 'png', manifest: FACTS } as const;
    await expect(slow.sign(asset)).rejects.toMatchObject({ code: 'PUBLISH_FAILED', message: expect.stringContaining('timed_out') });
    hangs = false;
    await expect(slow.sign(asset)).resolves.toMatchObject({ selfChecked: true });
    await slow.close();
  });

  it.each(['es384', 'ed25519', 'ps256'] as const)('with a %s key is trusted too', async (alg) => {
    const other = await otherPki(alg);
    const signer = createLocalSigner(other);
    expect(signer.alg).toBe(alg);
    const own = createProvenance({ signer, trustAnchorsPem: other.rootPem });
    const asset = { bytes: await picture('png'), format: 'png', manifest: FACTS } as const;
    expect((await own.sign(asset)).selfChecked).toBe(true);
    await own.close();
  });

  it('refuses to hand out a picture that does not verify under our own anchors', async () => {
    const misconfigured = createProvenance({ signer: pki.signer, trustAnchorsPem: (await testPki()).rootPem });
    const asset = { bytes: await picture('png'), format: 'png', manifest: FACTS } as const;
    await expect(misconfigured.sign(asset)).rejects.toMatchObject({
      code: 'PUBLISH_FAILED',
      message: expect.stringContaining('signingCredential.untrusted'),
    });
    await misconfigured.close();
  });

  it('refuses bytes that are not the picture they are said to be', async () => {
    await expect(provenance.sign({ bytes: noise(20, 20), format: 'png', manifest: FACTS })).rejects.toMatchObject({
      code: 'PUBLISH_FAILED',
    });
  });

  it('checks the first of every n pictures in full when told so', async () => {
    const sampled = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem, selfCheckEvery: 3 });
    const asset = { bytes: await picture('jpeg'), format: 'jpeg', manifest: FACTS } as const;
    const checked: boolean[] = [];
    for (let i = 0; i < 5; i++) checked.push((await sampled.sign(asset)).selfChecked);
    expect(checked).toEqual([true, false, false, true, false]);
    await sampled.close();
  });

  it('does not change or take away the bytes that it was given', async () => {
    const bytes = await picture('png');
    const before = Buffer.from(bytes);
    await Promise.all([1, 2, 3].map(() => provenance.sign({ bytes, format: 'png', manifest: FACTS })));
    expect(before.equals(bytes)).toBe(true);
  });

  it('ends what is under way with a shutdown, not with silence', async () => {
    const closing = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem });
    const asset = { bytes: await picture('png'), format: 'png', manifest: FACTS } as const;
    const underWay = [1, 2, 3].map(() => closing.sign(asset));
    const settled = Promise.allSettled(underWay);
    await closing.close();
    for (const outcome of await settled) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'SHUTTING_DOWN' } });
    await expect(closing.verify(asset.bytes)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
