import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Where the build puts the console, as seen from `dist/` and from the source. */
const FOLDERS = [new URL('../../console/', import.meta.url), new URL('../../../dist/console/', import.meta.url)];

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface ConsoleFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** Strong, from the content. */
  readonly tag: string;
  /** Compressed, once for all readers. */
  readonly zipped: () => Promise<Buffer>;
}

/**
 * The built console in memory, by path: an address can only ever name one of these. Empty where nothing was built. Files of other types than a
 * console has are left out.
 */
export async function readConsole(folders: readonly URL[] = FOLDERS): Promise<ReadonlyMap<string, ConsoleFile>> {
  for (const folder of folders) {
    const paths = await readdir(folder, { recursive: true }).catch((): string[] => []);
    if (!paths.includes('index.html')) continue;
    const named = paths.map((path) => path.replaceAll('\\', '/')).filter((path) => TYPES[extname(path)] !== undefined);
    return new Map(await Promise.all(named.map(async (path) => [path, await readOne(folder, path)] as const)));
  }
  return new Map();
}

async function readOne(folder: URL, path: string): Promise<ConsoleFile> {
  const bytes = await readFile(new URL(path, folder));
  let zipped: Promise<Buffer> | null = null;
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    bytes,
    tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    zipped: () => {
      zipped ??= promisify(gzip)(bytes, { level: 9 });
      return zipped;
    },
  };
}
