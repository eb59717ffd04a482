import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACTS, noise, picture } from '../../provenance/pictures.fixture.ts';
import { testPki } from '../../provenance/pki.fixture.ts';
import { createProvenance, type Provenance } from '../../provenance/provenance.ts';
import { credentialSignals } from './credential-signals.ts';

let provenance: Provenance;
let stranger: Provenance;
let sound: Uint8Array;
beforeAll(async () => {
  const [pki, other] = [await testPki(), await testPki()];
  provenance = createProvenance({ signer: pki.signer, trustAnchorsPem: pki.rootPem });
  stranger = createProvenance({ signer: other.signer, trustAnchorsPem: other.rootPem });
  sound = (await provenance.sign({ bytes: await picture('jpeg'), format: 'jpeg', manifest: FACTS })).bytes;
});
afterAll(() => Promise.all([provenance.close(), stranger.close()]));

const flipped = (bytes: Uint8Array) => {
  const out = Buffer.from(bytes);
  out.writeUInt8(out.readUInt8(out.length - 60) ^ 1, out.length - 60);
  return out;
};
const reasons = async (image: Uint8Array, reader = provenance) =>
  (await credentialSignals(image, (bytes) => reader.verify(bytes))).map(({ reason }) => reason);

describe('the credential of a picture that arrives', () => {
  it('raises nothing when it is sound, whoever signed it, and nobody is asked when there is none', async () => {
    expect(await reasons(sound)).toEqual([]);
    expect(await reasons(sound, stranger)).toEqual([]);
    const nobody = () => Promise.reject(new Error('asked'));
    expect(await credentialSignals(await picture('png'), nobody)).toEqual([]);
    expect(await credentialSignals(noise(9, 9), nobody)).toEqual([]);
  });

  it('is reported when the picture is not what was signed', async () => {
    expect(await reasons(flipped(sound))).toEqual(['credential:tampered']);
    expect(await reasons(flipped(sound), stranger)).toEqual(['credential:tampered']);
  });

  it('is reported when the picture is sound but was made from a tampered one', async () => {
    const parent = { bytes: flipped(sound), format: 'jpeg' } as const;
    const manifest = { ...FACTS, origin: { kind: 'edited', parent } } as const;
    const { bytes } = await provenance.sign({ bytes: await picture('png'), format: 'png', manifest });
    expect(await reasons(bytes)).toEqual(['credential:tampered_input']);
  });

  it('that nobody can read is not called sound', async () => {
    await expect(credentialSignals(sound, () => Promise.reject(new Error('engine gone')))).rejects.toThrow('engine gone');
    expect(await reasons(Buffer.from(sound).fill(0xaa, 400, 900))).not.toEqual([]);
  });
});
