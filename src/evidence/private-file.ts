import { open } from 'node:fs/promises';

const GROUP_AND_OTHERS = 0o077;
const MAX_BYTES = 1_048_576;

/** A file that holds a secret. Opened once, so that what is told of its mode is true of what was read. */
export interface PrivateFile {
  readonly text: string;
  /** Somebody but its owner may read or write it: nobody should rely on what it holds. */
  readonly isExposed: boolean;
}

/** @throws RangeError for more than 1 MiB; file system errors as they come */
export async function readPrivateFile(path: string): Promise<PrivateFile> {
  const file = await open(path, 'r');
  try {
    const { mode, size } = await file.stat();
    if (size > MAX_BYTES) throw new RangeError('too large');
    return { text: await file.readFile('utf8'), isExposed: (mode & GROUP_AND_OTHERS) !== 0 };
  } finally {
    await file.close();
  }
}
