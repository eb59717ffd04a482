// The modules that make a fingerprint are the server's own; from source they are compiled when a browser first asks.
import { readFile } from 'node:fs/promises';

/** @param {string} name of a module of `src/registries/pdq`, without its ending */
export async function browserModule(name) {
  const at = (ending) => new URL(`../../registries/pdq/${name}.${ending}`, import.meta.url);
  const built = await readFile(at('js'), 'utf8').catch(() => null);
  if (built !== null) return built;
  const source = await readFile(at('ts'), 'utf8');
  const { default: ts } = await import('typescript');
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, rewriteRelativeImportExtensions: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}
