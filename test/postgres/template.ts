import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initialize } from '../../src/storage/embedded/initialize.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/imprimatur/', import.meta.url));

/** What a cluster depends on: the engine, and the program that makes it. */
const INGREDIENTS = ['../../node_modules/@electric-sql/pglite/package.json', '../../src/storage/embedded/initdb-child.ts'];

let template: Promise<string> | undefined;

/** Puts a new embedded cluster into `dataDir` by copying one: initdb takes seconds, a copy some 100 ms. */
export async function cloneTemplate(dataDir: string): Promise<void> {
  template ??= makeTemplate();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await cp(join(await template, 'postgres'), join(dataDir, 'postgres'), { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** Kept between runs; of several processes that make it at once, the first one's stays. */
async function makeTemplate(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of INGREDIENTS) hash.update(await readFile(new URL(file, import.meta.url)));
  const target = join(CACHE, `cluster-${hash.digest('hex').slice(0, 16)}`);
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(`${target}-`);
  try {
    await initialize(fresh);
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
