import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { HIERARCHY_FILES, makeDevelopmentHierarchy } from '../provenance/signing/certificates/development-ca.ts';
import { createLogger, createTelemetry } from '../telemetry/telemetry.ts';
import { listSigning } from './list-signing.ts';
import { openSigning, readSigning } from './open-signing.ts';

const DAY_MS = 86_400_000;
const outbound = createOutbound();
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-signing-'));
  await makeDevelopmentHierarchy(join(dir, 'a'), { alg: 'es256' });
  await makeDevelopmentHierarchy(join(dir, 'b'), { alg: 'ed25519' });
  await makeDevelopmentHierarchy(join(dir, 'old'), { alg: 'es256', now: new Date(Date.now() - 400 * DAY_MS) });
});
afterAll(async () => {
  await outbound.close();
  await rm(dir, { recursive: true, force: true });
});

const file = (hierarchy: string, name: keyof typeof HIERARCHY_FILES) => join(dir, hierarchy, HIERARCHY_FILES[name]);
const signer = (hierarchy: string, more = '') =>
  `  - { name: ${hierarchy}, certificates: ${file(hierarchy, 'chain')}, key: ${file(hierarchy, 'key')}${more} }`;
const anchors = (...hierarchies: readonly string[]) => `trust: { anchors: [${hierarchies.map((one) => file(one, 'root')).join(', ')}] }`;

let count = 0;
async function configured(text: string, env: Record<string, string> = {}) {
  const path = join(dir, `config-${count++}.yaml`);
  await writeFile(path, text);
  return loadConfig({ flags: { config: path, 'data-dir': join(dir, 'data') }, env });
}

const ignore = () => undefined;
const read = async (text: string, env?: Record<string, string>) =>
  readSigning(await configured(text, env), { outbound, onStamp: ignore, onRemoteFailure: ignore });
const refusal = (text: RegExp) => expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringMatching(text) });

describe('signers of the configuration', () => {
  it('sign from a file, and from a secret on one line', async () => {
    const fromFile = await read(`signers:\n${signer('a')}\n${anchors('a')}\n`);
    expect(fromFile.signers.map(({ name, signer: { alg } }) => [name, alg])).toEqual([['a', 'es256']]);
    const pem = (await readFile(file('b', 'key'), 'utf8')).replaceAll('\n', '\\n');
    const text = `signers:\n  - { name: b, certificates: ${file('b', 'chain')}, keyPem: { env: CREDENTIAL_KEY } }\n${anchors('b')}\n`;
    expect((await read(text, { CREDENTIAL_KEY: pem })).signers[0]?.signer.alg).toBe('ed25519');
    await expect(read(text, { CREDENTIAL_KEY: pem.slice(0, 60) })).rejects.toEqual(refusal(/key-unreadable/));
    await expect(read(text, { CREDENTIAL_KEY: pem.slice(0, 60) })).rejects.not.toEqual(refusal(/MC4C/));
  });

  it('are refused with every problem of all of them at once', async () => {
    await chmod(file('b', 'key'), 0o640);
    const crossed = `  - { name: crossed, certificates: ${file('a', 'chain')}, key: ${file('old', 'key')}, alg: es384 }`;
    await expect(read(`signers:\n${signer('b')}\n${crossed}\n${anchors('b')}\n`)).rejects.toEqual(
      refusal(/signers\.b\.key: key-file-permissions[\s\S]*signers\.crossed: chain-untrusted[\s\S]*key-mismatch[\s\S]*algorithm-mismatch/),
    );
    await chmod(file('b', 'key'), 0o600);
    await expect(read(`signers:\n${signer('a')}\n`)).rejects.toEqual(refusal(/trust\.anchors: name the PEM file/));
    await expect(read(`signers:\n  - { name: x, certificates: /gone.pem, key: /gone.key }\n${anchors('a')}`)).rejects.toEqual(
      refusal(/x\.certificates: \/gone\.pem cannot be read[\s\S]*x\.key: \/gone\.key cannot be read/),
    );
  });

  it('do not start on a certificate that has run out, unless another may sign', async () => {
    await expect(read(`signers:\n${signer('old')}\n${anchors('old')}\n`)).rejects.toEqual(refusal(/signers\.old: expired \(leaf\)/));
    const both = `signers:\n${signer('old')}\n${signer('a')}\n${anchors('old', 'a')}\n`;
    expect((await read(both)).signers.map(({ name }) => name)).toEqual(['old', 'a']);
    const listed = await listSigning(await configured(both));
    expect(listed.signers.map(({ name, state }) => [name, state])).toEqual([
      ['old', 'over'],
      ['a', 'signs'],
    ]);
    const later = `, from: "${new Date(Date.now() + DAY_MS).toISOString()}"`;
    await expect(read(`signers:\n${signer('a', later)}\n${anchors('a')}\n`)).rejects.toEqual(refusal(/the time of none of them is now/));
  });

  it('need to say where the key is, exactly once', async () => {
    const nowhere = `signers:\n  - { name: a, certificates: ${file('a', 'chain')} }\n${anchors('a')}`;
    await expect(read(nowhere)).rejects.toEqual(refusal(/exactly one of key, keyPem and remote/));
  });
});

describe('time-stamp authorities of the configuration', () => {
  const authorities = (anchor: string, mode = 'preferred') =>
    `timestamps: { mode: ${mode}, authorities: [{ url: "http://127.0.0.1:9/tsa" }], anchors: [${anchor}] }`;

  it('need an anchor that cannot certify signers, because c2pa-rs has one list for both', async () => {
    expect((await read(authorities(file('a', 'authorityAnchor'), 'required'))).stamping?.isRequired).toBe(true);
    await expect(read(authorities(file('a', 'root')))).rejects.toEqual(
      refusal(/authority-anchor-unlimited: .*issuing CA instead of its root/),
    );
    expect((await read(`${authorities(file('a', 'root'))}\n${anchors('a')}\n`)).stamping?.isRequired).toBe(false);
  });

  it('are not asked when there are none or the mode is off, and cannot be required then', async () => {
    expect((await read('')).stamping).toBeUndefined();
    expect((await read(authorities(file('a', 'authorityAnchor'), 'off'))).stamping).toBeUndefined();
    await expect(read('timestamps: { mode: required }')).rejects.toEqual(refusal(/timestamps are required, and there is none/));
    await expect(read('timestamps: { authorities: [{ url: "http://127.0.0.1:9/" }] }')).rejects.toEqual(
      refusal(/timestamps\.anchors: name/),
    );
  });
});

describe('a running gateway', () => {
  it('takes a new signer when told to, keeps what it has when the new one is bad, and trusts both', async () => {
    const telemetry = createTelemetry(createLogger('silent'));
    const signing = await openSigning(await configured(`signers:\n${signer('a')}\n${anchors('a')}\n`), { outbound, telemetry });
    await signing.reload(await configured(`signers:\n${signer('a')}\n${signer('b')}\n${anchors('a', 'b')}\n`));
    expect(signing.ring.nameOfCurrent()).toBe('b');
    expect(signing.ring.current().alg).toBe('ed25519');
    expect(signing.ring.trustAnchorsPem().match(/BEGIN CERT/g)).toHaveLength(2);
    await expect(signing.reload(await configured(`signers:\n${signer('old')}\n${anchors('old')}\n`))).rejects.toEqual(refusal(/expired/));
    expect(signing.ring.nameOfCurrent()).toBe('b');
    expect(await telemetry.registry.metrics()).toMatch(/imprimatur_signing_covered_seconds 3\d{7}/);
    await signing.stop();
  });

  it('has a development hierarchy of its own when nothing is configured, the same at every start', async () => {
    expect(await listSigning(await configured(''))).toMatchObject({ signers: [{ name: 'development' }] });
    const [first, second] = [await read(''), await read('')];
    expect(second.trustAnchorsPem).toBe(first.trustAnchorsPem);
    expect(first.signers.map(({ name }) => name)).toEqual(['development']);
  });
});
