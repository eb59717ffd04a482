import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Inside `node_modules`, so that packages resolve. */
const CACHE = join(ROOT, 'node_modules/.cache/imprimatur');
const FOLDERS = ['src', 'bin', 'bench', 'test/postgres', 'test/tlog-verifier'];

/**
 * The whole source as JavaScript, laid out as in the repository. What is measured runs from here: under the TypeScript
 * loader every closure costs a `defineProperty` more than it does in what ships.
 */
export async function compileTree(): Promise<string> {
  await removeOldTrees();
  const tree = join(CACHE, `bench-${process.pid}`);
  await rm(tree, { recursive: true, force: true });
  for (const folder of FOLDERS) {
    for (const name of await readdir(join(ROOT, folder), { recursive: true })) {
      if (/\.(ts|mjs|go)$/.test(name) && !/\.(test|d)\.ts$/.test(name)) await compileFile(tree, join(folder, name));
    }
  }
  await writeFile(join(tree, 'package.json'), '{"type":"module"}');
  await symlink(join(ROOT, 'policies'), join(tree, 'policies'));
  return tree;
}

async function compileFile(tree: string, path: string): Promise<void> {
  const text = await readFile(join(ROOT, path), 'utf8');
  const target = join(tree, path.replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, path.endsWith('.ts') ? transpile(text) : text);
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

/** Left by a bench that was killed. */
async function removeOldTrees(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const info = name.startsWith('bench-') ? await stat(path).catch(() => null) : null;
    if (info !== null && Date.now() - info.mtimeMs > 6 * 3_600_000) await rm(path, { recursive: true, force: true });
  }
}
