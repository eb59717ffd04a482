import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { picture } from '../pictures.fixture.ts';
import { testPki } from '../pki.fixture.ts';
import { createProvenance, type Provenance } from '../provenance.ts';
import { readCredential } from '../read-credential.ts';
import { boxHashAssertion } from './box-hash.fixture.ts';
import { credentialEvidence, originOf } from './file-origin.ts';
import { type ForeignFile, openForeignStudio } from './foreign-credentials.fixture.ts';
import { openSecondStudio } from './second-implementation.fixture.ts';

const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
const GENERATED = `${SOURCE}trainedAlgorithmicMedia`;
const COMPOSITE = `${SOURCE}compositeWithTrainedAlgorithmicMedia`;

let studio: Awaited<ReturnType<typeof openForeignStudio>>;
let second: Awaited<ReturnType<typeof openSecondStudio>>;
/** Ours, which has never heard of them, and one that trusts them. */
let stranger: Provenance;
let trusting: Provenance;
let plain: Record<'png' | 'jpeg', ForeignFile>;
let generated: ForeignFile;
let photograph: ForeignFile;

/** As OpenAI's files were in 2024: claim v1, the source type beside the action. */
const openAiLike = {
  claim_version: 1,
  claim_generator_info: [{ name: 'ChatGPT' }],
  title: 'image.png',
  assertions: [
    {
      label: 'c2pa.actions',
      data: {
        actions: [
          { action: 'c2pa.created', softwareAgent: 'GPT-4o', digitalSourceType: GENERATED },
          { action: 'c2pa.converted', softwareAgent: 'OpenAI API' },
        ],
      },
    },
  ],
};
const claimOf = (name: string, actions: readonly object[], more: object = {}) => ({
  claim_version: 2,
  claim_generator_info: [{ name, version: '1' }],
  assertions: actions.length === 0 ? [] : [{ label: 'c2pa.actions.v2', data: { actions, ...more } }],
});
const madeFrom = (file: ForeignFile) => ({
  file,
  definition: { title: 'parent', relationship: 'parentOf', label: 'parent', instance_id: 'parent' },
});
const OPENED = { action: 'c2pa.opened', parameters: { ingredientIds: ['parent'] } };

const camera = claimOf('Acme camera', [{ action: 'c2pa.created', digitalSourceType: `${SOURCE}digitalCapture` }]);

beforeAll(async () => {
  const own = await testPki();
  [studio, second] = await Promise.all([openForeignStudio('Other Company'), openSecondStudio()]);
  stranger = createProvenance({ signer: own.signer, trustAnchorsPem: own.rootPem });
  trusting = createProvenance({ signer: own.signer, trustAnchorsPem: [own.rootPem, studio.rootPem, second.rootPem].join('\n') });
  plain = { png: { bytes: await picture('png', 96), format: 'png' }, jpeg: { bytes: await picture('jpeg', 96), format: 'jpeg' } };
  generated = await studio.sign({ picture: plain.png, definition: openAiLike });
  const place = { label: 'c2pa.metadata', data: { '@context': { exif: 'http://ns.adobe.com/exif/1.0/' }, 'exif:GPSLatitude': '1,2N' } };
  photograph = await studio.sign({ picture: plain.jpeg, definition: { ...camera, assertions: [...camera.assertions, place] } });
});
afterAll(() => Promise.all([stranger.close(), trusting.close()]));

/** State, code words, and what the whole history makes of the picture, for a gateway that trusts the signer and for one that does not. */
async function said({ bytes }: Pick<ForeignFile, 'bytes'>) {
  const report = await trusting.verify(bytes);
  const unknown = await stranger.verify(bytes);
  expect([unknown.state, originOf(credentialEvidence(unknown)).strength === 'proved']).toEqual([
    report.state === 'trusted' ? 'valid' : report.state,
    false,
  ]);
  const { made, strength } = originOf(credentialEvidence(report));
  return { report, made: `${made} ${strength}` };
}

describe('a credential that another company wrote', () => {
  it('in the form of OpenAI (claim v1) says that a model made it, and by whom', async () => {
    const { report, made } = await said(generated);
    expect(made).toBe('generated proved');
    expect(report).toMatchObject({
      state: 'trusted',
      codes: [],
      generatedBy: 'ChatGPT',
      signer: { organization: 'Other Company' },
      claims: null,
    });
  });

  it('over a generated picture that was only converted and published still says that a model made all of it', async () => {
    const passedOn = claimOf('OpenAI API', [OPENED, { action: 'c2pa.converted' }, { action: 'c2pa.published' }]);
    const { made } = await said(await studio.sign({ picture: plain.jpeg, definition: passedOn, parent: madeFrom(generated) }));
    expect(made).toBe('generated proved');
  });

  it('over a generated picture in which something unnamed was done says that a model made part of it', async () => {
    const definition = claimOf('Editor', [OPENED, { action: 'c2pa.drawing' }]);
    const { made } = await said(await studio.sign({ picture: plain.jpeg, definition, parent: madeFrom(generated) }));
    expect(made).toBe('edited proved');
  });

  it('in the form of Adobe (claim v1, generative fill over a photograph) says that a model made part of it, and shows the photograph', async () => {
    const definition = {
      claim_version: 1,
      claim_generator_info: [{ name: 'Adobe Photoshop', version: '25.0' }],
      title: 'edit.jpg',
      assertions: [
        {
          label: 'c2pa.actions',
          data: {
            actions: [
              OPENED,
              { action: 'c2pa.edited', softwareAgent: { name: 'Adobe Firefly', version: '1' }, digitalSourceType: COMPOSITE },
            ],
          },
        },
        {
          label: 'stds.schema-org.CreativeWork',
          kind: 'Json',
          data: { '@context': 'https://schema.org', '@type': 'CreativeWork', author: [{ '@type': 'Person', name: 'Somebody' }] },
        },
      ],
    };
    const old = await studio.sign({ picture: plain.jpeg, definition: { ...camera, claim_version: 1 } });
    const { report, made } = await said(await studio.sign({ picture: plain.jpeg, definition, parent: madeFrom(old) }));
    expect(made).toBe('edited proved');
    expect(report.history).toMatchObject({
      generator: 'Adobe Photoshop/25.0',
      actions: ['c2pa.opened', 'c2pa.edited'],
      inputs: [{ generator: 'Acme camera/1', state: 'intact', sourceTypes: ['digitalCapture'] }],
    });
  });

  it('whose source type stands in a template counts where an action follows the template, and only there', async () => {
    const templates = [{ action: 'c2pa.edited', digitalSourceType: COMPOSITE }];
    const created = { action: 'c2pa.created', digitalSourceType: `${SOURCE}digitalCapture` };
    const used = claimOf('Editor', [created, { action: 'c2pa.edited' }], { templates });
    expect((await said(await studio.sign({ picture: plain.jpeg, definition: used }))).made).toBe('edited proved');
    const unused = claimOf('Editor', [created], { templates });
    expect((await said(await studio.sign({ picture: plain.jpeg, definition: unused }))).made).toBe('captured proved');
  });

  it('as an update manifest changes nothing of what the picture is, and is broken with the picture', async () => {
    const definition = claimOf('Archive', [{ action: 'c2pa.edited.metadata' }]);
    const updated = await studio.sign({ picture: photograph, definition, intent: 'update', parent: madeFrom(photograph) });
    const { report, made } = await said(updated);
    expect(made).toBe('captured proved');
    expect(report.history).toMatchObject({ generator: 'Archive/1', inputs: [{ generator: 'Acme camera/1', state: 'intact' }] });
    const changed = Buffer.from(updated.bytes);
    changed.writeUInt8(changed.readUInt8(changed.length - 60) ^ 1, changed.length - 60);
    expect((await trusting.verify(changed)).state).toBe('invalid');
  });

  it('as an update manifest over a generated picture says generated', async () => {
    const definition = claimOf('Archive', [{ action: 'c2pa.edited.metadata' }]);
    const { made } = await said(await studio.sign({ picture: generated, definition, intent: 'update', parent: madeFrom(generated) }));
    expect(made).toBe('generated proved');
  });

  it('over the boxes of a JPEG instead of its bytes is read, and notices a change', async () => {
    const definition = { ...openAiLike, claim_version: 2, assertions: [...openAiLike.assertions, boxHashAssertion(plain.jpeg.bytes)] };
    const boxed = await studio.sign({ picture: plain.jpeg, definition });
    const text = Buffer.from(boxed.bytes);
    expect([text.includes('c2pa.hash.boxes'), text.includes('c2pa.hash.data')]).toEqual([true, false]);
    expect((await said(boxed)).made).toBe('generated proved');
    const changed = Buffer.from(boxed.bytes);
    changed.writeUInt8(changed.readUInt8(changed.length - 60) ^ 1, changed.length - 60);
    expect(await trusting.verify(changed)).toMatchObject({ state: 'invalid', codes: ['assertion.boxesHash.mismatch'] });
  });
});

describe('a credential from which something was taken out', () => {
  const labelOf = ({ bytes }: ForeignFile) => /urn:(?:c2pa|uuid):[0-9a-f-]{36}/.exec(Buffer.from(bytes).toString('latin1'))?.[0];
  const redacting = (file: ForeignFile, assertion: string) =>
    studio.sign({
      picture: file,
      definition: claimOf('Archive', []),
      intent: 'update',
      parent: madeFrom(file),
      redaction: { uri: `self#jumbf=/c2pa/${labelOf(file)}/c2pa.assertions/${assertion}`, reason: 'c2pa.PII.present' },
    });

  it('(where a photograph was taken) is whole, and is still a photograph', async () => {
    const redacted = await redacting(photograph, 'c2pa.metadata');
    expect(Buffer.from(photograph.bytes).includes('GPSLatitude')).toBe(true);
    expect(Buffer.from(redacted.bytes).includes('GPSLatitude')).toBe(false);
    const { report, made } = await said(redacted);
    expect([made, report.codes]).toEqual(['captured proved', []]);
    expect(report.history?.actions).toContain('c2pa.redacted');
  });

  it('(that a model made it) is not possible, or is not believed', async () => {
    const outcome = await redacting(generated, 'c2pa.actions.v2').then(
      async ({ bytes }) => (await trusting.verify(bytes)).state,
      () => 'refused',
    );
    expect(['refused', 'invalid']).toContain(outcome);
  });
});

describe('a credential of an implementation that is not the official one', () => {
  it.each([
    ['jpeg', 'v1'],
    ['jpeg', 'v2'],
    ['png', 'v1'],
  ] as const)('(%s, claim %s) is read, and notices a change', async (format, claim) => {
    const bytes = await second.sign(plain[format].bytes, format, claim);
    const { report, made } = await said({ bytes });
    expect(made).toBe('generated proved');
    expect(report).toMatchObject({ generatedBy: 'Second Maker/3.1', signer: { organization: 'Second Maker' }, codes: [] });
    const changed = Buffer.concat([bytes.subarray(0, -40), Buffer.alloc(40, 1)]);
    expect(['invalid', 'unreadable']).toContain((await trusting.verify(changed)).state);
  });
});

it('a claim of C2PA 1.0, which names its generator as a user agent, is named by the first part of it', () => {
  const json = {
    active_manifest: 'a',
    manifests: { a: { claim_generator: 'make_test_images/0.33.1 c2pa-rs/0.33.1', assertions: [], ingredients: [] } },
    validation_state: 'Valid',
  };
  const { generatedBy, history } = readCredential(JSON.stringify(json));
  expect([generatedBy, history?.generator]).toEqual(['make_test_images/0.33.1', 'make_test_images/0.33.1']);
});
