import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HIERARCHY_FILES } from '../../src/provenance/signing/certificates/development-ca.ts';
import { openAuthority } from '../../src/provenance/signing/timestamps/authority.fixture.ts';
import { cloneTemplate } from '../postgres/template.ts';
import { bytesOf, imagesBody, jsonOf } from './answers.ts';
import { type ChildCommand, startCommand } from './child-command.ts';
import { runCommand } from './cli.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { eventually } from './waiting.ts';

const TOKEN = 'a-token-of-the-signing-server-for-tests';
const KEY = 'a-first-key-for-tests-of-surface-api';
let dir: string;
const file = (hierarchy: string, name: keyof typeof HIERARCHY_FILES) => join(dir, hierarchy, HIERARCHY_FILES[name]);
const signer = (name: string) => ({ name, certificates: file(name, 'chain'), key: file(name, 'key') });
const trust = (...names: readonly string[]) => ({ anchors: names.map((name) => file(name, 'root')) });
const demo = [{ name: 'demo', kind: 'demo' }];
const picture = { prompt: 'a ball', size: '256x256' };

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'imprimatur-signing-'));
  for (const [name, alg] of [
    ['one', 'es256'],
    ['two', 'ed25519'],
  ] as const)
    expect((await runCommand(['certs', 'init', '--alg', alg, join(dir, name)])).code).toBe(0);
});
afterAll(() => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }));

describe('imprimatur certs', () => {
  it('makes a hierarchy whose chain passes its own check, overwrites none, and says how to be trusted by everybody', async () => {
    const again = await runCommand(['certs', 'init', join(dir, 'one')]);
    expect(again.code).not.toBe(0);
    expect(again.err).toContain('exists already');
    const three = await runCommand(['certs', 'init', join(dir, 'three')]);
    expect(three.out).toContain('C2PA conformance program');
    const good = await runCommand(['certs', 'check', '--key', file('one', 'key'), '--anchors', file('one', 'root'), file('one', 'chain')]);
    expect([good.code, good.out]).toEqual([0, expect.stringContaining('can sign, and is on the profile')]);
  });

  it('names every rule that a chain breaks', async () => {
    const wrong = await runCommand([
      'certs',
      'check',
      '--key',
      file('two', 'key'),
      '--anchors',
      file('two', 'root'),
      file('one', 'chain'),
      '--json',
    ]);
    expect(wrong.code).toBe(1);
    const [{ flaws }] = z.tuple([z.looseObject({ flaws: z.array(z.looseObject({ rule: z.string() })) })]).parse(JSON.parse(wrong.out));
    expect(flaws.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['chain-untrusted', 'key-mismatch']));
    writeFileSync(join(dir, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const broken = await runCommand(['certs', 'check', join(dir, 'broken.pem')]);
    expect([broken.code === 0, broken.err]).toEqual([false, expect.stringContaining('cannot be read')]);
    chmodSync(file('three', 'key'), 0o644);
    const open = await runCommand(['certs', 'check', '--key', file('three', 'key'), file('three', 'chain')]);
    expect([open.code === 0, open.err]).toEqual([false, expect.stringMatching(/others may read|permission|0600/i)]);
  });

  it('lists what the gateway would sign with, and trust', async () => {
    const config = join(dir, 'list.yaml');
    writeFileSync(
      config,
      JSON.stringify({ dataDir: join(dir, 'list'), signers: [signer('one'), signer('two')], trust: trust('one', 'two') }),
    );
    const { code, out } = await runCommand(['certs', 'list', '--config', config]);
    expect(code).toBe(0);
    for (const word of ['one', 'two', 'es256', 'ed25519']) expect(out).toContain(word);
  });
});

describe('a signing server', () => {
  it('does not start for a key that is in another one', async () => {
    const config = join(dir, 'relay.yaml');
    const { name, certificates } = signer('one');
    const relayed = { name, certificates, remote: { url: 'http://127.0.0.1:9/sign', keyId: 'one' } };
    writeFileSync(config, JSON.stringify({ dataDir: join(dir, 'relay'), signers: [relayed], trust: trust('one') }));
    const { code, err } = await runCommand(['signer', 'serve', '--config', config], { IMPRIMATUR_SIGNER_TOKEN: TOKEN });
    expect([code, err]).toEqual([2, expect.stringContaining('The key of one is in another signing server')]);
  });
});

/** Both processes and the authority serve every test below: starting a gateway costs seconds. */
describe('a gateway whose key is in a signing server, as a process of its own', () => {
  let [server, served]: (ChildCommand | undefined)[] = [];
  let tsa: Awaited<ReturnType<typeof openAuthority>> | undefined;
  let base = '';
  let remote: object;
  const config = () => join(dir, 'serve.yaml');
  const settings: Record<string, unknown> = { port: 0, workers: 1, models: demo };
  const write = (more: object) => writeFileSync(config(), JSON.stringify({ ...settings, ...more }));

  beforeAll(async () => {
    const keys = join(dir, 'signer.yaml');
    writeFileSync(keys, JSON.stringify({ dataDir: join(dir, 'keys'), signers: [signer('one')], trust: trust('one') }));
    const port = await freePort();
    server = startCommand(['signer', 'serve', '--listen', `127.0.0.1:${port}`, '--config', keys], { IMPRIMATUR_SIGNER_TOKEN: TOKEN });
    tsa = await openAuthority({
      anchorPem: readFileSync(file('one', 'authorityAnchor'), 'utf8'),
      certificatePem: readFileSync(file('one', 'authority'), 'utf8'),
      privateKeyPem: readFileSync(file('one', 'authorityKey'), 'utf8'),
    });
    const dataDir = join(dir, 'served');
    mkdirSync(dataDir, { mode: 0o700 });
    await cloneTemplate(join(dataDir, 'database'), 'migrated');
    settings['dataDir'] = dataDir;
    settings['timestamps'] = { authorities: [{ url: tsa.url, timeoutMs: 5000 }], anchors: [file('one', 'authorityAnchor')] };
    const url = `http://127.0.0.1:${port}/sign`;
    remote = { name: 'one', certificates: file('one', 'chain'), remote: { url, keyId: 'one', token: { env: 'SIGN_TOKEN' } } };
    write({ signers: [remote], trust: trust('one') });
    served = startCommand(['serve', '--config', config()], { SIGN_TOKEN: TOKEN, IMPRIMATUR_BOOTSTRAP_KEY: KEY });
    expect(await server.said(/on (http:\S+)/)).toBe(url);
    base = await served.said(/is ready on (\S+)/);
  });
  afterAll(async () => {
    await served?.stop();
    await server?.stop();
    await tsa?.close();
  });

  const make = async () => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const answer = await fetch(`${base}/v1/images/generations`, { method: 'POST', headers, body: JSON.stringify(picture) });
    expect(answer.status).toBe(200);
    return { bytes: bytesOf((await jsonOf(answer, imagesBody)).data[0]), timestamp: answer.headers.get('x-imprimatur-timestamp') };
  };
  const states = async (bytes: Uint8Array) => {
    const path = join(dir, 'made.png');
    writeFileSync(path, bytes);
    const { out } = await runCommand(['verify', path, '--json', '--config', config()], { SIGN_TOKEN: TOKEN });
    const report = z.looseObject({ verdict: z.string(), c2pa: z.looseObject({ state: z.string(), codes: z.array(z.string()) }) });
    const { verdict, c2pa } = report.parse(JSON.parse(out));
    return [verdict, c2pa.state, ...c2pa.codes].join(' ');
  };

  it("has OpenSSL's timestamps in its credentials; without the authority header and ledger say that there is none; once it is back, there is one", async () => {
    const makeTrusted = async () => {
      const { bytes, timestamp } = await make();
      expect(await states(bytes)).toBe('ours-intact trusted');
      return timestamp;
    };
    const stamps = async () =>
      (await ledgerEntries({ url: base })).filter(({ kind }) => kind === 'artifact.published').map(({ timestamp }) => timestamp);
    expect(await makeTrusted()).toBeNull();
    tsa?.behave((_, response) => response.destroy());
    expect(await makeTrusted()).toBe('missing');
    tsa?.behave();
    expect(await makeTrusted()).toBeNull();
    await eventually('three entries', async () => ((await stamps()).length === 3 ? true : null));
    expect(await stamps()).toEqual(['stamped', 'missing', 'stamped']);
  });

  it('takes another signer at SIGHUP without a restart, keeps the good ones at a bad file, and still trusts the old pictures', async () => {
    const { bytes: first } = await make();
    write({ signers: [remote, { ...signer('two'), key: join(dir, 'nowhere.pem') }], trust: trust('one', 'two') });
    served?.signal('SIGHUP');
    await eventually('the refusal', async () => served?.stderr().includes('stay as they were') || null);
    expect(await states((await make()).bytes)).toBe('ours-intact trusted');

    write({ signers: [signer('two')], trust: trust('one', 'two') });
    served?.signal('SIGHUP');
    await eventually('the reload', async () => served?.stderr().includes('were read again') || null);
    await server?.stop();
    const { bytes: second } = await make();

    const folder = join(dir, 'folder');
    mkdirSync(folder);
    writeFileSync(join(folder, 'first.png'), first);
    writeFileSync(join(folder, 'second.png'), second);
    const args = ['verify', folder, '--config', config()];
    const both = await runCommand([...args, '--json'], { SIGN_TOKEN: TOKEN });
    expect([both.code, both.err]).toEqual([0, expect.stringContaining('2 files: 2 ours-intact')]);
    expect(both.out.match(/"state":"trusted"/g)).toHaveLength(2);
    writeFileSync(join(folder, 'third.png'), await sharp(second).resize(200).png().toBuffer());
    expect((await runCommand(args, { SIGN_TOKEN: TOKEN })).code).toBe(1);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}
