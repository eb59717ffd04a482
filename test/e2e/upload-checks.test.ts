import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { smallZip } from '../../src/detectors/pictures.fixture.ts';
import { plainPng, textChunk, withChunks, xmpChunk, xmpPacket } from '../../src/provenance/foreign/files.fixture.ts';
import { bytesOf, errorOf, fileOf, jsonOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { useStudio } from './studio.ts';

/** The standard policy, with files of open cases kept. */
const policy = join(mkdtempSync(join(tmpdir(), 'imprimatur-policy-')), 'policy.yaml');
writeFileSync(policy, `${readFileSync('policies/standard/policy.yaml', 'utf8')}\nheldUploads: sealed\n`);
const studio = useStudio({ settings: (baseUrl) => ({ policy, models: [{ name: 'studio', kind: 'openai', baseUrl }] }) });
afterAll(() => rmSync(dirname(policy), { recursive: true, force: true }));
const checked = z.looseObject({
  id: z.string(),
  action: z.string(),
  label: z.string().nullable(),
  case_id: z.string().nullable(),
  reasons: z.array(z.looseObject({ code: z.string(), text: z.string() })),
  report: z.looseObject({ verdict: z.string(), sha256: z.string(), record: z.looseObject({ artifact_id: z.string() }).nullable() }),
});

async function ask(bytes: Uint8Array, fields: Record<string, string> = {}) {
  const form = new FormData();
  form.append('file', fileOf(bytes), 'a.png');
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const answer = await studio.gateway.fetch('/v1/upload-checks', { method: 'POST', body: form });
  expect(answer.status).toBe(200);
  return jsonOf(answer, checked);
}
const codes = ({ reasons }: z.output<typeof checked>) => reasons.map(({ code }) => code);
const made = async () => bytesOf((await studio.gateway.sdk().images.generate({ prompt: 'a ball' })).data?.[0]);

describe('a platform that asks whether a file may be posted', () => {
  it('gets "label" for a picture of ours, and the reasons', async () => {
    const answer = await ask(await made());
    expect(answer).toMatchObject({ action: 'label', label: 'generated', report: { verdict: 'ours-intact' } });
    expect(codes(answer)).toEqual(['ours-intact']);
  });

  it('gets "hold" for one of ours that was changed, and for one whose contributor calls it a photograph', async () => {
    const picture = await made();
    const changed = Buffer.from(picture);
    const at = changed.lastIndexOf('IDAT') + 40;
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await ask(changed)).toMatchObject({ action: 'hold', reasons: [{ code: 'ours-altered' }] });
    const lied = await ask(picture, { declaration: 'camera' });
    expect(lied.action).toBe('hold');
    expect(codes(lied)).toEqual(['ours-intact', 'declaration-mismatch']);
  });

  it('gets "refuse" for one that was taken down; its link stops working, and verification says so', async () => {
    const picture = await made();
    const { report } = await ask(picture);
    const operator = { authorization: `Bearer ${studio.gateway.key('operator')}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ artifact_id: report.record?.artifact_id, reason: 'court-order' });
    const takeDown = () => studio.gateway.fetch('/v1/takedowns', { method: 'POST', headers: operator, body });
    const link = studio.gateway.gateway.parts.links.linkTo(report.record?.artifact_id ?? '', 'png');
    expect((await fetch(link)).status).toBe(200);
    expect((await takeDown()).status).toBe(200);
    expect((await takeDown()).status).toBe(200);
    expect((await fetch(link)).status).toBe(404);
    const answer = await ask(picture);
    expect(answer).toMatchObject({
      action: 'refuse',
      report: { verdict: 'ours-intact', record: { takedown: { at: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) } } },
    });
    expect(await errorOf(await studio.gateway.post('/v1/takedowns', { artifact_id: 'art_x', reason: 'a' }))).toMatchObject({
      code: 'auth_forbidden',
    });
  });

  it.each([
    [
      'that a program named in its text made',
      async () => withChunks(await plainPng(), textChunk('parameters', 'x\nSteps: 9, Sampler: Euler')),
      {},
      'label',
      ['generated-elsewhere'],
    ],
    ['about which nothing is known', () => plainPng(), {}, 'hold', ['unknown']],
    ['that its contributor calls a photograph', () => plainPng(), { declaration: 'camera' }, 'post', ['camera-claimed']],
    ['that is no picture', async () => Buffer.from('words'), { declaration: 'camera' }, 'hold', ['unreadable']],
    ['that is empty', async () => Buffer.alloc(0), { declaration: 'camera' }, 'hold', ['unreadable']],
    ['that is cut off', async () => (await plainPng()).subarray(0, 500), { declaration: 'camera' }, 'hold', ['unreadable']],
    [
      'with an archive behind its end',
      async () => Buffer.concat([await plainPng(), smallZip()]),
      { declaration: 'camera' },
      'refuse',
      ['camera-claimed', 'hostile-file'],
    ],
    [
      'that is a web page as well',
      async () =>
        Buffer.concat([
          await sharp(await plainPng())
            .jpeg()
            .toBuffer(),
          Buffer.from('<html><script>1</script>'),
        ]),
      {},
      'refuse',
      ['unknown', 'hostile-file'],
    ],
  ] as const)('(a file %s) gets an answer of the policy', async (_what, make, fields, action, expected) => {
    const answer = await ask(await make(), fields);
    expect(answer.action).toBe(action);
    expect(codes(answer)).toEqual(expected);
  });

  it('can read the answer again, with its own key only; the ledger has the hash and no contributor', async () => {
    const { id, report } = await ask(await plainPng(), { declaration: 'edited', contributor: 'person-4711' });
    const again = z.looseObject({ sha256: z.string(), declaration: z.string() });
    expect(await jsonOf(await studio.gateway.fetch(`/v1/upload-checks/${id}`), again)).toMatchObject({
      sha256: report.sha256,
      declaration: 'edited',
    });
    expect((await studio.gateway.fetch(`/v1/upload-checks/${id}`, { surface: 'chat' })).status).toBe(404);
    const { rows } = await studio.gateway.gateway.parts.db.query<{ entry: Buffer }>({
      text: 'select entry from ledger_outbox union all select entry from ledger_leaves',
    });
    const entries = rows.map(({ entry }) => Buffer.from(entry).toString()).filter((entry) => entry.includes(id));
    expect(entries).toEqual([expect.stringContaining(report.sha256)]);
    expect(entries[0]).toMatch(/"contributor":"hmac-sha256:/);
    expect(entries[0]).not.toContain('4711');
  });

  it('needs a key of a surface, one file, and a declaration that exists', async () => {
    expect((await fetch(`${studio.gateway.url}/v1/upload-checks`, { method: 'POST' })).status).toBe(401);
    const form = new FormData();
    form.append('declaration', 'camera');
    expect(await errorOf(await studio.gateway.fetch('/v1/upload-checks', { method: 'POST', body: form }))).toMatchObject({ param: 'file' });
    form.append('file', fileOf(await plainPng()), 'a.png');
    form.set('declaration', 'painted');
    expect(await errorOf(await studio.gateway.fetch('/v1/upload-checks', { method: 'POST', body: form }))).toMatchObject({
      param: 'declaration',
    });
  });
});

describe('a held file, where policy lets it be kept until a person decided', () => {
  const operator = { surface: 'operator' };
  const fileOfCase = (id: string | null, init: { surface?: string } = operator) => studio.gateway.fetch(`/v1/cases/${id}/file`, init);
  const decide = (id: string | null, decision: string) => studio.gateway.post(`/v1/cases/${id}/decisions`, { decision }, operator);

  it('can be looked at by an operator, as bytes that no browser opens, and each look is on record', async () => {
    const picture = await plainPng(64, 21);
    const { id, case_id } = await ask(picture);
    const answer = await fileOfCase(case_id);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(answer.headers.get('content-disposition')).toBe('attachment');
    expect(Buffer.from(await answer.arrayBuffer()).equals(picture)).toBe(true);
    expect((await fileOfCase(case_id, { surface: 'api' })).status).toBe(403);
    await expect
      .poll(async () => (await ledgerEntries(studio.gateway)).filter(({ kind, upload }) => kind === 'upload.shown' && upload === id))
      .toMatchObject([{ case: case_id, by: expect.stringMatching(/^operator:key_/) }]);
    const { rows } = await studio.gateway.gateway.parts.db.query({ text: 'select 1 from exposures where case_id = $1', values: [case_id] });
    expect(rows).toHaveLength(1);
  });

  it('is deleted when it is released, and kept when it is blocked', async () => {
    const [released, blocked] = [await ask(await plainPng(64, 22)), await ask(await plainPng(64, 23))];
    await decide(released.case_id, 'release');
    await decide(blocked.case_id, 'block');
    expect((await fileOfCase(released.case_id)).status).toBe(404);
    expect((await fileOfCase(blocked.case_id)).status).toBe(200);
  });
});

describe('addresses that a stranger wrote', () => {
  it('into a request or into a file, are never asked', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('x');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const url of [`${at}/a.png`, `${at.replace('127.0.0.1', 'localhost')}/a.png`]) {
        expect(await errorOf(await studio.gateway.post('/v1/upload-checks', { url }))).toMatchObject({
          code: 'url_unreachable',
          param: 'url',
        });
      }
      const xmp = xmpPacket(`<dcterms:provenance>${at}/m.c2pa</dcterms:provenance>`);
      const bytes = withChunks(await plainPng(), xmpChunk(xmp.replace('rdf:about=""', `rdf:about="" dcterms:provenance="${at}/n.c2pa"`)));
      expect((await ask(bytes)).action).toBe('hold');
      expect(asked).toEqual([]);
    } finally {
      server.close();
    }
  });
});

describe('asking about a file', () => {
  const verify = (bytes: Uint8Array, name = 'a.png') => {
    const form = new FormData();
    form.append('file', fileOf(bytes), name);
    return fetch(`${studio.gateway.url}/v1/verify`, { method: 'POST', body: form });
  };

  it('needs no key, does not care what the file is called, and answers with the same five parts whatever it is', async () => {
    for (const bytes of [await made(), await plainPng(), Buffer.alloc(0), Buffer.from('words')]) {
      const body: unknown = await (await verify(bytes, 'letter.txt')).json();
      expect(body).toMatchObject({
        verdict: expect.stringMatching(/^(ours-intact|none)$/),
        c2pa: { state: expect.any(String), codes: expect.any(Array) },
        watermark: { state: expect.stringMatching(/^(found|absent|unreadable)$/) },
        metadata: { state: expect.stringMatching(/^(read|unreadable)$/) },
      });
      expect(body).toHaveProperty('record');
    }
  });

  it('tells strangers and other platforms of our record what anybody may know, and an operator all of it', async () => {
    const picture = await made();
    const ask = async (headers: Record<string, string>) => {
      const form = new FormData();
      form.append('file', fileOf(picture));
      return fetch(`${studio.gateway.url}/v1/verify`, { method: 'POST', body: form, headers });
    };
    const recordOf = async (headers: Record<string, string>) =>
      (await jsonOf(await ask(headers), z.looseObject({ record: z.record(z.string(), z.unknown()) }))).record;
    const bearer = (surface: string) => ({ authorization: `Bearer ${studio.gateway.key(surface)}` });
    for (const headers of [{}, bearer('api')]) {
      expect(await recordOf(headers)).toEqual({
        artifact_id: expect.stringMatching(/^art_/),
        model: 'studio',
        operation: 'generate',
        published_at: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        takedown: null,
      });
    }
    expect(await recordOf(bearer('operator'))).toMatchObject({
      generation_id: expect.stringMatching(/^gen_/),
      surface: 'api',
      decision_id: expect.stringMatching(/^dec_/),
      derived_from: [],
      published_at: expect.stringContaining('T'),
    });
    for (const authorization of ['Bearer imp_of_nobody_at_all', 'Basic eA==']) expect((await ask({ authorization })).status).toBe(401);
  });

  it('of more than 50 MB is refused as too large; the command does not even read one of 200 MB', async () => {
    expect((await verify(Buffer.alloc(50_000_001))).status).toBe(413);
    const path = join(studio.gateway.dataDir, 'huge.png');
    await writeFile(path, '');
    await truncate(path, 200_000_000);
    const { code, err } = await runCommand(['verify', path, '--config', studio.gateway.configFile]);
    expect(code).toBe(2);
    expect(err).toContain('huge.png: is larger than 50000000 bytes');
  });

  it('by folder gives a line for each file by name, a summary, and exit 1 when not all are ours', async () => {
    const folder = join(studio.gateway.dataDir, 'folder');
    await mkdir(join(folder, 'deep'), { recursive: true });
    await writeFile(join(folder, 'b.png'), await made());
    await writeFile(join(folder, 'a.png'), await plainPng());
    await writeFile(join(folder, 'deep', 'c.txt'), 'words');
    const { code, out, err } = await runCommand(['verify', folder, '--json', '--config', studio.gateway.configFile]);
    const lines = out.split('\n').map((line) => z.looseObject({ file: z.string(), verdict: z.string() }).parse(JSON.parse(line)));
    expect(lines.map(({ file, verdict }) => [file.slice(folder.length + 1), verdict])).toEqual([
      ['a.png', 'none'],
      ['b.png', 'ours-intact'],
      ['deep/c.txt', 'none'],
    ]);
    expect(err).toContain('3 files: 2 none, 1 ours-intact.');
    expect(code).toBe(1);
  });
});
