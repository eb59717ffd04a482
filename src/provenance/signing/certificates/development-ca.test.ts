import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { otherPki } from '../../pki.fixture.ts';
import { createLocalSigner } from '../local-signer.ts';
import { HIERARCHY_FILES, makeDevelopmentHierarchy, openDevelopmentCa } from './development-ca.ts';

const DAY_MS = 86_400_000;
let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'imprimatur-ca-'));
  directory = join(parent, 'development-ca');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const refusal = (detail: RegExp) => ({ code: 'CONFIG_INVALID', message: expect.stringMatching(detail) });

describe('the development CA', () => {
  it('is made once, for its owner only, and is the same one on the next start', async () => {
    const first = await openDevelopmentCa({ directory });
    expect(await openDevelopmentCa({ directory })).toEqual(first);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    const files = await readdir(directory);
    expect(files).toHaveLength(3);
    for (const file of files) expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
    expect(await readdir(parent)).toEqual(['development-ca']);
  });

  it('is one and the same for processes that start at once', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => openDevelopmentCa({ directory })));
    expect(new Set(all.map(({ chainPem }) => chainPem)).size).toBe(1);
    expect(await readdir(parent)).toEqual(['development-ca']);
  });

  it('follows the certificate profile, says that nobody trusts it, and keeps no key that could issue more', async () => {
    const { rootPem, chainPem } = await openDevelopmentCa({ directory });
    const leaf = new X509Certificate(chainPem);
    const root = new X509Certificate(rootPem);
    expect(root.subject).toMatch(/development root.*not trusted by anyone/);
    expect(leaf.ca).toBe(false);
    expect(leaf.subject).toMatch(/O=Imprimatur/);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.4', '1.3.6.1.4.1.62558.2.1']);
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY_MS;
    expect(days).toBeLessThanOrEqual(366);
    expect((Date.parse(root.validTo) - Date.parse(root.validFrom)) / DAY_MS).toBeCloseTo(3650, 1);
    const keys = (await Promise.all((await readdir(directory)).map((file) => readFile(join(directory, file), 'utf8')))).join('');
    expect(keys.match(/BEGIN PRIVATE KEY/g)).toHaveLength(1);
  });

  it('names the leaf once it has expired, and says what to do', async () => {
    await openDevelopmentCa({ directory });
    const later = new Date(Date.now() + 367 * DAY_MS);
    await expect(openDevelopmentCa({ directory, now: later })).rejects.toMatchObject(
      refusal(/expired \(leaf\): it expired on [\s\S]*Move the directory away/),
    );
  });

  it('names the file that is damaged, missing, of another chain, or open to other users', async () => {
    await openDevelopmentCa({ directory });
    const other = await openDevelopmentCa({ directory: join(parent, 'other') });
    const key = join(directory, 'leaf.key.pem');
    const root = join(directory, 'root.cert.pem');
    const original = { key: await readFile(key, 'utf8'), root: await readFile(root, 'utf8') };
    const open = () => openDevelopmentCa({ directory });

    await writeFile(key, other.privateKeyPem);
    await expect(open()).rejects.toMatchObject(refusal(/leaf\.key\.pem: key-mismatch \(key\): it is not the key of the leaf/));
    await writeFile(key, original.key.slice(0, 80));
    await expect(open()).rejects.toMatchObject(refusal(/leaf\.key\.pem: it is damaged/));
    await writeFile(key, original.key);
    await writeFile(root, other.rootPem);
    await expect(open()).rejects.toMatchObject(refusal(/chain-untrusted \(intermediate\)/));
    await rm(root);
    await expect(open()).rejects.toMatchObject(refusal(/root\.cert\.pem: it cannot be read/));
    await writeFile(root, original.root);
    await chmod(key, 0o644);
    await expect(open()).rejects.toMatchObject(refusal(/other users may read it/));
  });
});

describe('a hierarchy for development', () => {
  it('is made whole, with a time-stamp authority, and never over something that is there', async () => {
    const place = join(parent, 'mine');
    await makeDevelopmentHierarchy(place, { alg: 'ed25519' });
    const files = await readdir(place);
    expect(files.sort()).toEqual(Object.values(HIERARCHY_FILES).sort());
    for (const file of files) expect((await stat(join(place, file))).mode & 0o777).toBe(0o600);
    const anchor = new X509Certificate(await readFile(join(place, HIERARCHY_FILES.authorityAnchor)));
    expect(anchor.keyUsage).toEqual(['1.3.6.1.5.5.7.3.8']);
    await expect(makeDevelopmentHierarchy(place, { alg: 'es256' })).rejects.toMatchObject(refusal(/exists already/));
  });
});

describe('a signer from PEM files', () => {
  it('is refused with the rule that its certificate breaks', async () => {
    const { chainPem, privateKeyPem, rootPem } = await openDevelopmentCa({ directory });
    const other = await openDevelopmentCa({ directory: join(parent, 'other') });
    expect(createLocalSigner({ chainPem, privateKeyPem })).toMatchObject({ alg: 'es256' });
    expect(() => createLocalSigner({ chainPem: rootPem, privateKeyPem })).toThrow(/leaf-is-ca \(leaf\): it is a CA certificate/);
    expect(() => createLocalSigner({ chainPem, privateKeyPem: other.privateKeyPem })).toThrow(/key-mismatch/);
    const serverLeaf = await otherPki('es384', { extendedKeyUsage: '1.3.6.1.5.5.7.3.1' });
    expect(() => createLocalSigner(serverLeaf)).toThrow(/none of the extended key usages/);
    const nameless = await otherPki('es384', { subject: 'CN=leaf' });
    expect(() => createLocalSigner(nameless)).toThrow(/no organization/);
    expect(() => createLocalSigner({ chainPem: 'nothing', privateKeyPem })).toThrow(/there is no certificate/);
    expect(() => createLocalSigner({ chainPem, privateKeyPem: 'nothing' })).toThrow(/not readable PEM/);
  });
});
