import { readFile, stat } from 'node:fs/promises';
import { ImprimaturError } from '../../contracts/errors.ts';
import { readPrivateFile } from '../../evidence/private-file.ts';

const MAX_BYTES = 1_048_576;

/** A PEM file that is no secret. @param setting where its path was configured, for the message. @throws ImprimaturError CONFIG_INVALID */
export async function readPemFile(path: string, setting: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new RangeError('too large');
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, setting, cause);
  }
}

/** A private key. @throws ImprimaturError CONFIG_INVALID also when anybody but its owner may read or write the file */
export async function readKeyFile(path: string, setting: string): Promise<string> {
  const { text, isExposed } = await readPrivateFile(path).catch((cause: unknown) => {
    throw unreadable(path, setting, cause);
  });
  if (!isExposed) return text;
  throw new ImprimaturError('CONFIG_INVALID', {
    detail: `${setting}: key-file-permissions: other users may read ${path}. Make a new key if they should not have, and give the file mode 0600.`,
  });
}

function unreadable(path: string, setting: string, cause: unknown): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `${setting}: ${path} cannot be read.`, cause });
}
