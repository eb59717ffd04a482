import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Debian's Go packages unpack here; `go env GOPATH` may name another place that has them. */
const DEBIAN_GOCODE = '/usr/share/gocode';
const SUMDB = 'src/golang.org/x/mod/sumdb/tlog';

async function findGopath(): Promise<string | null> {
  const { stdout } = await execute('go', ['env', 'GOPATH']);
  return [DEBIAN_GOCODE, ...stdout.trim().split(':')].find((dir) => existsSync(join(dir, SUMDB))) ?? null;
}

/** Builds the verifier as `binary`, offline. Resolves to null, or to the reason why it cannot be built on this machine. */
export async function buildGoVerifier(binary: string): Promise<string | null> {
  const gopath = await findGopath().catch(() => undefined);
  if (gopath === undefined) return 'go is not installed (Debian: golang-go)';
  if (gopath === null) return 'golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)';
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: gopath, GOFLAGS: '' };
  await execute('go', ['build', '-o', binary, '.'], { cwd: import.meta.dirname, env });
  return null;
}

export interface GoVerifierInput {
  readonly dir: string;
  readonly verifierKey: string;
  readonly witnessKey?: string;
  /** JSON file of `ProofFile`. */
  readonly proofs?: string;
}

/** Runs it; resolves to its one line, `PASS …` or `FAIL …`. Rejects when it crashed or the line and the exit code disagree. */
export async function runGoVerifier(binary: string, { dir, verifierKey, witnessKey, proofs }: GoVerifierInput): Promise<string> {
  const options = [...(witnessKey ? ['-witness', witnessKey] : []), ...(proofs ? ['-proofs', proofs] : [])];
  const { code, stdout } = await execute(binary, [dir, verifierKey, ...options]).then(
    ({ stdout }) => ({ code: 0, stdout }),
    (error: { code?: unknown; stdout?: string }) => ({ code: error.code, stdout: error.stdout ?? '' }),
  );
  if ((code === 0 && stdout.startsWith('PASS ')) || (code === 1 && stdout.startsWith('FAIL '))) return stdout.trim();
  throw new Error(`the verifier ended with ${String(code)}: ${stdout}`);
}
