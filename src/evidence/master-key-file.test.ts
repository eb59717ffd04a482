import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMasterKeyFile } from './master-key-file.ts';

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imprimatur-key-'));
  path = join(directory, 'keys', 'master.key');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the master key file', () => {
  it('is made at the first start for its owner only, and read at the next', async () => {
    const key = await openMasterKeyFile(path);
    expect(key).toHaveLength(32);
    expect(Buffer.from(await openMasterKeyFile(path)).equals(key)).toBe(true);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(directory, 'keys'))).toEqual(['master.key']);
  });

  it('is one and the same for processes that start at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => openMasterKeyFile(path)));
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  });

  it('is refused, and never replaced, when it is damaged or open to others', async () => {
    await openMasterKeyFile(path);
    const text = await readFile(path, 'utf8');
    for (const damaged of ['', text.slice(0, 40), `${text.slice(0, 60)}zzzz`, `${text}${text}`]) {
      await writeFile(path, damaged);
      await expect(openMasterKeyFile(path)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringMatching(/restore it/) });
      expect(await readFile(path, 'utf8')).toBe(damaged);
    }
    await writeFile(path, text);
    await chmod(path, 0o640);
    await expect(openMasterKeyFile(path)).rejects.toMatchObject({ message: expect.stringMatching(/other users may read it/) });
  });

  it('is not quoted in the error about it', async () => {
    await openMasterKeyFile(path);
    const text = (await readFile(path, 'utf8')).trim();
    await writeFile(path, `${text}00`);
    const error = await openMasterKeyFile(path).catch((caught: unknown) => caught);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(text.slice(0, 16));
  });
});
