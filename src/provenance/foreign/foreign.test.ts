import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { blobs, noise, smallZip } from '../../detectors/pictures.fixture.ts';
import { xmpPacket as ownPacket } from '../metadata/xmp-packet.ts';
import { findStableDiffusionMark } from './dwt-dct.ts';
import { dwtDctMarked, plainPng, textChunk, withChunks, xmpChunk, xmpPacket } from './files.fixture.ts';
import { readFileMetadata } from './read-file-metadata.ts';

const plain = await plainPng();
const read = (bytes: Uint8Array) => readFileMetadata(bytes).metadata;
const SECRET = 'a quiet harbor with paper boats';
const SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

describe('a file that says which program made it', () => {
  it.each([
    [
      'automatic1111',
      textChunk('parameters', `${SECRET}\nNegative prompt: blur\nSteps: 20, Sampler: Euler a, CFG scale: 7, Model: sd_xl_base_1.0`),
      'sd_xl_base_1.0',
    ],
    [
      'comfyui',
      textChunk(
        'prompt',
        JSON.stringify({ 4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'flux1-dev.safetensors', text: SECRET } } }),
      ),
      'flux1-dev.safetensors',
    ],
    ['comfyui', textChunk('workflow', `{"last_node_id": 9, "nodes": [{"widgets_values": ["${SECRET}"]}]}`), null],
    ['invokeai', textChunk('invokeai_metadata', JSON.stringify({ positive_prompt: SECRET, model: { name: 'juggernaut' } })), 'juggernaut'],
    ['novelai', textChunk('Software', 'NovelAI'), null],
    ['fooocus', textChunk('fooocus_scheme', 'fooocus'), null],
    ['midjourney', textChunk('Description', `${SECRET} --v 6 Job ID: 0f8fad5b-d9cb-469f-a165-70867728950e`), null],
    ['firefly', xmpChunk(xmpPacket('<xmp:CreatorTool>Adobe Firefly</xmp:CreatorTool>')), null],
    ['google-ai', xmpChunk(xmpPacket('<photoshop:Credit>Made with Google AI</photoshop:Credit>')), null],
    ['dall-e', textChunk('Software', 'OpenAI DALL·E'), null],
  ] as const)('%s is recognized, and the words of its prompt are not repeated', (tool, chunk, model) => {
    const found = read(withChunks(plain, chunk));
    expect(found.generators).toContainEqual(expect.objectContaining({ tool, model }));
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  it('in the EXIF of a JPEG or a WebP is recognized as well', async () => {
    const comment = `UNICODE\0${'a boat\nSteps: 12, Sampler: DPM++ 2M, Model: tiny'.split('').join('\0')}\0`;
    const jpeg = await sharp(plain)
      .jpeg()
      .withExif({ IFD2: { UserComment: comment }, IFD0: { Software: 'x' } })
      .toBuffer();
    const webp = await sharp(plain)
      .webp()
      .withExif({ IFD0: { Make: `prompt:{"1":{"class_type":"A","inputs":{"text":"${SECRET}"}}}` } })
      .toBuffer();
    expect(read(webp).generators[0]).toMatchObject({ tool: 'comfyui', where: 'exif:Make', hasPrompt: true });
    expect(read(webp).camera).toBeNull();
    expect(read(jpeg).state).toBe('read');
  });

  it('with a workflow longer than all that is kept still names its program', () => {
    const big = withChunks(plain, textChunk('prompt', `{"1":{"class_type":"X","t":"${'x'.repeat(900_000)}"}}`));
    expect(read(big).generators[0]).toMatchObject({ tool: 'comfyui' });
  });
});

describe('what this gateway itself writes into a picture', () => {
  const packet = (model: string, credit: string) =>
    ownPacket({
      kind: 'created',
      generation: 'gen_01j00000000000000000000001',
      artifact: 'art_01j00000000000000000000001',
      model: { name: model, version: '1' },
      createdAt: new Date(0),
      provider: 'Example',
      credit,
      dataMining: 'DMI-PROHIBITED',
      aigc: null,
    });

  it.each([
    ['gpt-image-2', 'AI-generated'],
    ['gemini-image', 'Made with Midjourney'],
    ['firefly', 'Grok'],
  ])('is never taken for another program: model %s, credit %s', (model, credit) => {
    const found = read(withChunks(plain, xmpChunk(packet(model, credit))));
    expect(found.generators).toEqual([]);
    expect(found).toMatchObject({ sourceType: 'trainedAlgorithmicMedia', aiSystem: { name: model } });
  });

  it('hides no program that came after it', () => {
    const edited = packet('demo', 'AI-generated').replace(/demo 1 via Imprimatur/, 'Adobe Firefly');
    expect(
      read(withChunks(plain, xmpChunk(edited), textChunk('Software', 'NovelAI')))
        .generators.map(({ tool }) => tool)
        .sort(),
    ).toEqual(['firefly', 'novelai']);
  });

  it('counts as anybody’s words in a file that does not say it is ours', () => {
    const foreign = packet('demo', 'AI-generated').replace('urn:imprimatur:', 'urn:uuid:');
    expect(read(withChunks(plain, xmpChunk(foreign))).generators).toMatchObject([{ tool: 'other-ai', where: 'xmp:Credit' }]);
  });
});

describe('a file that says what it is in the words of a standard', () => {
  it('gives its IPTC source type, its wish about data mining, and the AI system of IPTC 2025.1', () => {
    const xmp = xmpPacket(`<Iptc4xmpExt:DigitalSourceType>${SOURCE}trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>
      <plus:DataMining>http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING</plus:DataMining>
      <Iptc4xmpExt:AISystemUsed>Some &amp; Model</Iptc4xmpExt:AISystemUsed><Iptc4xmpExt:AIPromptInformation>${SECRET}</Iptc4xmpExt:AIPromptInformation>`);
    expect(read(withChunks(plain, xmpChunk(xmp)))).toMatchObject({
      sourceType: 'trainedAlgorithmicMedia',
      dataMining: 'DMI-PROHIBITED-AIMLTRAINING',
      aiSystem: { name: 'Some & Model', version: null, hasPrompt: true },
    });
  });

  it.each([
    ['an attribute', xmpPacket('').replace('rdf:about=""', `rdf:about="" Iptc4xmpExt:DigitalSourceType="${SOURCE}digitalCapture"`)],
    ['a resource', xmpPacket(`<Iptc4xmpExt:DigitalSourceType rdf:resource="${SOURCE}digitalCapture"/>`)],
    [
      'a list',
      xmpPacket(
        `<Iptc4xmpExt:DigitalSourceType><rdf:Bag><rdf:li>${SOURCE}digitalCapture</rdf:li></rdf:Bag></Iptc4xmpExt:DigitalSourceType>`,
      ),
    ],
  ])('also where it is written as %s', (_how, xmp) => {
    expect(read(withChunks(plain, xmpChunk(xmp))).sourceType).toBe('digitalCapture');
  });

  it("gives China's label from XMP and from a text field", () => {
    const json = '{"Label":"1","ContentProducer":"001191110","ProduceID":"abc"}';
    const label = { label: '1', producer: '001191110', produceId: 'abc' };
    expect(read(withChunks(plain, xmpChunk(xmpPacket(`<TC260:AIGC>${json.replaceAll('"', '&quot;')}</TC260:AIGC>`)))).tc260).toMatchObject(
      label,
    );
    expect(read(withChunks(plain, textChunk('AIGC', json))).tc260).toMatchObject(label);
    expect(read(withChunks(plain, textChunk('AIGC', `{"AIGC":${json}}`))).tc260).toMatchObject(label);
  });

  it('names the camera that took it', async () => {
    const photo = await sharp(plain)
      .jpeg()
      .withExif({ IFD0: { Make: 'Acme', Model: 'One' } })
      .toBuffer();
    expect(read(photo).camera).toBe('Acme One');
  });
});

describe('metadata that attacks its reader', () => {
  it.each([
    ['an external entity', xmpPacket('&x;').replace('<x:xmpmeta', '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x:xmpmeta')],
    ['no end', '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'],
    ['a hundred thousand levels', '<a>'.repeat(100_000)],
    ['ends without starts', '</a></a>'],
  ])('(%s) is a broken packet and nothing more', (_what, xmp) => {
    const found = read(withChunks(plain, xmpChunk(xmp)));
    expect(found).toMatchObject({ state: 'read', sourceType: null });
    expect(found.problems).toContain('malformed:xmp');
    expect(JSON.stringify(found)).not.toContain('root:');
  });

  it('in a megabyte of attributes takes no more than a moment', () => {
    const started = performance.now();
    for (const xmp of [`<a ${'b="c" '.repeat(40_000)}`, `<a b="${'x'.repeat(260_000)}`, '<a b='.repeat(40_000), ' '.repeat(260_000)])
      read(withChunks(plain, xmpChunk(xmp)));
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('of a polyglot is still read, with the danger named', () => {
    const bytes = Buffer.concat([withChunks(plain, textChunk('Software', 'NovelAI')), smallZip()]);
    expect(read(bytes)).toMatchObject({ problems: ['hostile:polyglot'], generators: [{ tool: 'novelai' }] });
  });
});

describe("Stable Diffusion's invisible watermark", () => {
  const SDXL = [...'101100111110110010010000011110111011000110011110'].map(Number);
  const size = { width: 512, height: 512 };
  const raster = (data: Uint8Array) => ({ data, ...size, channels: 3 });

  it('is found where it was put, with the bound on a false alarm', () => {
    const [found] = findStableDiffusionMark(raster(dwtDctMarked(blobs(512, 512), 512, 512, SDXL)));
    expect(found).toMatchObject({ name: 'stable-diffusion', variant: 'SDXL' });
    expect(found!.correlation).toBeGreaterThan(0.8);
    expect(found!.falsePositiveBound).toBeLessThan(1e-5);
  });

  it('is not found in pictures without it', () => {
    for (let seed = 1; seed <= 6; seed++) {
      expect(findStableDiffusionMark(raster(blobs(512, 512, seed)))).toEqual([]);
      expect(findStableDiffusionMark(raster(noise(512, 512, seed)))).toEqual([]);
    }
    expect(findStableDiffusionMark(raster(new Uint8Array(512 * 512 * 3).fill(90)))).toEqual([]);
    expect(findStableDiffusionMark({ data: new Uint8Array(3), width: 1, height: 1, channels: 3 })).toEqual([]);
  });
});
