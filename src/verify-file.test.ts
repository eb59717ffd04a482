import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArtifactRecord, GenerationStore } from './generations/generation-store.ts';
import { readFileMetadata } from './provenance/foreign/read-file-metadata.ts';
import { type CredentialReport, without } from './provenance/read-credential.ts';
import { type VerifyParts, verifyFile } from './verify-file.ts';

const FILE = Buffer.from('the very file');
const SHA = createHash('sha256').update(FILE).digest('hex');
const ID = 'art_01j00000000000000000000001';
const artifact: ArtifactRecord = {
  id: ID,
  generationId: 'gen_1',
  position: 0,
  kind: 'final',
  rawBlob: 'raw',
  rawSha256: 'r',
  published: { sha256: SHA, blob: 'b', format: 'png', at: new Date('2026-11-21T12:00:00.000Z'), ledgerLeaf: 'l' },
};

function claiming(state: CredentialReport['state'], id: string): CredentialReport {
  const claims = { generation: 'g', artifact: id, decision: 'd', policy: 'p', model: 'm', prompt_commitment: 'c', created_at: 't' };
  return { ...without('none', []), state, claims };
}

async function verdict(
  bytes: Uint8Array,
  report: CredentialReport,
  found: ArtifactRecord | null = artifact,
  parts: Partial<VerifyParts> = {},
  others: readonly ArtifactRecord['id'][] = [],
) {
  const none = async () => null;
  const store: GenerationStore = {
    findIntent: none,
    finalArtifacts: async () => [],
    artifact: async (id) => (id === found?.id ? found : others.includes(id) && found !== null ? { ...found, id } : null),
    artifactByHash: async (sha256) => (sha256 === found?.published?.sha256 ? found : null),
    find: async () => ({
      id: 'gen_1',
      keyId: 'key_1',
      surface: 'chat',
      model: 'studio',
      operation: 'generate',
      state: 'published',
      bodyDigest: 'd',
      createdAt: new Date(),
      outcome: null,
      submission: null,
    }),
  };
  return verifyFile(bytes, {
    provenance: { verify: async () => report },
    store,
    readTraces: async (file) => ({ metadata: readFileMetadata(file).metadata, mark: null }),
    findCandidates: async () => [],
    takedownOf: async () => null,
    recognizeMark: async () => ({ kind: 'absent' }),
    recordedMark: async () => ({ state: 'unmarked', mark: null }),
    findReattached: none,
    parentsOf: async () => [],
    ...parts,
  });
}

describe('asking about a file', () => {
  it('that left here knows it by its bytes, also without a readable credential', async () => {
    expect(await verdict(FILE, without('none', []))).toMatchObject({
      verdict: 'ours-intact',
      sha256: SHA,
      record: { artifact_id: ID, generation_id: 'gen_1', surface: 'chat', model: 'studio', published_at: '2026-11-21T12:00:00.000Z' },
    });
  });

  it('that was changed after it left here says so, and leads to the record', async () => {
    expect(await verdict(Buffer.from('changed'), claiming('invalid', ID))).toMatchObject({
      verdict: 'ours-altered',
      record: { artifact_id: ID },
    });
  });

  it('that names a picture of ours, but other bytes, is never called intact, however good its signature', async () => {
    for (const state of ['trusted', 'valid', 'invalid'] as const) {
      expect((await verdict(Buffer.from('planted'), claiming(state, ID))).verdict).toBe('ours-altered');
    }
  });

  it('that names a picture which never left here learns nothing of it', async () => {
    expect(await verdict(Buffer.from('planted'), claiming('valid', ID), { ...artifact, published: null })).toMatchObject({
      verdict: 'foreign',
      record: null,
    });
  });

  it.each(['', 'art_1', "art_'; drop table artifacts", 'gen_01j00000000000000000000001'])(
    'that claims the id "%s" leads nowhere',
    async (id) => {
      expect(await verdict(Buffer.from('planted'), claiming('valid', id))).toMatchObject({ verdict: 'foreign', record: null });
    },
  );

  it('that was stripped and is like a picture of ours leads to it, and is not called intact', async () => {
    const findCandidates = async () => [{ artifactId: ID, how: 'perceptual-hash', similarity: 0.9 } as const];
    expect(await verdict(Buffer.from('stripped'), without('none', []), artifact, { findCandidates })).toMatchObject({
      verdict: 'ours-recovered',
      record: { artifact_id: ID },
      recovered: { how: 'perceptual-hash', similarity: 0.9 },
      origin: { made: 'generated', strength: 'claimed' },
    });
  });

  it('that was taken down is recognized although somebody wrote the name of another picture into it', async () => {
    const other = 'art_01j00000000000000000000002';
    const findCandidates = async () => [{ artifactId: other, how: 'perceptual-hash', similarity: 0.9 } as const];
    const down = { artifactId: other, reason: 'court-order', by: 'local', at: new Date('2026-11-21T13:00:00.000Z') } as const;
    const takedownOf = async (id: string) => (id === other ? down : null);
    expect(await verdict(Buffer.from('spread'), claiming('valid', ID), artifact, { findCandidates, takedownOf }, [other])).toMatchObject({
      verdict: 'ours-recovered',
      record: { artifact_id: other, takedown: { reason: 'court-order' } },
    });
  });

  it('that was taken down is recognized although one that is still up is more like it', async () => {
    const other = 'art_01j00000000000000000000002';
    const findCandidates = async () => [
      { artifactId: ID, how: 'perceptual-hash', similarity: 0.95 } as const,
      { artifactId: other, how: 'perceptual-hash', similarity: 0.9 } as const,
    ];
    const down = { artifactId: other, reason: 'court-order', by: 'local', at: new Date('2026-11-21T13:00:00.000Z') } as const;
    const takedownOf = async (id: string) => (id === other ? down : null);
    const { record } = await verdict(Buffer.from('spread'), without('none', []), artifact, { findCandidates, takedownOf }, [other]);
    expect(record).toMatchObject({ artifact_id: other, takedown: { reason: 'court-order' } });
  });

  it('that left here with a mark is answered for by the record: nobody looks at its pixels', async () => {
    const bornMark = {
      payload: '1000010000000005',
      key_epoch: 1,
      of: 'artifact',
      artifact_id: ID,
      picture: 'same',
      agreement: 1,
      false_positive_bound: 0,
      transform: { scale: [1, 1], rotation_degrees: 0, mirrored: false, inverted: false, part: { left: 0, top: 0, width: 1, height: 1 } },
    } as const;
    const looked: boolean[] = [];
    const parts: Partial<VerifyParts> = {
      recordedMark: async () => ({ state: 'found', mark: bornMark }),
      recognizeMark: () => Promise.reject(new Error('somebody looked')),
      readTraces: async (file, { atPixels }) => {
        looked.push(atPixels);
        return { metadata: readFileMetadata(file).metadata, mark: null };
      },
    };
    expect((await verdict(FILE, without('none', []), artifact, parts)).watermark).toMatchObject({ state: 'found', mark: bornMark });
    // One byte more, and the record says nothing of it.
    const recognizeMark = async () => ({ kind: 'absent' }) as const;
    const changed = await verdict(Buffer.from(`${FILE}!`), claiming('valid', ID), artifact, { ...parts, recognizeMark });
    expect(changed.watermark).toMatchObject({ state: 'absent', mark: null });
    expect(looked).toEqual([false, true]);
  });

  it('whose pixels nobody could look at says what was not seen', async () => {
    const lost = await verdict(Buffer.from('busy'), without('none', []), artifact, {
      findCandidates: async () => null,
      recognizeMark: async () => ({ kind: 'unreadable', reason: 'timed_out' }),
    });
    expect(lost.unseen).toEqual(['watermark', 'likeness']);
    const small = await verdict(Buffer.from('small'), without('none', []), artifact, {
      recognizeMark: async () => ({ kind: 'unreadable', reason: 'too_small' }),
    });
    expect(small.unseen).toEqual([]);
  });

  it('that was taken down says so', async () => {
    const takedownOf = async () => ({ artifactId: ID, reason: 'court-order', by: 'local', at: new Date('2026-11-21T13:00:00.000Z') });
    expect((await verdict(FILE, without('none', []), artifact, { takedownOf })).record?.takedown).toEqual({
      reason: 'court-order',
      at: '2026-11-21T13:00:00.000Z',
    });
  });

  it('of ours is proved to be made by a model; what only claims to be ours is not', async () => {
    expect((await verdict(FILE, without('none', []))).origin).toMatchObject({
      made: 'generated',
      by: 'studio',
      strength: 'proved',
      basis: ['record'],
    });
    expect((await verdict(Buffer.from('x'), claiming('valid', ID))).origin).toMatchObject({ made: 'generated', strength: 'claimed' });
  });

  it('of a stranger is foreign with a credential, and nothing without a readable one', async () => {
    const about = async (report: CredentialReport) => (await verdict(Buffer.from('strange'), report, null)).verdict;
    expect([
      await about({ ...without('none', []), state: 'valid' }),
      await about(without('none', [])),
      await about(without('unreadable', ['x'])),
    ]).toEqual(['foreign', 'none', 'none']);
  });
});
