import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ImprimaturError } from '../contracts/errors.ts';
import { createDurableFile, isCode } from './durable-file.ts';
import { MASTER_KEY_BYTES } from './local-key-wrapper.ts';
import { type PrivateFile, readPrivateFile } from './private-file.ts';

/**
 * The master key in the file at `path` (64 hex digits), which is made on the first call: 0600, and durable before this resolves, because
 * evidence sealed under a key that is lost is lost too. Back it up apart from the evidence.
 *
 * @throws ImprimaturError CONFIG_INVALID when the file is damaged, open to other users, or cannot be read or written.
 */
export async function openMasterKeyFile(path: string): Promise<Uint8Array> {
  return (await readKey(path)) ?? (await makeKey(path));
}

async function readKey(path: string): Promise<Uint8Array | null> {
  let file: PrivateFile;
  try {
    file = await readPrivateFile(path);
  } catch (cause) {
    if (isCode(cause, 'ENOENT')) return null;
    throw invalid(path, 'it cannot be read', cause);
  }
  if (file.isExposed) throw invalid(path, 'other users may read it; give it mode 0600');
  const digits = file.text.trim();
  const key = Buffer.from(digits, 'hex');
  if (key.length !== MASTER_KEY_BYTES || digits.length !== 2 * MASTER_KEY_BYTES) {
    throw invalid(path, 'it does not hold 64 hex digits; restore it from your backup');
  }
  return key;
}

async function makeKey(path: string): Promise<Uint8Array> {
  const key = randomBytes(MASTER_KEY_BYTES);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const made = await createDurableFile({ path, bytes: Buffer.from(`${key.toString('hex')}\n`), mode: 0o600 });
    if (made === 'stored') return key;
  } catch (cause) {
    throw invalid(path, 'it cannot be written', cause);
  }
  // Another process was first, and its key counts.
  const theirs = await readKey(path);
  if (theirs === null) throw invalid(path, 'it was there and is gone');
  return theirs;
}

function invalid(path: string, problem: string, cause?: unknown): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `Evidence master key, ${path}: ${problem}.`, cause });
}
