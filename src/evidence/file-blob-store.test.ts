import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BlobStore } from './blob-store.ts';
import { openFileBlobStore } from './file-blob-store.ts';

let parent: string;
let directory: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'imprimatur-blobs-'));
  directory = join(parent, 'evidence');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function namesIn(store: BlobStore): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list()) names.push(name);
  return names.sort();
}

function putter(bytes: number, shell = 'exec') {
  const script = fileURLToPath(new URL('./put-blobs.fixture.ts', import.meta.url));
  const child = spawn('sh', ['-c', `${shell} "$@"`, 'sh', process.execPath, '--import', 'tsx', script, directory, `${bytes}`]);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk;
  });
  return { child, lines: () => printed.split('\n').slice(0, -1) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('a blob', () => {
  it('is kept for its owner only, listed, given back, and deleted', async () => {
    const store = await openFileBlobStore({ directory });
    expect(await store.put('a.1', Buffer.from('one'))).toBe('stored');
    expect(await store.put('b-2', Buffer.from('two'))).toBe('stored');
    const again = await openFileBlobStore({ directory });
    expect(Buffer.from((await again.get('a.1'))!).toString()).toBe('one');
    expect([await again.has('a.1'), await again.has('c'), await again.get('c')]).toEqual([true, false, null]);
    expect(await namesIn(again)).toEqual(['a.1', 'b-2']);
    expect([await again.delete('a.1'), await again.delete('a.1'), await again.has('a.1')]).toEqual([true, false, false]);
    const [folder] = (await readdir(directory)).filter((name) => name !== 'drafts' && name.length === 2);
    expect((await stat(join(directory, folder!))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(directory, 'drafts'))).toEqual([]);
  });

  it('is never replaced', async () => {
    const store = await openFileBlobStore({ directory });
    const results = await Promise.all(['x', 'y', 'z'].map((text) => store.put('same', Buffer.from(text))));
    expect(results.filter((result) => result === 'stored')).toHaveLength(1);
    const kept = await store.get('same');
    expect(await store.put('same', Buffer.from('later'))).toBe('existed');
    expect(await store.get('same')).toEqual(kept);
    expect(await readdir(join(directory, 'drafts'))).toEqual([]);
  });

  it('cannot be named so that it lands outside', async () => {
    const store = await openFileBlobStore({ directory });
    for (const name of ['../a', '..', '.', '', 'a/b', '/etc/passwd', 'a\0b', 'A', '.draft-1-0000000000000000', 'a'.repeat(129)]) {
      await expect(store.put(name, Buffer.from('x'))).rejects.toMatchObject({ code: 'INTERNAL' });
      await expect(store.get(name)).rejects.toMatchObject({ code: 'INTERNAL' });
      await expect(store.delete(name)).rejects.toMatchObject({ code: 'INTERNAL' });
    }
    expect(await readdir(parent)).toEqual(['evidence']);
  });

  it('is either whole or not there after the process was killed while writing, and nothing it confirmed is lost', async () => {
    const bytes = 400_000;
    for (let round = 0; round < 4; round++) {
      const { child, lines } = putter(bytes);
      await until(() => lines().length >= 3 + round * 5);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const store = await openFileBlobStore({ directory });
      for (const name of lines().filter((line) => line.startsWith('b'))) expect((await store.get(name))?.length).toBe(bytes);
      for (const name of await namesIn(store)) expect((await store.get(name))?.length).toBe(bytes);
      expect(await readdir(join(directory, 'drafts'))).toEqual([]);
      await rm(directory, { recursive: true });
    }
  });

  it('leaves nothing behind when the disk takes no more, and says that the record was not written', async () => {
    const { child, lines } = putter(300_000, 'ulimit -f 100 && exec');
    await until(() => lines().length >= 3);
    child.stdin.end();
    await once(child, 'exit');
    expect(new Set(lines())).toEqual(new Set(['STORAGE_UNAVAILABLE']));
    expect(await readdir(join(directory, 'drafts'))).toEqual([]);
    expect(await namesIn(await openFileBlobStore({ directory }))).toEqual([]);
  });

  it('is refused as storage failure, not as a crash, when the directory cannot be one', async () => {
    await writeFile(join(parent, 'file'), '');
    await expect(openFileBlobStore({ directory: join(parent, 'file') })).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    const store = await openFileBlobStore({ directory });
    await rm(directory, { recursive: true });
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});

describe('drafts that a killed process left', () => {
  it('are removed at the next start, except those of a process that lives', async () => {
    const drafts = join(directory, 'drafts');
    await mkdir(drafts, { recursive: true });
    const dead = spawn('true');
    await once(dead, 'exit');
    const suffix = '0123456789abcdef';
    const names = [`.draft-${dead.pid}-${suffix}`, `.draft-${process.ppid}-${suffix}`, `.draft-${process.pid}-${suffix}`, 'notes.txt'];
    for (const name of names) await writeFile(join(drafts, name), 'x');
    await symlink(join(parent, 'nowhere'), join(drafts, `.draft-${dead.pid}-aaaaaaaaaaaaaaaa`));
    await openFileBlobStore({ directory });
    expect((await readdir(drafts)).sort()).toEqual(names.slice(1).sort());
  });
});
