import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FACTS, picture } from '../../src/provenance/pictures.fixture.ts';
import { testPki } from '../../src/provenance/pki.fixture.ts';
import { createProvenance } from '../../src/provenance/provenance.ts';
import { bytesOf } from './answers.ts';
import { runCommand } from './cli.ts';
import { openTestGateway, startTestGateway, type TestGateway } from './gateway.ts';
import { neutralPicture, startUpstream, type Upstream } from './upstream.ts';
import { eventually } from './waiting.ts';

const UPSTREAM_KEY = 'sk-upstream-key-of-the-test';
let upstream: Upstream;
let gateway: TestGateway;
let settings: Record<string, unknown>;
let made: Buffer;
beforeAll(async () => {
  upstream = await startUpstream();
  settings = { models: [{ name: 'studio', kind: 'openai', baseUrl: upstream.baseUrl, apiKey: UPSTREAM_KEY }] };
  gateway = await startTestGateway(settings);
  const answer = await gateway.sdk().images.generate({ prompt: 'a ball' });
  made = bytesOf(answer.data?.[0]);
});
afterAll(async () => {
  await gateway?.close();
  await upstream?.close();
});

const imprimatur = (...args: string[]) => runCommand([...args, '--config', gateway.configFile]);
const jsonOfCommand = async <Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>> => {
  const { out } = await imprimatur(...args, '--json');
  return schema.parse(JSON.parse(out));
};
function saved(name: string, content: Uint8Array | string): string {
  const path = join(gateway.dataDir, name);
  writeFileSync(path, content);
  return path;
}

describe('imprimatur explain', () => {
  const explanation = z.looseObject({
    generation: z.looseObject({ id: z.string(), state: z.string() }),
    decisions: z.array(
      z.looseObject({ stage: z.string(), findings: z.array(z.looseObject({ check: z.string() })), ledger: z.looseObject({}) }),
    ),
    artifacts: z.array(z.looseObject({ id: z.string() })),
  });
  const artifactOf = async () => {
    const report = z.looseObject({ record: z.looseObject({ artifact_id: z.string() }) });
    return (await jsonOfCommand(report, 'verify', saved('explained.png', made))).record.artifact_id;
  };

  it('tells of a picture which checks looked, what they said, and where it stands in the ledger, and no word of the prompt', async () => {
    const artifact = await artifactOf();
    const { code, out } = await imprimatur('explain', artifact);
    expect(code).toBe(0);
    expect(out).toMatch(/^gen_\w+ {2}published: generate on api by studio/);
    expect(out).toMatch(/allow {2}prompt of generate on api, by standard@/);
    expect(out).toMatch(/floor:minor_sexual blocks both together: sexual absent, minor absent/);
    expect(out).toMatch(/nudity at artifact 1 \(\d+\.\d ms\)/);
    expect(out).toMatch(/sha256 [0-9a-f]{64}, entry \d+ of the ledger/);
    expect(out).not.toContain('a ball');
    const told = await jsonOfCommand(explanation, 'explain', artifact);
    expect(told.decisions.map(({ stage }) => stage)).toEqual(['prompt', 'output']);
    expect(told.artifacts.map(({ id }) => id)).toEqual([artifact]);
    expect(await jsonOfCommand(explanation, 'explain', told.generation.id)).toEqual(told);
  });

  it('is for operators: a caller learns nothing, not even of its own pictures', async () => {
    const answer = await gateway.fetch(`/v1/explanations/${await artifactOf()}`);
    expect(answer.status).toBeGreaterThanOrEqual(401);
    expect(await answer.text()).not.toContain('prompt-rules');
    expect((await gateway.fetch('/v1/coverage')).status).toBeGreaterThanOrEqual(401);
  });

  it('says that there is no such thing; exit 1', async () => {
    expect((await imprimatur('explain', 'gen_00000000000000000000000000')).code).toBe(1);
  });
});

describe('imprimatur verify', () => {
  const report = z.looseObject({ verdict: z.string(), record: z.looseObject({ artifact_id: z.string() }).nullable() });

  it('knows a picture that left here: who, when, which model, which decision; exit 0', async () => {
    const { code, out } = await imprimatur('verify', saved('made.png', made));
    expect(code).toBe(0);
    expect(out).toMatch(/made here, and intact/);
    expect(out).toMatch(/credential {2}trusted, signed by Imprimatur development/);
    expect(out).toMatch(/artifact +art_\w+\n +generation +gen_\w+ on surface api\n +model +studio\n +published +20\S+Z/);
    expect(out).toMatch(/decision +dec_\w+ under standard@\d+\.\d+\.\d+\+sha256:/);
    expect(await jsonOfCommand(report, 'verify', join(gateway.dataDir, 'made.png'))).toMatchObject({ verdict: 'ours-intact' });
  });

  it('says that ours was changed when a pixel was; exit 1', async () => {
    const altered = Buffer.from(made);
    const at = altered.lastIndexOf('IDAT') + 40;
    altered[at] = (altered[at] ?? 0) ^ 1;
    const { code, out } = await imprimatur('verify', saved('altered.png', altered));
    expect(code).toBe(1);
    expect(out).toContain('not what we published');
    expect(await jsonOfCommand(report, 'verify', join(gateway.dataDir, 'altered.png'))).toMatchObject({ verdict: 'ours-altered' });
  });

  it('is not fooled by the credential of somebody else that names us as its maker; exit 1', async () => {
    const { signer, rootPem } = await testPki();
    const stranger = createProvenance({ signer, trustAnchorsPem: rootPem });
    const { bytes } = await stranger.sign({ bytes: await picture('png'), format: 'png', manifest: FACTS });
    await stranger.close();
    const path = saved('foreign.png', bytes);
    expect(await imprimatur('verify', path)).toMatchObject({ code: 1, out: expect.stringContaining('not ours') });
    expect(await jsonOfCommand(report, 'verify', path)).toMatchObject({ verdict: 'foreign', record: null });
  });

  it('claims nothing about a picture without a trace; exit 1, also beside a good one', async () => {
    const plain = saved('plain.png', await neutralPicture());
    const { code, out } = await imprimatur('verify', join(gateway.dataDir, 'made.png'), plain);
    expect(code).toBe(1);
    expect(out).toContain('does not mean that a person made it');
  });

  it('needs a file that is there; exit 2', async () => {
    expect((await imprimatur('verify')).code).toBe(2);
    expect(await imprimatur('verify', '/nowhere/a.png')).toMatchObject({ code: 2, err: expect.stringContaining('ENOENT') });
  });
});

describe('imprimatur keys', () => {
  const key = z.looseObject({ id: z.string(), surface: z.string(), last_four: z.string(), revoked_at: z.string().nullable() });
  const models = async (token: string) =>
    (await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('makes a key that works at once and shows its token once, and revokes it for good', async () => {
    const created = key.extend({ token: z.string() });
    const { token, id, last_four } = await jsonOfCommand(created, 'keys', 'create', '--surface', 'chat', '--application', 'shop');
    expect(await models(token)).toBe(200);
    const list = await imprimatur('keys', 'list');
    expect(list.out).toContain(id);
    expect(list.out).toContain(`…${last_four}`);
    expect(list.out + (await imprimatur('keys', 'list', '--json')).out).not.toContain(token);
    expect(await imprimatur('keys', 'revoke', id)).toMatchObject({ code: 0, out: `${id} is revoked.` });
    await expect.poll(() => models(token)).toBe(401);
  });

  it('knows only the surfaces of the configuration, and only keys that exist; exit 1', async () => {
    expect(await imprimatur('keys', 'create', '--surface', 'backdoor')).toMatchObject({
      code: 1,
      err: expect.stringContaining('chat, app, api'),
    });
    expect((await imprimatur('keys', 'revoke', 'key_00000000000000000000000000')).code).toBe(1);
    expect((await imprimatur('keys', 'destroy')).code).toBe(2);
  });
});

describe('imprimatur ledger', () => {
  it('verifies the whole log, and that it extends an earlier checkpoint', async () => {
    const since = saved('checkpoint', `${(await imprimatur('ledger', 'checkpoint')).out}\n`);
    await gateway.sdk().images.generate({ prompt: 'a ball' });
    const { code, out } = await imprimatur('ledger', 'verify', '--since', since);
    expect(code).toBe(0);
    expect(out).toMatch(/^The ledger is whole: \d+ entries, root \S+=, and it extends the earlier checkpoint\.$/);
  });

  it('says no to another key and to a forged checkpoint; exit 1', async () => {
    const key = (await (await fetch(`${gateway.url}/ledger/key`)).text()).trim();
    const other = key.replace(/^[^+]+\+[0-9a-f]{8}/, 'someone.else+00000000');
    expect((await imprimatur('ledger', 'verify', '--key', other)).code).not.toBe(0);
    const forged = saved('forged', readFileSync(join(gateway.dataDir, 'checkpoint'), 'utf8').replace(/\n(\d+)\n/, '\n1\n'));
    expect(await imprimatur('ledger', 'verify', '--since', forged)).toMatchObject({
      code: 1,
      out: expect.stringContaining('DOES NOT VERIFY'),
    });
  });

  it('gives the proof of an artifact, and an export that holds all files', async () => {
    const verified = JSON.parse((await imprimatur('verify', join(gateway.dataDir, 'made.png'), '--json')).out);
    const { code, out } = await imprimatur('ledger', 'proof', verified.record.artifact_id);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ artifact: verified.record.artifact_id, hashes: expect.any(Array) });
    expect((await imprimatur('ledger', 'proof', 'art_00000000000000000000000000')).code).toBe(1);
    const dir = join(gateway.dataDir, 'export');
    expect((await imprimatur('ledger', 'export', dir)).code).toBe(0);
    for (const path of ['checkpoint', 'key', 'tile/0', 'tile/entries']) expect(existsSync(join(dir, path)), path).toBe(true);
  });
});

describe('imprimatur fsck', () => {
  const found = z.object({ checked: z.int(), flaws: z.array(z.object({ what: z.string(), id: z.string(), problem: z.string() })) });

  it('finds everything whole, whether the gateway runs or not; exit 0', async () => {
    expect(await imprimatur('fsck')).toMatchObject({ code: 0, out: '2 artifacts checked, 0 flaws.' });
    await gateway.stop();
    expect(await jsonOfCommand(found, 'fsck')).toEqual({ checked: 2, flaws: [] });
  });

  it('finds a sealed picture that somebody changed on the disk; exit 1', async () => {
    const evidence = join(gateway.dataDir, 'data', 'evidence');
    const blobs = readdirSync(evidence, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const path = join(blobs[0]!.parentPath, blobs[0]!.name);
    const bytes = readFileSync(path);
    const middle = bytes.length >> 1;
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const { code, out } = await imprimatur('fsck', '--json');
    expect(code).toBe(1);
    expect(found.parse(JSON.parse(out)).flaws).toMatchObject([{ what: 'evidence', problem: expect.stringContaining('cannot be opened') }]);
    gateway = await openTestGateway(gateway.dataDir, settings);
    await eventually('it starts all the same', async () => ((await fetch(`${gateway.url}/readyz`)).ok ? true : null));
  });
});
