import { createHash } from 'node:crypto';
import { access, link, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
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
 *
 * @param sources `again`: read anew, though this process did before
 */
export function compileTree(sources: 'as they were' | 'again' = 'as they were'): Promise<string> {
  if (sources === 'again' || tree === undefined) tree = makeTree();
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
    if (path.endsWith('.ts')) await link(await transpiled(text), file);
    else await writeFile(file, text);
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

/** Where the JavaScript of one file is, by the hash of its source: trees mostly have their files in common. */
async function transpiled(text: string): Promise<string> {
  const hash = createHash('sha256').update(`${ts.version}\0${text}`).digest('hex').slice(0, 32);
  const target = join(CACHE, 'transpiled', `${hash}.js`);
  if (await exists(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const fresh = `${target}-${process.pid}`;
  await writeFile(fresh, transpile(text));
  // Of several processes that make it at once, the first one's stays; one that is replaced could not be linked to in that moment.
  await link(fresh, target).catch(() => undefined);
  await rm(fresh);
  return target;
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
