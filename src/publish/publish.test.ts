import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OPEN_TO_ALL } from '../access/open-to-all.fixture.ts';
import type { Decision } from '../contracts/decision.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { aDecision, anAnalyzed, anArtifact, aRendered, aSubmission, clearedForTest } from '../contracts/stages.fixture.ts';
import type { Rendered } from '../contracts/stages.ts';
import { memoryEvidence } from '../evidence/memory-evidence.fixture.ts';
import { commitment } from '../ledger/entry.ts';
import { leafHash } from '../ledger/merkle.ts';
import { recordingJournal } from '../ledger/recording-journal.fixture.ts';
import type { ManifestFacts } from '../provenance/manifest.ts';
import { type PublishParts, publish } from './publish.ts';

const RAW = Buffer.from('raw');
const PNG = Buffer.from('\x89PNG\r\n\x1a\n rest', 'latin1');
const KEY = new Uint8Array(32).fill(3);
const MARK = {
  kind: 'marked' as const,
  payload: '1000010123456789',
  keyEpoch: 1,
  psnrDb: 44.567,
  strength: 1,
  marginDb: 20,
  robustness: 'strong' as const,
  sketch: new Uint8Array([0, 1, 0, 1, 0]),
  hadEarlierMark: false,
};
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Marks that can be read: `label(…)` around what was labelled, `signed(…)` around what was signed. */
function bench(more: Partial<PublishParts> = {}) {
  const [journal, evidence] = [recordingJournal(), memoryEvidence()];
  const manifests: ManifestFacts[] = [];
  const parts: PublishParts = {
    capabilities: OPEN_TO_ALL,
    finish: async (bytes, { label, mark }) => ({
      bytes: label === null ? bytes : Buffer.from(`label(${Buffer.from(bytes)})`),
      mark: mark === null ? null : MARK,
    }),
    findParents: async () => [],
    writeMetadata: (bytes) => bytes,
    fingerprint: async () => null,
    provenance: {
      async sign({ bytes, format, manifest }) {
        manifests.push(manifest);
        return {
          bytes: Buffer.from(`signed(${Buffer.from(bytes)})`),
          format,
          selfChecked: true,
          inputCodes: [],
          timestamp: { kind: 'off' },
        };
      },
    },
    promptKey: KEY,
    evidence,
    journal,
    ...more,
  };
  const attempt = (rendered: Partial<Rendered> = {}, decision: Partial<Decision> = {}) =>
    publish(
      clearedForTest(anAnalyzed(aRendered({ artifacts: [anArtifact({ bytes: RAW })], ...rendered })), aDecision('allow', decision)),
      parts,
    );
  const run = async (...scene: Parameters<typeof attempt>) => {
    const published = await attempt(...scene);
    if (!('artifacts' in published)) throw new Error('nothing left');
    return published;
  };
  return { run, attempt, journal, evidence, manifests };
}

const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? new Uint8Array()).toString();

describe('publishing', () => {
  it('signs whatever leaves, and puts the visible label under the signature', async () => {
    expect(textOf((await bench().run()).artifacts[0]?.bytes)).toBe('signed(raw)');
    const both = await bench().run({}, { obligations: { credential: true, label: true, watermark: 'off' } });
    expect(textOf(both.artifacts[0]?.bytes)).toBe('signed(label(raw))');
    const unsigned = await bench().run({}, { obligations: { credential: false, label: true, watermark: 'off' } });
    expect(textOf(unsigned.artifacts[0]?.bytes)).toBe('label(raw)');
  });

  it('is over only when the pictures are stored and written down', async () => {
    const { run, journal, evidence } = bench();
    const { artifacts, outcome } = await run();
    const [update] = journal.acts[0]?.artifactUpdates ?? [];
    expect(update).toMatchObject({ id: artifacts[0]?.id, published_sha256: sha256(Buffer.from('signed(raw)')), published_format: 'png' });
    expect(artifacts[0]?.sha256).toBe(update?.published_sha256);
    expect(textOf(await evidence.open({ blob: update?.published_blob ?? '', id: update?.id ?? '', kind: 'published' }))).toBe(
      'signed(raw)',
    );
    expect(journal.acts[0]?.generationUpdate).toMatchObject({
      from: ['running'],
      state: 'published',
      answer: outcome,
      intent_released: false,
    });
  });

  it('ties each row to its own entry of the ledger', async () => {
    const { run, journal } = bench();
    await run({ artifacts: [anArtifact({ bytes: RAW }), anArtifact({ position: 1, bytes: PNG })] });
    const [act] = journal.acts;
    expect(act?.artifactUpdates?.map(({ ledger_leaf }) => ledger_leaf)).toEqual(
      act?.entries.map((entry) => Buffer.from(leafHash(entry)).toString('hex')),
    );
    expect(journal.entries().map(({ artifact, sha256: digest }) => [artifact, digest])).toEqual(
      act?.artifactUpdates?.map(({ id, published_sha256 }) => [id, published_sha256]),
    );
    expect(journal.entries()).toMatchObject([{ kind: 'artifact.published', credential: true, label: false }, {}]);
  });

  it.each([
    ['label and mark cannot be drawn', { finish: () => Promise.reject(new ImprimaturError('PUBLISH_FAILED')) }],
    ['it cannot be signed', { provenance: { sign: () => Promise.reject(new ImprimaturError('PUBLISH_FAILED')) } }],
    ['it cannot be stored', { evidence: { ...memoryEvidence(), seal: () => Promise.reject(new ImprimaturError('STORAGE_UNAVAILABLE')) } }],
  ] satisfies [string, Partial<PublishParts>][])('lets nothing leave when %s, and writes nothing', async (_, broken) => {
    const { run, journal } = bench(broken);
    await expect(run({}, { obligations: { credential: true, label: true, watermark: 'off' } })).rejects.toBeInstanceOf(ImprimaturError);
    expect(journal.acts).toEqual([]);
  });

  it('lets nothing leave when the ledger cannot be written', async () => {
    const { run, journal } = bench();
    journal.break(new ImprimaturError('STORAGE_UNAVAILABLE'));
    await expect(run()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it('never lets an SVG leave in its own form', async () => {
    const { run, journal } = bench();
    await expect(run({ artifacts: [anArtifact({ format: 'svg' })] })).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    expect(journal.acts).toEqual([]);
  });

  it('does not call nothing a publication', async () => {
    await expect(bench().run({ artifacts: [] })).rejects.toThrow('nothing to publish');
  });

  it('lets nothing out, and touches nothing, while a kill switch is thrown', async () => {
    const { attempt, journal, evidence } = bench({ capabilities: { stoppedBy: async () => 'kill_one' } });
    expect(await attempt()).toEqual({ stopped: 'kill_one' });
    expect([journal.acts.length, evidence]).toEqual([0, expect.anything()]);
  });

  it('lets nothing out when the switch was thrown while the picture was being marked', async () => {
    const { attempt, journal } = bench();
    journal.break(new ImprimaturError('CAPABILITY_STOPPED'));
    expect(await attempt()).toEqual({ stopped: 'unnamed' });
  });

  it('lets nothing out when nobody can say whether a switch is thrown', async () => {
    const cannotSay = async () => {
      throw new ImprimaturError('STORAGE_UNAVAILABLE');
    };
    await expect(bench({ capabilities: { stoppedBy: cannotSay } }).attempt()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });

  it('leaves the generation running after a partial frame', async () => {
    const { run, journal } = bench();
    expect((await run({ frame: { kind: 'partial', index: 0 } })).outcome).toBeNull();
    expect(journal.acts[0]).not.toHaveProperty('generationUpdate');
    expect(journal.entries()).toMatchObject([{ kind: 'artifact.published' }]);
  });

  it('releases what a person released from being held, and says that a person did', async () => {
    const { run, journal, manifests } = bench();
    await run({}, { stage: 'review', decidedBy: { kind: 'operator', keyId: 'local' } });
    expect(journal.acts[0]?.generationUpdate?.from).toEqual(['held']);
    expect(manifests).toMatchObject([{ oversight: 'human_validated' }]);
  });
});

describe('the invisible mark', () => {
  const required = { obligations: { credential: true, label: false, watermark: 'required' as const } };
  const unmarkable: Partial<PublishParts> = {
    finish: async (bytes) => ({ bytes, mark: { kind: 'not_markable', reason: 'too_small' } }),
  };

  it('stands in the ledger with its strength, in the store with its payload, and in the credential', async () => {
    const { run, journal, manifests } = bench();
    await run();
    expect(journal.entries()).toMatchObject([
      { watermark: { state: 'marked', key_epoch: 1, psnr_db: 44.57, strength: 1, margin_db: 20, robustness: 'strong' } },
    ]);
    expect(JSON.stringify(journal.entries())).not.toContain(MARK.payload);
    expect(journal.acts[0]?.watermarks).toMatchObject([{ payload: MARK.payload, sketch: 'AAEAAQA=' }]);
    expect(manifests[0]?.softBinding).toEqual({
      alg: 'org.imprimatur.watermark.tile.1',
      value: new Uint8Array(Buffer.from(MARK.payload, 'hex')),
      kind: 'watermark',
    });
  });

  it('is not there on a picture that cannot bear one, and the ledger says why', async () => {
    const { run, journal } = bench(unmarkable);
    await run();
    expect(journal.entries()).toMatchObject([{ watermark: { state: 'not_markable', reason: 'too_small' } }]);
    expect(journal.acts[0]?.watermarks).toEqual([]);
  });

  it('keeps a picture inside that cannot bear it where policy requires it, until a person has released it', async () => {
    const { attempt, run, journal } = bench(unmarkable);
    expect(await attempt({}, required)).toEqual({ unmarkable: ['too_small'] });
    expect(journal.acts).toEqual([]);
    await run({}, { ...required, stage: 'review' });
    expect(journal.entries()).toMatchObject([{ watermark: { state: 'not_markable' } }]);
  });

  it('keeps the line from a picture of ours that a caller brought back', async () => {
    const parent = { artifactId: 'art_parent' as const, foundBy: 'watermark' as const };
    const { run, journal } = bench({ findParents: async () => [parent] });
    const { artifacts } = await run();
    expect(journal.entries()).toMatchObject([{ derived_from: ['art_parent'] }]);
    expect(journal.acts[0]?.parents).toEqual([{ artifact_id: artifacts[0]?.id, parent_id: 'art_parent', found_by: 'watermark' }]);
  });
});

describe('the credential of a publication', () => {
  it('names generation, artifact, decision and model, and holds the prompt only as a commitment', async () => {
    const { run, manifests } = bench();
    const submission = aSubmission({ request: { prompt: 'a teapot' } });
    await run({ submission });
    expect(manifests).toMatchObject([
      {
        generation: submission.id,
        model: { name: 'studio', version: 'studio-1' },
        promptCommitment: commitment(KEY, 'a teapot'),
        oversight: 'prompt_guided',
        origin: { kind: 'created' },
      },
    ]);
    expect(JSON.stringify(manifests)).not.toContain('teapot');
  });

  it('says which picture an edit began from: the first one, never the mask', async () => {
    const { run, manifests } = bench();
    const mask = { index: 0, role: 'mask' as const, bytes: RAW, sha256: '' };
    const image = { index: 1, role: 'image' as const, bytes: PNG, sha256: '' };
    await run({ submission: aSubmission({ request: { operation: 'edit', inputs: [mask, image] } }) });
    expect(manifests).toMatchObject([{ origin: { kind: 'edited', parent: { bytes: PNG, format: 'png' } } }]);
  });
});
