import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CREDENTIAL_FORMATS, type CredentialFormat } from '../../../src/provenance/image-format.ts';
import type { ManifestFacts, Origin } from '../../../src/provenance/manifest.ts';
import { writeXmp } from '../../../src/provenance/metadata/write-xmp.ts';
import { minimalMp4 } from '../../../src/provenance/mp4.fixture.ts';
import { FACTS, noise, picture } from '../../../src/provenance/pictures.fixture.ts';
import { testPki } from '../../../src/provenance/pki.fixture.ts';
import { createProvenance, type Provenance } from '../../../src/provenance/provenance.ts';
import { loadRubric, type Verdict } from './asset-rubric.ts';
import { crJsonOf } from './cr-json.ts';

const conformance = loadRubric('asset-rubric-conformance0.2-spec2.4');
const integrity = loadRubric('asset-rubric-integrity');
const signals = loadRubric('asset-rubric-signals-local');
const failed = (verdicts: readonly Verdict[]) => verdicts.filter(({ passed }) => !passed);
const named = (verdicts: readonly Verdict[]) => verdicts.filter(({ passed }) => passed).map(({ id }) => id);

let rootPem: string;
let provenance: Provenance;
beforeAll(async () => {
  const pki = await testPki();
  rootPem = pki.rootPem;
  provenance = createProvenance({ signer: pki.signer, trustAnchorsPem: rootPem });
});
afterAll(() => provenance.close());

const FINGERPRINT = { alg: 'org.imprimatur.pdq.v1', value: new Uint8Array(32).fill(5), kind: 'fingerprint' } as const;

async function signed(format: CredentialFormat, more: Partial<ManifestFacts> = {}): Promise<Uint8Array> {
  const file = format === 'mp4' ? minimalMp4() : await picture(format, 64, noise);
  const bytes = writeXmp(file, format, '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  return (await provenance.sign({ bytes, format, manifest: { ...FACTS, softBinding: FINGERPRINT, ...more } })).bytes;
}

async function origins(format: CredentialFormat): Promise<readonly (readonly [Origin['kind'], Origin])[]> {
  const parent = { bytes: await signed(format), format };
  const plain = { bytes: await picture('png'), format: 'png' as const };
  return [
    ['created', { kind: 'created' }],
    ['received', { kind: 'received', parent, isLabeled: false }],
    ['received', { kind: 'received', parent, isLabeled: true }],
    ['edited', { kind: 'edited', parent: plain }],
    ['edited', { kind: 'edited', parent, others: [plain, parent] }],
  ];
}

describe('the asset rubrics of the C2PA', () => {
  it.each(CREDENTIAL_FORMATS)('pass whole for a %s that was generated, received or edited', async (format) => {
    for (const [kind, origin] of await origins(format)) {
      const crJson = await crJsonOf(await signed(format, { origin }), format, rootPem);
      expect({ kind, failed: failed(conformance(crJson)) }).toEqual({ kind, failed: [] });
      expect({ kind, failed: failed(integrity(crJson)) }).toEqual({ kind, failed: [] });
    }
    const crJson = await crJsonOf(await signed(format), format, rootPem);
    expect(conformance(crJson)).toHaveLength(31);
    expect(integrity(crJson)).toHaveLength(6);
  });

  it('read off a manifest what we did: generated, passed on, or edited by a model', async () => {
    const found = [];
    for (const [kind, origin] of await origins('png')) {
      const { manifests } = await crJsonOf(await signed('png', { origin }), 'png', rootPem);
      found.push([kind, named(signals(manifests[0]))]);
    }
    expect(found).toEqual([
      ['created', ['inception:signal_fullyGenAIMedia']],
      ['received', ['transformation:signal_nonEditorial']],
      ['received', ['transformation:signal_perceptibleGenAI']],
      ['edited', ['inception:signal_mediaUnknownProvenance', 'transformation:signal_perceptibleGenAI']],
      ['edited', ['transformation:signal_perceptibleGenAI']],
    ]);
  });

  it('fail for a picture that was changed, and say that it is no longer valid', async () => {
    const bytes = Buffer.from(await signed('jpeg'));
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 60) ^ 1, bytes.length - 60);
    expect(failed(integrity(await crJsonOf(bytes, 'jpeg', rootPem))).map(({ id }) => id)).toContain('validation:valid_success');
  });

  it('fail for a signer whom nobody trusts', async () => {
    const crJson = await crJsonOf(await signed('png'), 'png', (await testPki()).rootPem);
    expect(failed(integrity(crJson)).length).toBeGreaterThan(0);
  });

  it('fail for a manifest that leaves out which specification it follows, or whether all actions are in it', async () => {
    const text = JSON.stringify(await crJsonOf(await signed('png'), 'png', rootPem));
    for (const [part, other] of [
      ['"specVersion":"2.4.0"', '"other":"2.4.0"'],
      ['"allActionsIncluded":true', '"other":true'],
    ] as const) {
      expect(text).toContain(part);
      expect(failed(conformance(JSON.parse(text.replaceAll(part, other)))).length).toBeGreaterThan(0);
    }
  });
});
