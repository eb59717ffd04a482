import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isId } from '../../src/contracts/ids.ts';
import { strip } from '../../src/provenance/recovery/strip.fixture.ts';
import { takeDown } from '../../src/registries/takedowns/takedown-store.ts';
import { bytesOf, errorOf, jsonOf } from './answers.ts';
import { useStudio } from './studio.ts';

const studio = useStudio({ settings: () => ({ models: [{ name: 'demo', kind: 'demo' }] }) });
const matches = z.object({ matches: z.array(z.object({ manifestId: z.string(), similarityScore: z.number() })) });
const ask = (path: string, init?: RequestInit) => fetch(`${studio.gateway.url}${path}`, init);
const upload = (path: string, body: Uint8Array, type = 'image/png') =>
  ask(path, { method: 'POST', body: Buffer.from(body), headers: { 'content-type': type } });
const byContent = async (bytes: Uint8Array, type?: string) =>
  (await jsonOf(await upload('/v1/c2pa/matches/byContent', bytes, type), matches)).matches;

let picture: Uint8Array;
let manifestId: string;
beforeAll(async () => {
  picture = bytesOf((await studio.gateway.sdk().images.generate({ prompt: 'a lighthouse by the sea', size: '1024x1024' })).data?.[0]);
  manifestId = (await byContent(strip(picture, 'png')))[0]?.manifestId ?? '';
});

describe('a C2PA client that finds a picture without a credential', () => {
  it('is led from the host to the API, and told what it can do', async () => {
    const found = await jsonOf(await ask('/.well-known/c2pa-soft-binding-resolution'), z.record(z.string(), z.string()));
    expect(found).toEqual({
      apiEndpoint: `${studio.gateway.url}/v1/c2pa`,
      c2paSpecificationVersion: '2.4.0',
      capabilitiesEndpoint: `${studio.gateway.url}/v1/c2pa/services/capabilities`,
      statusEndpoint: `${studio.gateway.url}/v1/c2pa/services/status`,
    });
    const at = async (url: string) => (await fetch(url)).json();
    expect(await at(`${found['apiEndpoint']}/services/supportedAlgorithms`)).toEqual({
      watermarks: [{ alg: 'org.imprimatur.watermark.tile.1' }],
      fingerprints: [{ alg: 'org.imprimatur.pdq' }],
    });
    expect(await at(found['capabilitiesEndpoint'] ?? '')).toEqual({
      c2paSpecificationVersion: '2.4.0',
      supportedCapabilities: ['queryByContent'],
    });
    expect(await at(found['statusEndpoint'] ?? '')).toEqual({ status: 'ok' });
  });

  it('finds the manifest of a stripped picture and of a shrunken JPEG of it, and reads it with the official library', async () => {
    expect(manifestId).toMatch(/^urn:c2pa:/);
    const jpeg = await sharp(picture).resize(512).jpeg({ quality: 70 }).toBuffer();
    const [match] = await byContent(jpeg, 'image/jpeg');
    expect(match?.manifestId).toBe(manifestId);
    expect(match?.similarityScore).toBeGreaterThan(80);
    const answer = await ask(`/v1/c2pa/manifests/${manifestId}`);
    expect(answer.headers.get('content-type')).toBe('application/c2pa');
    const store = new Uint8Array(await answer.arrayBuffer());
    const report = await studio.gateway.gateway.parts.provenance.verify(store, 'manifest-store');
    expect(report).toMatchObject({ state: 'invalid', codes: ['assertion.dataHash.mismatch'] });
    const alone = new Uint8Array(await (await ask(`/v1/c2pa/manifests/${manifestId}?returnActiveManifest=true`)).arrayBuffer());
    expect(Buffer.compare(alone, store)).toBe(0);
  });

  it('finds it by the fingerprint that is kept beside its mark, by GET and by POST', async () => {
    const pixels = await studio.gateway.gateway.parts.recovery.readPixels(picture);
    const hash = pixels?.pdq[0] ?? new Uint32Array(8);
    const value = Buffer.from(Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join(''), 'hex').toString('base64');
    const query = new URLSearchParams({ alg: 'org.imprimatur.pdq', value, maxResults: '1' });
    const found = z.object({
      matches: z.tuple([z.object({ manifestId: z.literal(manifestId), similarityScore: z.number().min(95).max(100) })]),
    });
    await jsonOf(await ask(`/v1/c2pa/matches/byBinding?${query}`), found);
    const post = {
      method: 'POST',
      body: JSON.stringify({ alg: 'org.imprimatur.pdq', value }),
      headers: { 'content-type': 'application/json' },
    };
    await jsonOf(await ask('/v1/c2pa/matches/byBinding', post), found);
  });

  it('may be a script on any page', async () => {
    expect((await ask('/v1/c2pa/services/status')).headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await ask('/v1/c2pa/matches/byContent', { method: 'OPTIONS' });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'content-type']);
    expect((await ask('/v1/models')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['an algorithm that is not known', '/v1/c2pa/matches/byBinding?alg=x&value=AAAA', undefined, 400, 'request_invalid'],
    ['a value that is not base64', '/v1/c2pa/matches/byBinding?alg=org.imprimatur.pdq&value=%3C%3E', undefined, 400, 'request_invalid'],
    ['no value', '/v1/c2pa/matches/byBinding?alg=org.imprimatur.pdq', undefined, 400, 'request_invalid'],
    ['too many results', '/v1/c2pa/matches/byBinding?alg=a&value=AAAA&maxResults=1000', undefined, 400, 'request_invalid'],
    [
      'a value for which POST is there',
      `/v1/c2pa/matches/byBinding?alg=org.imprimatur.pdq&value=${'A'.repeat(2000)}`,
      undefined,
      414,
      'address_too_long',
    ],
    ['a manifest that is not here', '/v1/c2pa/manifests/urn:c2pa:0', undefined, 404, 'not_found'],
    ['text', '/v1/c2pa/matches/byContent', ['hello', 'text/plain'], 415, 'media_type_unsupported'],
    ['text that calls itself a picture', '/v1/c2pa/matches/byContent', ['hello', 'image/png'], 415, 'media_type_unsupported'],
    ['nothing', '/v1/c2pa/matches/byContent', ['', 'image/png'], 400, 'request_invalid'],
    [
      'an address to fetch',
      '/v1/c2pa/matches/byReference',
      ['{"referenceUrl":"https://127.0.0.1/"}', 'application/json'],
      501,
      'capability_unsupported',
    ],
  ] as const)('is told no for %s', async (_, path, sent, status, code) => {
    const init = sent === undefined ? {} : { method: 'POST', body: sent[0], headers: { 'content-type': sent[1] } };
    const answer = await ask(path, init);
    expect([answer.status, (await errorOf(answer)).code]).toEqual([status, code]);
  });

  it('learns nothing more of a picture that was taken down, and the ledger says that it was', async () => {
    const made = bytesOf((await studio.gateway.sdk().images.generate({ prompt: 'a red teapot', size: '1024x1024' })).data?.[0]);
    const [match] = await byContent(strip(made, 'png'));
    const { db, journal, recovery } = studio.gateway.gateway.parts;
    const artifactId = (await recovery.repository.find(match?.manifestId ?? ''))?.artifactId ?? '';
    if (!isId('art', artifactId)) throw new Error('no artifact');
    await takeDown({ artifactId, reason: 'court-order', by: 'local' }, { db, journal });
    const entries = await db.query({
      text: "select 1 from (select entry from ledger_outbox union all select entry from ledger_leaves) e where convert_from(entry, 'UTF8') like $1",
      values: [`%"artifact":"${artifactId}"%artifact.taken_down%`],
    });
    expect(entries.rowCount).toBe(1);
    expect(await byContent(strip(made, 'png'))).toEqual([]);
    expect((await byContent(await sharp(made).jpeg().toBuffer(), 'image/jpeg')).map((one) => one.manifestId)).not.toContain(
      match?.manifestId,
    );
    expect((await ask(`/v1/c2pa/manifests/${match?.manifestId}`)).status).toBe(404);
    expect((await upload('/v1/credentials', made)).status).toBe(404);
  });
});

describe('the credential of a picture', () => {
  it('is told to whoever has the picture: as it left, stripped, or made smaller', async () => {
    const how = async (answer: Response) =>
      (await jsonOf(answer, z.looseObject({ how: z.string(), signature: z.string(), signer: z.string() }))).how;
    const hash = async (bytes: Uint8Array) => Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(bytes))).toString('hex');
    expect(await how(await ask(`/v1/credentials/${await hash(picture)}`))).toBe('intact');
    expect(await how(await ask(`/v1/credentials/${await hash(strip(picture, 'png'))}`))).toBe('reattached');
    const small = await sharp(picture).resize(300).png().toBuffer();
    expect((await ask(`/v1/credentials/${await hash(small)}`)).status).toBe(404);
    expect(await how(await upload('/v1/credentials', small))).toBe('watermark');
  });
});

describe('the rate', () => {
  it('is bounded for one address', async () => {
    const statuses = await Promise.all(Array.from({ length: 250 }, async () => (await ask('/v1/c2pa/services/capabilities')).status));
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    const refused = await ask('/v1/c2pa/services/capabilities');
    if (refused.status === 429) expect(Number(refused.headers.get('retry-after-ms'))).toBeGreaterThan(0);
  });
});
