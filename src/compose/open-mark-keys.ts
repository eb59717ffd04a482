import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ImprimaturError } from '../contracts/errors.ts';
import { createDurableFile, isCode } from '../evidence/durable-file.ts';
import { type PrivateFile, readPrivateFile } from '../evidence/private-file.ts';
import { formatKeyFile, type MarkKey, newMarkKey, parseKeyFile } from '../watermark/mark-key.ts';

/** Keys of the watermark, newest first. */
export type MarkKeys = readonly [MarkKey, ...MarkKey[]];

export function markKeyPath(dataDir: string): string {
  return join(dataDir, 'keys', 'watermark.keys');
}

/**
 * The keys in the file at `path`, which is made with one key when it is not there: 0600, and durable, because a mark whose key is lost can never be
 * read again.
 * @throws ImprimaturError CONFIG_INVALID when the file is damaged, open to other users, or cannot be read or written
 */
export async function openMarkKeys(path: string): Promise<MarkKeys> {
  try {
    return await readMarkKeys(path);
  } catch (error) {
    if (!(error instanceof ImprimaturError && isCode(error.cause, 'ENOENT'))) throw error;
  }
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await createDurableFile({ path, bytes: Buffer.from(formatKeyFile([newMarkKey(1)])), mode: 0o600 });
  } catch (cause) {
    throw invalid(path, 'it cannot be written', cause);
  }
  return readMarkKeys(path);
}

/** The same, and makes no file. @throws ImprimaturError CONFIG_INVALID */
export async function readMarkKeys(path: string): Promise<MarkKeys> {
  let file: PrivateFile;
  try {
    file = await readPrivateFile(path);
  } catch (cause) {
    throw invalid(path, 'it cannot be read', cause);
  }
  if (file.isExposed) throw invalid(path, 'other users may read it; give it mode 0600', undefined);
  try {
    return parseKeyFile(file.text);
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : 'it is damaged', cause);
  }
}

function invalid(path: string, problem: string, cause: unknown): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `Watermark keys, ${path}: ${problem}.`, cause });
}
