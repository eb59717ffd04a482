import { extname } from 'node:path';

/**
 * The address of a job module that stands beside the importing file, for `Job.module`:
 * `jobModule(import.meta.url, './inspect-job')`. It takes the extension of the importer, so it is `.ts` from source
 * (vitest, tsx) and `.js` from `dist`; `tsc` rewrites imports but leaves `new URL('./x.ts', …)` alone.
 */
export function jobModule(importMetaUrl: string, name: `./${string}` | `../${string}`): string {
  const importer = new URL(importMetaUrl);
  return new URL(`${name}${extname(importer.pathname)}`, importer).href;
}
