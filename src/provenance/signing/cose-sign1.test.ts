import { createHash, createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { decode, Tagged } from 'cborg';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { testPki } from '../pki.fixture.ts';
import type { ClaimSigner } from './claim-signer.ts';
import { createCoseSigner, padLengths } from './cose-sign1.ts';
import { derToP1363 } from './ecdsa-signature.ts';
import { verifyWith } from './signature-scheme.ts';
import type { Timestamper } from './timestamps/timestamper.ts';

let pki: Awaited<ReturnType<typeof testPki>>;
beforeAll(async () => {
  pki = await testPki();
});

/** [protected, unprotected, payload, signature] */
function decodeCose(cose: Uint8Array) {
  return decode(cose, { useMaps: true, tags: { 18: Tagged.decoder(18) } }).value;
}

describe('a COSE signature of a claim', () => {
  it('is exactly as long as was reserved in the file, at every size that padding can reach', async () => {
    const claim = new Uint8Array(300).fill(7);
    const bare = createCoseSigner(pki.signer).reserveSize;
    for (const extra of [0, 5, 6, 27, 28, 29, 30, 31, 260, 261, 262, 263, 264, 8192, 65_541, 65_542, 65_543, 65_544, 65_545, 65_546]) {
      const { cose } = await createCoseSigner(pki.signer, { reserveSize: bare + extra }).sign(claim);
      expect(cose.length).toBe(bare + extra);
    }
  });

  it('is so at any size, with padding of zeros only', async () => {
    const claim = new Uint8Array(300).fill(7);
    const bare = createCoseSigner(pki.signer).reserveSize;
    const property = fc.asyncProperty(fc.integer({ min: 5, max: 70_000 }), async (extra) => {
      const { cose } = await createCoseSigner(pki.signer, { reserveSize: bare + extra }).sign(claim);
      const [, unprotected] = decodeCose(cose);
      const pads: Uint8Array[] = [...unprotected.values()];
      expect([...unprotected.keys()]).toEqual(['pad', 'pad2'].slice(0, pads.length));
      return cose.length === bare + extra && pads.every((pad) => pad.every((byte) => byte === 0));
    });
    await fc.assert(property, { numRuns: 150 });
  });

  it('is so with any timestamp token that fits, and goes without one that does not', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1_000, max: 7_000 }),
      fc.integer({ min: -3_000, max: 60 }),
      async (reserved, more) => {
        const token = new Uint8Array(Math.max(1, reserved + more)).fill(9);
        const timestamper: Timestamper = {
          stamp: async () => ({ kind: 'stamped', authority: 'tsa.example', at: new Date(0), token }),
          probe: async () => undefined,
          tokenBytes: () => reserved,
        };
        const cose = createCoseSigner(pki.signer, { stamping: { timestamper, isRequired: false } });
        const signed = await cose.sign(new Uint8Array(20));
        const carried = decodeCose(signed.cose)[1].get('sigTst2')?.get('tstTokens')[0].get('val').length ?? 0;
        expect(signed.timestamp.kind).toBe(carried === token.length ? 'stamped' : 'missing');
        // Only the last four sizes below the reserved one cannot be padded.
        expect(carried > 0).toBe(more === 0 || more <= -5);
        return signed.cose.length === cose.reserveSize;
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it('refuses a reserved size that it cannot fill', () => {
    const bare = createCoseSigner(pki.signer).reserveSize;
    expect(() => createCoseSigner(pki.signer, { reserveSize: bare - 1 })).toThrow(/cannot be padded/);
    expect(() => createCoseSigner(pki.signer, { reserveSize: bare + 4 })).toThrow(/cannot be padded/);
    fc.assert(fc.property(fc.integer({ min: 5, max: 200_000 }), (missing) => padLengths(missing).length <= 2));
  });

  it('carries the chain, leaf first and without the root, where the signature covers it', async () => {
    const [protectedHeader, unprotectedHeader, payload] = decodeCose((await createCoseSigner(pki.signer).sign(new Uint8Array(10))).cose);
    const header = decode(protectedHeader, { useMaps: true });
    const chain = header.get(33).map((der: Uint8Array) => new X509Certificate(der).subject);
    expect(header.get(1)).toBe(-7);
    expect(chain).toHaveLength(2);
    expect(chain[0]).toContain('signer');
    expect(chain[1]).toContain('intermediate');
    expect(payload).toBeNull();
    expect(unprotectedHeader).toEqual(new Map());
  });

  it('does not leave the house when the key service has silently changed its key', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const rotated: ClaimSigner = {
      ...pki.signer,
      sign: async (data) => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    };
    await expect(createCoseSigner(rotated).sign(new Uint8Array(10))).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
  });

  it('does not leave the house in DER, and does after normalization', async () => {
    const key = createPrivateKey(pki.privateKeyPem);
    const kms = async (data: Uint8Array) => sign('sha256', data, key);
    await expect(createCoseSigner({ ...pki.signer, sign: kms }).sign(new Uint8Array(10))).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    const adapted: ClaimSigner = { ...pki.signer, sign: async (data) => derToP1363(await kms(data), 32) };
    expect((await createCoseSigner(adapted).sign(new Uint8Array(10))).cose.length).toBe(createCoseSigner(pki.signer).reserveSize);
  });
});

describe('an ECDSA signature in DER', () => {
  const curves = [
    { namedCurve: 'prime256v1', bytes: 32, alg: 'es256' },
    { namedCurve: 'secp384r1', bytes: 48, alg: 'es384' },
    { namedCurve: 'secp521r1', bytes: 66, alg: 'es512' },
  ] as const;

  it.each(curves)('becomes r and s of fixed length on $namedCurve, whatever their leading zeros', ({ namedCurve, bytes, alg }) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    for (let i = 0; i < 300; i++) {
      const data = createHash('sha256').update(`${i}`).digest();
      const converted = derToP1363(sign(`sha${alg.slice(2)}`, data, privateKey), bytes);
      expect(converted).toHaveLength(2 * bytes);
      expect(verifyWith(publicKey, alg, data, converted)).toBe(true);
    }
  });

  it('is refused when it is anything but one canonical signature', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const der = sign('sha256', Buffer.from('x'), privateKey);
    expect(() => derToP1363(Buffer.concat([der, Buffer.of(0)]), 32)).toThrow(RangeError);
    expect(() => derToP1363(der.subarray(0, -1), 32)).toThrow(RangeError);
    expect(() => derToP1363(der, 16)).toThrow(RangeError);
    expect(() => derToP1363(Buffer.from('3006020100020101', 'hex'), 32)).not.toThrow();
    expect(() => derToP1363(Buffer.from('300702020001020101', 'hex'), 32)).toThrow(/padded/);
    expect(() => derToP1363(Buffer.from('3006020181020101', 'hex'), 32)).toThrow(/negative/);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (garbage) => {
        try {
          return derToP1363(garbage, 32).length === 64;
        } catch (error) {
          return error instanceof RangeError;
        }
      }),
    );
  });
});
