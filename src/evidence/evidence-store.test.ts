import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvidenceStore } from './evidence-store.ts';
import type { KeyWrapper } from './key-wrapper.ts';
import { createLocalKeyWrapper } from './local-key-wrapper.ts';
import { memoryBlobStore } from './memory-blob-store.fixture.ts';

const UNREADABLE = { code: 'EVIDENCE_UNREADABLE' };
const oldKey = randomBytes(32);
const newKey = randomBytes(32);
const RAW = { id: 'art_01j00000000000000000000001', kind: 'raw_artifact' } as const;

function store(keys: KeyWrapper = createLocalKeyWrapper({ current: oldKey })) {
  const blobs = memoryBlobStore();
  return { blobs, evidence: createEvidenceStore({ blobs, keys }) };
}

describe('sealed evidence', () => {
  it('comes back as it was, and nothing of it is readable on the disk', async () => {
    const { blobs, evidence } = store();
    const bytes = Buffer.from('a line that is easy to find in clear '.repeat(2000));
    const { blob, sha256, bytes: length } = await evidence.seal({ ...RAW, bytes });
    expect(length).toBe(bytes.length);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(Buffer.from(await evidence.open({ ...RAW, blob, sha256 })).equals(bytes)).toBe(true);
    const stored = Buffer.from(blobs.blobs.get(blob)!);
    expect(stored.includes('easy to find')).toBe(false);
    expect(stored.includes(RAW.id)).toBe(false);
    expect(stored.length).toBe(bytes.length + 5 + 2 + 22 + 2 + 40 + 12 + 16);
  });

  it('of no bytes at all is evidence too', async () => {
    const { evidence } = store();
    const { blob } = await evidence.seal({ ...RAW, bytes: new Uint8Array(0) });
    expect(await evidence.open({ ...RAW, blob })).toHaveLength(0);
  });

  it('does not open with one bit flipped, wherever it is', async () => {
    const { blobs, evidence } = store();
    const { blob } = await evidence.seal({ ...RAW, bytes: Buffer.from('evidence') });
    const sealed = blobs.blobs.get(blob)!;
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Buffer.from(sealed);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      blobs.blobs.set(blob, flipped);
      await expect(evidence.open({ ...RAW, blob }), `bit ${bit}`).rejects.toMatchObject(UNREADABLE);
    }
    blobs.blobs.set(blob, sealed);
    expect(Buffer.from(await evidence.open({ ...RAW, blob })).toString()).toBe('evidence');
  });

  it('does not open at any other length', async () => {
    const { blobs, evidence } = store();
    const { blob } = await evidence.seal({ ...RAW, bytes: Buffer.from('evidence') });
    const sealed = Buffer.from(blobs.blobs.get(blob)!);
    for (let length = 0; length < sealed.length; length++) {
      blobs.blobs.set(blob, sealed.subarray(0, length));
      await expect(evidence.open({ ...RAW, blob })).rejects.toMatchObject(UNREADABLE);
    }
    blobs.blobs.set(blob, Buffer.concat([sealed, Buffer.of(0)]));
    await expect(evidence.open({ ...RAW, blob })).rejects.toMatchObject(UNREADABLE);
  });

  it('is unreadable, not a crash, when it is arbitrary bytes', async () => {
    const { blobs, evidence } = store();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.boolean(), async (garbage, withMagic) => {
        blobs.blobs.set('x', withMagic ? Buffer.concat([Buffer.from('IMSE\x01'), garbage]) : garbage);
        await expect(evidence.open({ ...RAW, blob: 'x' })).rejects.toMatchObject(UNREADABLE);
      }),
    );
  });

  it('cannot be passed off as another piece, another kind, or a column of the database', async () => {
    const { blobs, evidence } = store();
    const other = { ...RAW, id: 'art_01j00000000000000000000009' } as const;
    const first = await evidence.seal({ ...RAW, bytes: Buffer.from('first') });
    const second = await evidence.seal({ ...other, bytes: Buffer.from('second') });
    const sealed = blobs.blobs.get(first.blob)!;
    blobs.blobs.set(first.blob, blobs.blobs.get(second.blob)!);
    blobs.blobs.set(second.blob, sealed);
    await expect(evidence.open({ ...RAW, blob: first.blob })).rejects.toMatchObject(UNREADABLE);
    await expect(evidence.open({ ...RAW, kind: 'published', blob: second.blob })).rejects.toMatchObject(UNREADABLE);
    await expect(evidence.openValue({ ...RAW, sealed })).rejects.toMatchObject(UNREADABLE);
    await expect(evidence.open({ ...RAW, blob: second.blob })).resolves.toHaveLength(5);
  });

  it('does not match a digest that was written down for something else', async () => {
    const { evidence } = store();
    const { blob } = await evidence.seal({ ...RAW, bytes: Buffer.from('x') });
    await expect(evidence.open({ ...RAW, blob, sha256: '00'.repeat(32) })).rejects.toMatchObject(UNREADABLE);
  });

  it('is gone after shredding', async () => {
    const { evidence } = store();
    const { blob } = await evidence.seal({ ...RAW, bytes: Buffer.from('x') });
    expect(await evidence.shred(blob)).toBe(true);
    expect(await evidence.shred(blob)).toBe(false);
    await expect(evidence.open({ ...RAW, blob })).rejects.toMatchObject(UNREADABLE);
  });
});

describe('a sealed value for a database column', () => {
  it('comes back only for its own id and kind', async () => {
    const { evidence } = store();
    const value = { id: 'gen_01j00000000000000000000000', kind: 'submission' } as const;
    const sealed = await evidence.sealValue({ ...value, bytes: Buffer.from('a blue square') });
    expect(Buffer.from(await evidence.openValue({ ...value, sealed })).toString()).toBe('a blue square');
    await expect(evidence.openValue({ ...value, id: 'gen_01j00000000000000000000009', sealed })).rejects.toMatchObject(UNREADABLE);
    expect(sealed.length - 'a blue square'.length).toBe(99);
  });
});

describe('the master key', () => {
  it('of another installation opens nothing, and the error names the key that is missing', async () => {
    const { blobs, evidence } = store();
    const { blob } = await evidence.seal({ ...RAW, bytes: Buffer.from('x') });
    const thief = createEvidenceStore({ blobs, keys: createLocalKeyWrapper({ current: newKey }) });
    await expect(thief.open({ ...RAW, blob })).rejects.toMatchObject({
      ...UNREADABLE,
      message: expect.stringMatching(/not loaded: "local:/),
    });
  });

  it('can be rotated: what the old one sealed still opens, what is sealed from now on does not need it', async () => {
    const { blobs, evidence } = store();
    const before = await evidence.seal({ ...RAW, bytes: Buffer.from('before') });
    const rotated = createEvidenceStore({ blobs, keys: createLocalKeyWrapper({ current: newKey, previous: [oldKey] }) });
    expect(Buffer.from(await rotated.open({ ...RAW, blob: before.blob })).toString()).toBe('before');
    const after = await rotated.seal({ ...RAW, bytes: Buffer.from('after') });
    const onlyNew = createEvidenceStore({ blobs, keys: createLocalKeyWrapper({ current: newKey }) });
    expect(Buffer.from(await onlyNew.open({ ...RAW, blob: after.blob })).toString()).toBe('after');
    await expect(onlyNew.open({ ...RAW, blob: before.blob })).rejects.toMatchObject(UNREADABLE);
  });

  it('of the wrong length is refused at start', () => {
    expect(() => createLocalKeyWrapper({ current: randomBytes(16) })).toThrow(/16 bytes instead of 32/);
  });

  it('wraps as RFC 3394 says (its test vector 4.6)', async () => {
    const kek = Buffer.from('000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F', 'hex');
    const wrapped = await createLocalKeyWrapper({ current: kek }).wrap(
      Buffer.from('00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F', 'hex'),
    );
    expect(Buffer.from(wrapped).toString('hex').toUpperCase()).toBe(
      '28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21',
    );
  });
});

describe('a key service', () => {
  it('that is down stops sealing and opening, and says that another try may help', async () => {
    const local = createLocalKeyWrapper({ current: oldKey });
    let down = false;
    const kms: KeyWrapper = {
      keyId: 'kms:projects/p/locations/l/keyRings/r/cryptoKeys/k'.padEnd(300, 'k'),
      wrap: (key) => (down ? Promise.reject(new Error('connect ECONNREFUSED')) : local.wrap(key)),
      unwrap: (_, wrapped) => (down ? Promise.reject(new Error('connect ECONNREFUSED')) : local.unwrap(local.keyId, wrapped)),
    };
    const { blobs, evidence } = store(kms);
    const { blob } = await evidence.seal({ ...RAW, bytes: Buffer.from('x') });
    down = true;
    await expect(evidence.open({ ...RAW, blob })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE', retryable: true });
    await expect(evidence.seal({ ...RAW, bytes: Buffer.from('y') })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(blobs.blobs.size).toBe(1);
    down = false;
    expect(await evidence.open({ ...RAW, blob })).toHaveLength(1);
  });
});
