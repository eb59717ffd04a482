import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import OpenAI from 'openai';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { noise } from '../../src/detectors/pictures.fixture.ts';
import { textChunk, withChunks } from '../../src/provenance/foreign/files.fixture.ts';
import { PICTURE_FORMATS } from '../../src/provenance/image-format.ts';
import { bytesOf, errorOf, fileOf, jsonOf, sha256 } from './answers.ts';
import { runCommand } from './cli.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';
import { useStudio } from './studio.ts';
import { answerPictures } from './upstream.ts';

const lists = mkdtempSync(join(tmpdir(), 'imprimatur-list-'));
const list = join(lists, 'list.csv');
const SIDE = 128;
const drawn = (seed: number) => sharp(noise(SIDE, SIDE, seed), { raw: { width: SIDE, height: SIDE, channels: 3 } });
const listed = await drawn(7).png().toBuffer();
writeFileSync(list, `sha256,${sha256(listed)}\n`);
afterAll(() => rmSync(lists, { recursive: true, force: true }));

const studio = useStudio({
  settings: (baseUrl) => ({
    models: [{ name: 'studio', kind: 'openai', baseUrl }],
    hashLists: [{ name: 'listed', path: list }],
    trustedProxies: ['127.0.0.1'],
  }),
});

const step = z.looseObject({ state: z.string(), codes: z.array(z.string()), relationship: z.string().nullable() });
const reportBody = z.looseObject({
  verdict: z.string(),
  origin: z.looseObject({ made: z.string(), strength: z.string() }),
  c2pa: z.looseObject({
    state: z.string(),
    codes: z.array(z.string()),
    inputCodes: z.array(z.string()),
    history: step.extend({ inputs: z.array(step) }).nullable(),
  }),
  metadata: z.looseObject({
    format: z.string().nullable(),
    sourceType: z.string().nullable(),
    dataMining: z.string().nullable(),
    credit: z.string().nullable(),
    generators: z.array(z.unknown()),
    aiSystem: z.looseObject({ name: z.string().nullable(), hasPrompt: z.boolean() }).nullable(),
  }),
});

async function ask(bytes: Uint8Array, gateway: TestGateway = studio.gateway) {
  const form = new FormData();
  form.append('file', fileOf(bytes), 'picture');
  return jsonOf(await gateway.fetch('/v1/verify', { method: 'POST', body: form }), reportBody);
}
const sdk = () => studio.gateway.sdk();
const generated = async () => bytesOf((await sdk().images.generate({ prompt: 'a ball' })).data?.[0]);
const edit = (image: Uint8Array) =>
  OpenAI.toFile(image, 'in.png', { type: 'image/png' }).then((file) => sdk().images.edit({ prompt: 'make it green', image: file }));

/** Another maker in its metadata, with the checksum repaired, as an editor would: it opens, and its credential does not fit it. */
function tampered(png: Buffer): Buffer {
  const out = Buffer.from(png);
  const type = out.indexOf('iTXt');
  const length = out.readUInt32BE(type - 4);
  out.write('hi-generated', out.indexOf('AI-generated', type));
  out.writeUInt32BE(crc32(out.subarray(type, type + 4 + length)), type + 4 + length);
  return out;
}

describe('a picture of every format that leaves', () => {
  it.each(PICTURE_FORMATS)(
    'as %s is trusted, says in XMP what made it, and is known again by the SDK, the API and the command',
    async (format) => {
      studio.upstream.behave(async (_, response) => answerPictures(response, [await drawn(3).toFormat(format).toBuffer()]));
      // The SDK names three formats; the gateway takes what the model makes.
      const wished = format === 'jpeg' || format === 'webp' ? format : 'png';
      const bytes = bytesOf((await sdk().images.generate({ prompt: 'a ball', output_format: wished })).data?.[0]);
      const report = await ask(bytes);
      expect(report).toMatchObject({
        verdict: 'ours-intact',
        origin: { made: 'generated', strength: 'proved' },
        c2pa: { state: 'trusted', codes: [], inputCodes: [] },
        metadata: {
          format,
          sourceType: 'trainedAlgorithmicMedia',
          dataMining: 'DMI-PROHIBITED',
          credit: 'AI-generated',
          aiSystem: { name: 'studio', hasPrompt: false },
        },
      });
      const path = join(lists, `made.${format}`);
      writeFileSync(path, bytes);
      const { code, out } = await runCommand(['verify', path, '--json', '--config', studio.gateway.configFile]);
      expect([code, JSON.parse(out).verdict]).toEqual([0, 'ours-intact']);
      expect(await sharp(bytes).metadata()).toMatchObject({ width: SIDE, height: SIDE });
    },
  );

  it('does not carry the words that the model wrote into it', async () => {
    const words = 'seventeen teapots\nSteps: 9, Sampler: Euler, Model: m';
    const picture = withChunks(await drawn(4).png().toBuffer(), textChunk('parameters', words));
    studio.upstream.behave((_, response) => answerPictures(response, [picture]));
    const bytes = await generated();
    expect(bytes.includes('seventeen teapots')).toBe(false);
    expect((await ask(bytes)).metadata.generators).not.toContainEqual(expect.objectContaining({ hasPrompt: true }));
  });
});

describe('an edit', () => {
  it('of a picture of ours tells its history, intact', async () => {
    const bytes = bytesOf((await edit(await generated())).data?.[0]);
    const { verdict, c2pa } = await ask(bytes);
    expect([verdict, c2pa.state, c2pa.inputCodes]).toEqual(['ours-intact', 'trusted', []]);
    expect(c2pa.history?.inputs).toMatchObject([{ state: 'intact', relationship: 'parentOf', codes: [] }]);
  });

  it('of one whose credential does not fit it any more is held under the standard policy, before anything is generated', async () => {
    const parent = tampered(await generated());
    const calls = studio.upstream.calls.length;
    const form = new FormData();
    form.append('prompt', 'make it green');
    form.append('image', fileOf(parent), 'in.png');
    const answer = await studio.gateway.fetch('/v1/images/edits', { method: 'POST', body: form });
    expect((await errorOf(answer)).code).toBe('review_required');
    expect(studio.upstream.calls).toHaveLength(calls);
  });

  it('of such a one is held under the strict policy too', async () => {
    const parent = tampered(await generated());
    const strict = await startTestGateway({ policy: 'strict', models: [{ name: 'demo', kind: 'demo' }] });
    try {
      const form = new FormData();
      form.append('prompt', 'make it green');
      form.append('image', fileOf(parent), 'in.png');
      const answer = await strict.fetch('/v1/images/edits', { method: 'POST', body: form });
      // Signed by a stranger's authority and broken: the codes are the same.
      expect((await errorOf(answer)).code).toBe('review_required');
    } finally {
      await strict.close();
    }
  });
});

describe('a picture on a list of known-bad ones', () => {
  const check = async (bytes: Uint8Array) => {
    const form = new FormData();
    form.append('file', fileOf(bytes), 'a.png');
    form.append('declaration', 'camera');
    const answer = await studio.gateway.fetch('/v1/upload-checks', { method: 'POST', body: form });
    return jsonOf(answer, z.looseObject({ action: z.string(), reasons: z.array(z.looseObject({ code: z.string(), floor: z.boolean() })) }));
  };

  it('is refused for publishing, whatever its contributor says, and one that is on none is not', async () => {
    expect(await check(listed)).toMatchObject({ action: 'refuse', reasons: [{}, { code: 'known-bad', floor: true }] });
    expect(await check(await drawn(8).png().toBuffer())).toMatchObject({ action: 'post' });
  });
});

describe('strangers who ask about files', () => {
  it('are bounded by the address that a trusted proxy names, one by one', async () => {
    const from = (address: string) =>
      fetch(`${studio.gateway.url}/v1/c2pa/services/status`, { headers: { 'x-forwarded-for': `198.51.100.9, ${address}` } });
    const flood = await Promise.all(Array.from({ length: 140 }, async () => (await from('203.0.113.1')).status));
    expect(new Set(flood)).toEqual(new Set([200, 429]));
    expect((await from('203.0.113.2')).status).toBe(200);
  });

  it('get their answers, each of them, when many come at once', async () => {
    const bytes = await drawn(5).webp().toBuffer();
    const form = () => {
      const body = new FormData();
      body.append('file', fileOf(bytes), 'a.webp');
      return body;
    };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => fetch(`${studio.gateway.url}/v1/verify`, { method: 'POST', body: form() })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(await jsonOf(answers[5]!, reportBody)).toMatchObject({ verdict: 'none' });
  });
});
