import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const DEBIAN_ROOT = '/usr/lib/postgresql';

/** Where the server's programs are, or why the tests that need them are skipped. */
export type Binaries = { readonly kind: 'found'; readonly directory: string } | { readonly kind: 'missing'; readonly reason: string };

/** Looks where Debian puts them (newest version first), then in PATH. @throws when CI=true and they are missing. */
export function findPostgres(): Binaries {
  const directory = [...debianDirectories(), ...(process.env['PATH'] ?? '').split(delimiter)].find(holdsServer);
  if (directory !== undefined) return { kind: 'found', directory };
  const reason = `No PostgreSQL server is installed (looked for initdb and postgres in ${DEBIAN_ROOT}/*/bin and PATH).`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  return { kind: 'missing', reason };
}

/** PostgreSQL refuses to run as root, so root's tests run it as one of these. */
export function serverUser(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((candidate) => candidate.startsWith(`${name}:`));
    const [, , uid, gid] = line?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('There is no user "postgres" or "nobody" to run PostgreSQL as.');
}

function debianDirectories(): string[] {
  try {
    const versions = readdirSync(DEBIAN_ROOT).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(DEBIAN_ROOT, version, 'bin'));
  } catch {
    return [];
  }
}

function holdsServer(directory: string): boolean {
  try {
    for (const program of ['initdb', 'postgres']) accessSync(join(directory, program), constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
