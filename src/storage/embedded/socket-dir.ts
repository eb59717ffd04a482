import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The name that PostgreSQL clients expect for port 5432. */
const SOCKET_NAME = '.s.PGSQL.5432';

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, the closing zero included. */
const MAX_PATH_BYTES = 103;

/** A directory that only this user can enter, for the engine's socket: whoever can connect is the superuser. */
export interface SocketDir {
  readonly path: string;
  readonly socketPath: string;
  remove(): Promise<void>;
}

/** `run/` in the data directory, or a new directory in the system's temporary one when that path is too long. */
export async function makeSocketDir(dataDir: string): Promise<SocketDir> {
  const preferred = join(dataDir, 'run');
  const fits = Buffer.byteLength(join(preferred, SOCKET_NAME)) <= MAX_PATH_BYTES;
  const path = fits ? preferred : await mkdtemp(join(tmpdir(), 'imprimatur-'));
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  return { path, socketPath: join(path, SOCKET_NAME), remove: () => rm(path, { recursive: true, force: true }) };
}
