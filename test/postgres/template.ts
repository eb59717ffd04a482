import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { initialize } from '../../src/storage/embedded/initialize.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { openDatabase } from '../../src/storage/open-database.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/imprimatur');

/** What a cluster depends on: the engine, and the program that makes it. */
const ENGINE = ['node_modules/@electric-sql/pglite/package.json', 'src/storage/embedded/initdb-child.ts'];
const MIGRATIONS = 'src/storage/migrations';

/** `empty`: without any of our tables. `migrated`: with all of them, as this checkout's migrations make them. */
export type Stage = 'empty' | 'migrated';

const made = new Map<Stage, Promise<string>>();

/** Puts a new embedded cluster into `dataDir` by copying one: initdb takes seconds and migrating one, a copy some 100 ms. */
export async function cloneTemplate(dataDir: string, stage: Stage): Promise<void> {
  const template = await templateOf(stage);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await cp(join(template, 'postgres'), join(dataDir, 'postgres'), { recursive: true, mode: constants.COPYFILE_FICLONE });
}

function templateOf(stage: Stage): Promise<string> {
  const found = made.get(stage);
  if (found !== undefined) return found;
  const making = stage === 'empty' ? make(ENGINE, initialize) : makeMigrated();
  made.set(stage, making);
  return making;
}

async function makeMigrated(): Promise<string> {
  const names = await readdir(join(ROOT, MIGRATIONS));
  return make([...ENGINE, ...names.sort().map((name) => join(MIGRATIONS, name))], async (dataDir) => {
    await cloneTemplate(dataDir, 'empty');
    const db = await openDatabase({ dataDir });
    try {
      await migrate(db);
    } finally {
      await db.close();
    }
  });
}

/** Kept between runs by the hash of what it is made of; of several processes that make it at once, the first one's stays. */
async function make(ingredients: readonly string[], fill: (dataDir: string) => Promise<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ingredients) hash.update(await readFile(join(ROOT, file)));
  const target = join(CACHE, `cluster-${hash.digest('hex').slice(0, 16)}`);
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(`${target}-`);
  try {
    await fill(fresh);
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
