import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Inside `node_modules`, so that packages resolve. */
const CACHE = join(ROOT, 'node_modules/.cache/imprimatur');
const FOLDERS = ['src', 'bin', 'bench', 'test/postgres', 'test/tlog-verifier'];
const OLD_MS = 6 * 3_600_000;

let tree: Promise<string> | undefined;

/**
 * The whole source as JavaScript, laid out as in the repository. What is measured, and what tests kill, runs from here: under
 * the TypeScript loader every closure costs a `defineProperty` more than it does in what ships, and nobody can tell whether
 * `dist` is fresh. Kept by the hash of the sources, so processes that ask for the same tree share it.
 */
export function compileTree(): Promise<string> {
  tree ??= makeTree();
  return tree;
}

async function makeTree(): Promise<string> {
  const sources = await readSources();
  // A tree links the policies of the checkout that made it, and checkouts may share `node_modules`.
  const hash = createHash('sha256').update(`${ts.version}\0${ROOT}\0`);
  for (const { path, text } of sources) hash.update(`${path}\0${text}\0`);
  const target = join(CACHE, `tree-${hash.digest('hex').slice(0, 16)}`);
  if (await exists(target)) {
    await utimes(target, new Date(), new Date());
    return target;
  }
  await mkdir(CACHE, { recursive: true });
  await removeOldTrees();
  const fresh = await mkdtemp(`${target}-`);
  for (const { path, text } of sources) {
    const file = join(fresh, path.replace(/\.ts$/, '.js'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, path.endsWith('.ts') ? transpile(text) : text);
  }
  await writeFile(join(fresh, 'package.json'), '{"type":"module"}');
  await symlink(join(ROOT, 'policies'), join(fresh, 'policies'));
  // As in `dist`: the build made them.
  await symlink(join(ROOT, 'dist/networks'), join(fresh, 'src/networks'));
  // What `bin/imprimatur.mjs` starts.
  await symlink('src', join(fresh, 'dist'));
  // Of several processes that make it at once, the first one's stays.
  await rename(fresh, target).catch(() => rm(fresh, { recursive: true, force: true }));
  return target;
}

async function readSources(): Promise<{ readonly path: string; readonly text: string }[]> {
  const paths: string[] = [];
  for (const folder of FOLDERS) {
    const names = await readdir(join(ROOT, folder), { recursive: true });
    paths.push(...names.filter((name) => /\.(ts|mjs|go)$/.test(name) && !/\.(test|d)\.ts$/.test(name)).map((name) => join(folder, name)));
  }
  return Promise.all(paths.sort().map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })));
}

function transpile(text: string): string {
  const compilerOptions: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    target: ts.ScriptTarget.ES2023,
    verbatimModuleSyntax: true,
    rewriteRelativeImportExtensions: true,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** Every change of a source makes another tree. */
async function removeOldTrees(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const info = /^(tree|bench|gateway)-/.test(name) ? await stat(path).catch(() => null) : null;
    if (info !== null && Date.now() - info.mtimeMs > OLD_MS) await rm(path, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
