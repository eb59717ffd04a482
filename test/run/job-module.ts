import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inject } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Takes the place of `src/workers/job-module.ts` in tests: what runs in a thread or process of its own is the same source, compiled once for
 * all, as it is in what ships. From source, each of them would load a TypeScript compiler first, a second of CPU each time.
 */
export function jobModule(importMetaUrl: string, name: `./${string}` | `../${string}`): string {
  const importer = join(inject('compiledTree'), relative(ROOT, fileURLToPath(importMetaUrl)));
  return new URL(`${name}.js`, pathToFileURL(importer)).href;
}
