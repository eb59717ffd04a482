import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from './contracts/ids.ts';
import type { ArtifactRecord, GenerationStore } from './generations/generation-store.ts';
import { survivingFlips } from './provenance/byte-flips.fixture.ts';
import { readFileMetadata } from './provenance/foreign/read-file-metadata.ts';
import { CREDENTIAL_FORMATS, type CredentialFormat } from './provenance/image-format.ts';
import { minimalMp4 } from './provenance/mp4.fixture.ts';
import { FACTS, picture } from './provenance/pictures.fixture.ts';
import { testPki } from './provenance/pki.fixture.ts';
import { createProvenance, type Provenance } from './provenance/provenance.ts';
import { verifyFile } from './verify-file.ts';

let provenance: Provenance;
beforeAll(async () => {
  const { signer, rootPem } = await testPki();
  provenance = createProvenance({ signer, trustAnchorsPem: rootPem });
});
afterAll(() => provenance.close());

async function published(format: CredentialFormat) {
  const id = newId('art');
  const plain = format === 'mp4' ? minimalMp4() : await picture(format, 64);
  const { bytes } = await provenance.sign({ bytes: plain, format, manifest: { ...FACTS, artifact: id } });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const left = { sha256, blob: 'b', format: 'png', at: new Date(), ledgerLeaf: 'l' } as const;
  const record: ArtifactRecord = { id, generationId: 'gen_1', position: 0, kind: 'final', rawBlob: 'r', rawSha256: 'r', published: left };
  const none = async () => null;
  const store: GenerationStore = {
    findIntent: none,
    finalArtifacts: async () => [],
    artifact: async (asked) => (asked === id ? record : null),
    artifactByHash: async (asked) => (asked === sha256 ? record : null),
    find: none,
  };
  const parts = {
    provenance,
    store,
    readTraces: async (file: Uint8Array) => ({ metadata: readFileMetadata(file).metadata, mark: null }),
    findCandidates: async () => [],
    takedownOf: none,
    recognizeMark: async () => ({ kind: 'absent' as const }),
    recordedMark: async () => ({ state: 'unmarked' as const, mark: null }),
    findReattached: none,
    parentsOf: async () => [],
  };
  return { bytes, ask: (file: Uint8Array) => verifyFile(file, parts) };
}

/** No hash of the standard covers this box (C2PA 2.4 §9.2.2.2), and any brand in it may be one. */
const isBrand = (format: CredentialFormat, file: Uint8Array, at: number) =>
  (format === 'avif' || format === 'mp4') && at >= 8 && at < Buffer.from(file).readUInt32BE(0);

describe('a file of ours in which one byte was changed', () => {
  it.each(CREDENTIAL_FORMATS)(
    'as %s, anywhere at all, is never called intact, and trusted only where the standard does not look',
    async (format) => {
      const { bytes, ask } = await published(format);
      expect(await ask(bytes)).toMatchObject({ verdict: 'ours-intact', c2pa: { state: 'trusted' } });
      const intact: string[] = [];
      const { survived } = await survivingFlips(bytes, { seed: format, flips: 100 }, async (changed) => {
        const { verdict, c2pa } = await ask(changed);
        if (verdict === 'ours-intact') intact.push(verdict);
        return c2pa.state === 'trusted' || c2pa.state === 'valid';
      });
      expect(intact).toEqual([]);
      expect(survived.filter(({ at }) => !isBrand(format, bytes, at))).toEqual([]);
    },
  );

  it.each([
    ['the name of the store', '\x03c2pa\0', 'claimSignature.missing'],
    ['the name of the claim', '\x03c2pa.claim.v2\0', 'claim.missing'],
    ['the name of the signature', '\x03c2pa.signature\0', 'claimSignature.missing'],
    ['the name of the list of assertions', '\x03c2pa.assertions\0', 'assertion.missing'],
  ])('in %s, which no hash covers, is invalid by the code of the standard', async (_, text, code) => {
    const { bytes, ask } = await published('jpeg');
    const changed = Buffer.from(bytes);
    const at = changed.indexOf(text, 0, 'latin1') + 1;
    changed.writeUInt8(changed.readUInt8(at) ^ 0x33, at);
    expect((await ask(changed)).c2pa).toMatchObject({ state: 'invalid', codes: expect.arrayContaining([code]) });
  });
});
