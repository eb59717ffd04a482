import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Inside `node_modules`, so that packages resolve from there as they do from `dist`. */
const CACHE = join(ROOT, 'node_modules/.cache/imprimatur');
const FOLDERS = ['src/contracts', 'src/storage', 'src/workers'];

let build: Promise<string> | undefined;

/**
 * The path of a source file as JavaScript, laid out as in `dist`. Programs that tests start again and again run from it,
 * because loading TypeScript costs each a second; and the engine's entries are tested without the TypeScript loader.
 */
export async function compiled(source: URL): Promise<string> {
  build ??= compileAll();
  return join(await build, relative(ROOT, fileURLToPath(source)).replace(/\.ts$/, '.js'));
}

async function compileAll(): Promise<string> {
  const sources = await readSources();
  const hash = createHash('sha256').update(ts.version);
  for (const [path, text] of sources) hash.update(`${path}\0${text}\0`);
  const target = join(CACHE, `build-${hash.digest('hex').slice(0, 16)}`);
  if (await exists(target)) return target;
  await mkdir(CACHE, { recursive: true });
  const fresh = await mkdtemp(`${target}-`);
  await writeFile(join(fresh, 'package.json'), '{"type":"module"}');
  for (const [path, text] of sources) {
    const file = join(fresh, path.replace(/\.ts$/, '.js'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, path.endsWith('.ts') ? transpile(text) : text);
  }
  await rename(fresh, target).catch(() => rm(fresh, { recursive: true, force: true }));
  await removeOldBuilds();
  return target;
}

/** Every change of a source file makes another build; one that is an hour old is nobody's any more. */
async function removeOldBuilds(): Promise<void> {
  for (const name of await readdir(CACHE)) {
    const path = join(CACHE, name);
    const info = name.startsWith('build-') ? await stat(path).catch(() => null) : null;
    if (info !== null && Date.now() - info.mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

async function readSources(): Promise<(readonly [path: string, text: string])[]> {
  const paths: string[] = [];
  for (const folder of FOLDERS) {
    const names = await readdir(join(ROOT, folder), { recursive: true });
    paths.push(...names.filter((name) => /\.(?:ts|mjs)$/.test(name) && !name.endsWith('.test.ts')).map((name) => join(folder, name)));
  }
  return Promise.all(paths.sort().map(async (path) => [path, await readFile(join(ROOT, path), 'utf8')] as const));
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

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
