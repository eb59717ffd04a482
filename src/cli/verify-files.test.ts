import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectFiles } from './collect-files.ts';
import { inOrder } from './in-order.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'imprimatur-files-'));
  await mkdir(join(home, 'b', 'deep'), { recursive: true });
  for (const path of ['c.png', 'a.png', 'b/z.png', 'b/deep/y.png', '.hidden']) await writeFile(join(home, path), 'x');
  await symlink('/', join(home, 'b', 'root'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('the files of a folder', () => {
  it('come by name, with those of folders inside, without hidden ones and without what a link leads to', async () => {
    const found = await collectFiles([home]);
    expect(found.map(({ path }) => path.slice(home.length + 1))).toEqual(['a.png', 'b/deep/y.png', 'b/z.png', 'c.png']);
  });

  it('that is not there is named, and the others are still found', async () => {
    expect(await collectFiles([join(home, 'nowhere'), join(home, 'a.png'), '/dev/null'])).toEqual([
      { path: join(home, 'nowhere'), problem: 'ENOENT' },
      { path: join(home, 'a.png'), bytes: 1 },
      { path: '/dev/null', problem: 'is neither a file nor a folder' },
    ]);
  });
});

it('results come in the order of the files, although at most two are worked on and the first takes longest', async () => {
  let working = 0;
  let most = 0;
  const seen: number[] = [];
  await inOrder(
    [30, 1, 2, 3, 4],
    2,
    async (ms) => {
      most = Math.max(most, ++working);
      await new Promise((resolve) => setTimeout(resolve, ms));
      working--;
      return ms;
    },
    (ms) => seen.push(ms),
  );
  expect({ seen, most }).toEqual({ seen: [30, 1, 2, 3, 4], most: 2 });
});
