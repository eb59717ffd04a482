import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { copyMark } from '../../src/watermark/copied-mark.fixture.ts';
import { bytesOf, fileOf, jsonOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { useStudio } from './studio.ts';

const studio = useStudio({ settings: () => ({ models: [{ name: 'demo', kind: 'demo' }] }) });

const mark = z.looseObject({ of: z.string(), artifact_id: z.string().nullable(), picture: z.string(), false_positive_bound: z.number() });
const report = z.looseObject({
  verdict: z.string(),
  watermark: z.looseObject({ state: z.string(), mark: mark.nullable() }),
  record: z.looseObject({ artifact_id: z.string(), derived_from: z.array(z.string()) }).nullable(),
  recovered: z.looseObject({ how: z.string() }).nullable(),
});
const form = (bytes: Uint8Array) => {
  const body = new FormData();
  body.append('file', fileOf(bytes), 'a.png');
  return body;
};
const verify = async (bytes: Uint8Array) =>
  jsonOf(await studio.gateway.fetch('/v1/verify', { method: 'POST', body: form(bytes), surface: 'operator' }), report);

let picture: Uint8Array;
let artifact: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imprimatur-mark-'));
  picture = bytesOf((await studio.gateway.sdk().images.generate({ prompt: 'a lighthouse above the sea', size: '1024x1024' })).data?.[0]);
  artifact = (await verify(picture)).record?.artifact_id ?? '';
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const changed = {
  'a JPEG of quality 75 at three quarters of the size': () => sharp(picture).resize(768).jpeg({ quality: 75 }).toBuffer(),
  'half of it, cut out': () => sharp(picture).extract({ left: 200, top: 180, width: 724, height: 724 }).webp({ quality: 80 }).toBuffer(),
  'a screenshot: smaller, as a JPEG': () => sharp(picture).resize(640).jpeg({ quality: 80 }).toBuffer(),
  'turned by two degrees and cut straight': () =>
    sharp(picture).rotate(2).extract({ left: 60, top: 60, width: 930, height: 930 }).png().toBuffer(),
  'its mirror image in grey': () => sharp(picture).flop().greyscale().jpeg({ quality: 85 }).toBuffer(),
};

describe('whoever finds a picture of ours without its credential', () => {
  it.each(Object.entries(changed))('learns that it is ours, and which one, from %s', async (_, change) => {
    expect(await verify(await change())).toMatchObject({
      verdict: 'ours-recovered',
      recovered: { how: 'watermark' },
      record: { artifact_id: artifact },
      watermark: { state: 'found', mark: { of: 'artifact', artifact_id: artifact, picture: 'same' } },
    });
  });

  it('learns it on the command line, and is told of the mark', async () => {
    const path = join(folder, 'copy.jpg');
    await writeFile(path, await changed['a JPEG of quality 75 at three quarters of the size']());
    const { out } = await runCommand(['verify', path, '--config', studio.gateway.configFile]);
    expect(out).toContain(artifact);
    expect(out).toMatch(/watermark\s+ours, of art_\w+, and this is that picture; since then: made smaller \(0\.7\d times\)/);
  });

  it('sees the mark in the picture as it left, too', async () => {
    expect(await verify(picture)).toMatchObject({ verdict: 'ours-intact', watermark: { state: 'found', mark: { picture: 'same' } } });
  });

  it('gets its manifest by the content, and by the value of the mark', async () => {
    const matches = z.object({ matches: z.array(z.object({ manifestId: z.string(), similarityScore: z.number() })) });
    const crop = await changed['half of it, cut out']();
    const answer = await fetch(`${studio.gateway.url}/v1/c2pa/matches/byContent`, {
      method: 'POST',
      body: crop,
      headers: { 'content-type': 'image/webp' },
    });
    const found = (await jsonOf(answer, matches)).matches;
    const seen = await studio.gateway.gateway.parts.recognizeMark(picture);
    const value = Buffer.from(seen.kind === 'found' ? seen.detection.payload : '', 'hex').toString('base64');
    const query = new URLSearchParams({ alg: 'org.imprimatur.watermark.tile.1', value });
    const byBinding = await jsonOf(await fetch(`${studio.gateway.url}/v1/c2pa/matches/byBinding?${query}`), matches);
    expect(byBinding.matches).toEqual([{ manifestId: found[0]?.manifestId, similarityScore: 100 }]);
    expect(found[0]?.manifestId).toMatch(/^urn:c2pa:/);
  });
});

describe('a platform that asks whether it may be posted', () => {
  const ask = async (bytes: Uint8Array) =>
    jsonOf(
      await studio.gateway.fetch('/v1/upload-checks', { method: 'POST', body: form(bytes) }),
      z.looseObject({ action: z.string(), reasons: z.array(z.looseObject({ code: z.string() })) }),
    );

  it('gets "label" for a copy of ours, for the reason that it was recognized', async () => {
    const answer = await ask(await changed['a screenshot: smaller, as a JPEG']());
    expect([answer.action, ...answer.reasons.map(({ code }) => code)]).toEqual(['label', 'ours-recovered']);
  });

  it('gets "hold" for a picture into which somebody copied our mark, and verification says that it is not this picture', async () => {
    const forged = await copyMark(picture, 'noise');
    expect(await verify(forged)).toMatchObject({
      verdict: 'none',
      record: null,
      watermark: { state: 'found', mark: { artifact_id: artifact, picture: 'different' } },
    });
    const answer = await ask(forged);
    expect(answer.action).toBe('hold');
    expect(answer.reasons.map(({ code }) => code)).toContain('mark-of-another');
  });
});

describe('an edit of a picture of ours', () => {
  it('keeps the line to its parent although the credential was stripped, and bears one mark: its own', async () => {
    const copy = await sharp(picture).jpeg({ quality: 90 }).toBuffer();
    const edited = bytesOf(
      (
        await studio.gateway.sdk().images.edit({
          image: await OpenAI.toFile(copy, 'copy.jpg', { type: 'image/jpeg' }),
          prompt: 'add a red boat',
          size: '1024x1024',
        })
      ).data?.[0],
    );
    const own = await verify(edited);
    expect(own).toMatchObject({ verdict: 'ours-intact', record: { derived_from: [artifact] }, watermark: { mark: { picture: 'same' } } });
    expect(own.watermark.mark?.artifact_id).toBe(own.record?.artifact_id);
    const small = await verify(await sharp(edited).resize(768).jpeg({ quality: 70 }).toBuffer());
    expect(small.record?.artifact_id).toBe(own.record?.artifact_id);
    const published = (await ledgerEntries(studio.gateway)).filter(({ kind }) => kind === 'artifact.published');
    expect(published.at(-1)).toMatchObject({ derived_from: [artifact], watermark: { state: 'marked' } });
  });
});
