import sharp from 'sharp';
import type { RunningGateway } from '../src/compose/start-gateway.ts';
import { textChunk, withChunks } from '../src/provenance/foreign/files.fixture.ts';
import { FACTS } from '../src/provenance/pictures.fixture.ts';
import { testPki } from '../src/provenance/pki.fixture.ts';
import { createProvenance } from '../src/provenance/provenance.ts';
import { strip } from '../src/provenance/recovery/strip.fixture.ts';
import { texturedPicture } from '../src/watermark/pictures.fixture.ts';

export type NamedFile = readonly [name: string, bytes: Uint8Array];

const SIZE = 1024;
const FORMATS = ['png', 'jpeg', 'webp', 'avif', 'gif'] as const;

/** One of each kind that a folder of uploads holds; all of one megapixel but the last two. */
export async function mixedFolder(gateway: RunningGateway): Promise<readonly NamedFile[]> {
  const ours = new Map<string, Uint8Array>();
  for (const format of FORMATS) ours.set(format, await published(gateway, format));
  const of = (format: (typeof FORMATS)[number]) => ours.get(format) ?? new Uint8Array();
  const photo = sharp(texturedPicture(SIZE, SIZE).data, { raw: { width: SIZE, height: SIZE, channels: 3 } });
  const plain = await photo.clone().png().toBuffer();
  const workflow = { 4: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'some-model.safetensors' } } };
  const camera = { IFD0: { Make: 'Acme', Model: 'One' } };
  return [
    ...FORMATS.map((format) => [`ours.${format}`, of(format)] as const),
    ['ours-stripped.png', strip(of('png'), 'png')],
    ['ours-again.jpg', await sharp(of('png')).jpeg({ quality: 80 }).toBuffer()],
    ['foreign.png', await signedElsewhere(plain, 'png')],
    ['foreign.jpg', await signedElsewhere(await photo.clone().jpeg().toBuffer(), 'jpeg')],
    ['automatic1111.png', withChunks(plain, textChunk('parameters', 'x\nSteps: 9, Sampler: Euler, Model: m'))],
    ['comfyui.png', withChunks(plain, textChunk('prompt', JSON.stringify(workflow)))],
    ['photo.jpg', await photo.clone().jpeg({ quality: 88 }).withExif(camera).toBuffer()],
    ['photo.webp', await photo.clone().webp().toBuffer()],
    ['cut.png', plain.subarray(0, 3000)],
    ['letter.txt', Buffer.from('a letter')],
  ];
}

/** A picture as it leaves: drawn by the demo model, marked and signed. */
async function published({ url, firstKeys }: RunningGateway, format: (typeof FORMATS)[number]): Promise<Uint8Array> {
  const answer = await fetch(`${url}/v1/images/generations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${firstKeys['api']}` },
    body: JSON.stringify({
      prompt: 'a lighthouse above the sea',
      size: `${SIZE}x${SIZE}`,
      output_format: format,
      response_format: 'b64_json',
    }),
  });
  const body: unknown = await answer.json();
  const text = /"b64_json":"([^"]+)"/.exec(JSON.stringify(body))?.[1];
  if (text === undefined) throw new Error(`no ${format} was published: ${JSON.stringify(body).slice(0, 300)}`);
  return Buffer.from(text, 'base64');
}

async function signedElsewhere(bytes: Uint8Array, format: 'png' | 'jpeg'): Promise<Uint8Array> {
  const { signer, rootPem } = await testPki();
  const provenance = createProvenance({ signer, trustAnchorsPem: rootPem });
  const signed = await provenance.sign({ bytes, format, manifest: FACTS });
  await provenance.close();
  return signed.bytes;
}
