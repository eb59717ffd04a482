import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runCommand } from './cli.ts';
import { openTestGateway, startTestGateway, type TestGateway } from './gateway.ts';
import { ledgerEntries } from './ledger-entries.ts';
import { neutralPicture } from './upstream.ts';
import { eventually } from './waiting.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.close());

const imprimatur = (...args: string[]) => runCommand([...args, '--config', gateway.configFile]);
const file = (name: string, content: string) => {
  const path = join(gateway.dataDir, name);
  writeFileSync(path, content);
  return path;
};
const picture = await neutralPicture();
const md5 = createHash('md5').update(picture).digest('hex');
const check = async () => {
  const body = new FormData();
  body.set('file', new Blob([Buffer.from(picture)], { type: 'image/png' }), 'a.png');
  const answer = await gateway.fetch('/v1/upload-checks', { method: 'POST', body });
  return z.looseObject({ action: z.string() }).parse(await answer.json()).action;
};

describe('an operator who is given a list', () => {
  it('imports it while the gateway runs: from then on its pictures are refused, until it is removed', async () => {
    const before = await check();
    expect(before).not.toBe('refuse');
    const { code, out } = await imprimatur('lists', 'import', file('a.csv', `md5,${md5}\n`), '--name', 'list-a');
    expect([code, out]).toEqual([0, expect.stringContaining('list-a is in force: 0 PDQ, 0 SHA-256, 1 MD5 (sha256:')]);
    expect(await check()).toBe('refuse');
    expect((await imprimatur('lists', 'list')).out).toMatch(/list-a +import +0 +0 +1 +no +sha256:/);
    expect((await imprimatur('lists', 'remove', 'list-a')).out).toBe('list-a is removed.');
    expect(await check()).toBe(before);
    const isWritten = async () => {
      const kinds = (await ledgerEntries(gateway)).map(({ kind }) => kind);
      return kinds.includes('hash_list.imported') && kinds.includes('hash_list.removed') ? true : null;
    };
    expect(await eventually('both changes in the ledger', isWritten)).toBe(true);
  });

  it('is told the lines of a file that cannot be taken, and can take the others', async () => {
    const path = file('bad.csv', `md5,${md5}\nmd5,zz\n`);
    const refused = await imprimatur('lists', 'import', path, '--name', 'list-b');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('line 2: md5 must be 32 hex digits')]);
    const taken = await imprimatur('lists', 'import', path, '--name', 'list-b', '--on-bad-row', 'skip');
    expect([taken.code, taken.out]).toEqual([0, expect.stringContaining('1 bad rows were left out')]);
  });

  it('exports it in the form of an exchange and imports that again, also after a new start', async () => {
    const path = join(gateway.dataDir, 'b.xml');
    expect((await imprimatur('lists', 'export', 'list-b', '--format', 'ncmec', '--out', path)).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain(`<md5>${md5}</md5>`);
    expect((await imprimatur('lists', 'import', path, '--name', 'list-c', '--format', 'ncmec', '--category', 'hate')).code).toBe(0);
    expect((await imprimatur('lists', 'export', 'list-c')).out).toBe(`md5,${md5},hate`);
    await gateway.stop();
    gateway = await openTestGateway(gateway.dataDir);
    expect(await check()).toBe('refuse');
  });

  it('curates a training set against it, and cannot put the manifest inside of the set', async () => {
    const set = join(gateway.dataDir, 'set');
    mkdirSync(set);
    writeFileSync(join(set, 'listed.png'), picture);
    writeFileSync(join(set, 'other.png'), await neutralPicture('png', 96, 40));
    const out = join(gateway.dataDir, 'manifest');
    const done = await imprimatur('curate', set, '--out', out, '--checks', 'none');
    expect([done.code, done.out]).toEqual([0, expect.stringMatching(/^1 stay, 1 go, 0 need a person's look\.\n {2}known +1\n/)]);
    expect(readFileSync(join(out, 'manifest.csv'), 'utf8')).toMatch(/^listed\.png,drop,known:list-[bc]:md5/m);
    expect((await imprimatur('curate', set, '--out', out, '--checks', 'none', '--json')).out).toMatch('"resumed":2');
    expect((await imprimatur('curate', set, '--out', join(set, 'x'))).code).toBe(2);
    expect((await imprimatur('curate', set, '--out', out, '--checks', 'mood')).code).toBe(2);
    expect((await imprimatur('curate', '--help')).out).toMatch(/^imprimatur curate FOLDER --out FOLDER2/);
  });

  it('needs the rights of an operator', async () => {
    expect((await gateway.fetch('/v1/hash-lists')).status).toBe(403);
    expect((await imprimatur('lists', 'import')).code).toBe(2);
    expect((await imprimatur('lists', 'export', 'none')).code).toBe(1);
  });
});
