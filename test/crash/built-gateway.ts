import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Inside `node_modules`, so that packages resolve from there as they do from a checkout. */
const CACHE = join(ROOT, 'node_modules/.cache/imprimatur');
const OLD_MS = 3_600_000;

let build: Promise<string> | undefined;

/**
 * The path of `bin/imprimatur.mjs` over a build of the sources as they are now, laid out as in a checkout. `dist` is not used, because
 * nobody can tell whether it is fresh; a build of our own (kept by the hash of the sources) always is. Takes 3 s once.
 */
export function builtGateway(): Promise<string> {
  build ??= makeBuild();
  return build;
}

async function makeBuild(): Promise<string> {
  const target = join(CACHE, `gateway-${await digestOfSources()}`);
  const program = join(target, 'bin/imprimatur.mjs');
  if (await exists(program)) return program;
  await mkdir(CACHE, { recursive: true });
  await removeOldBuilds();
  const fresh = await mkdtemp(`${target}-`);
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['-p', 'tsconfig.build.json', '--noCheck', '--incremental', 'false', '--tsBuildInfoFile', 'null', '--outDir'];
  await promisify(execFile)(process.execPath, [tsc, ...options, join(fresh, 'dist')], { cwd: ROOT });
  await cp(join(ROOT, 'bin'), join(fresh, 'bin'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(fresh, 'package.json'));
  await symlink(join(ROOT, 'policies'), join(fresh, 'policies'));
  // Of several test files that build at once, the first one's stays.
  await rename(fresh, target).catch(() => rm(fresh, { recursive: true, force: true }));
  return program;
}

async function digestOfSources(): Promise<string> {
  const names = (await readdir(join(ROOT, 'src'), { recursive: true })).filter((name) => /\.(?:ts|mjs)$/.test(name)).sort();
  const hash = createHash('sha256');
  for (const path of [...names.map((name) => join('src', name)), 'bin/imprimatur.mjs', 'package.json']) {
    hash.update(`${path}\0`).update(await readFile(join(ROOT, path)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function removeOldBuilds(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const info = name.startsWith('gateway-') ? await stat(path).catch(() => null) : null;
    if (info !== null && Date.now() - info.mtimeMs > OLD_MS) await rm(path, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
