import { fdatasyncSync, fstatSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type InitOptions = Parameters<NodeFS['init']>[1];
type InitResult = Awaited<ReturnType<NodeFS['init']>>;

/** What stops the engine at once. It must not return: the WASM code would go on as if nothing had happened. */
export type Halt = (reason: string) => never;

/**
 * PGlite's file system with the one thing it lacks: fsync. Upstream starts the server with `-F` and has no fsync hook,
 * so a power cut would lose acknowledged commits. With this, each commit is one `fdatasync` (a test counts them), and
 * the directories that PostgreSQL syncs are synced too.
 *
 * A failed sync halts the engine. PostgreSQL would PANIC, but PGlite 0.5.14 swallows the abort and goes on answering; and
 * after a failed fsync Linux may drop the dirty pages and report success the next time (LWN 752063), so only a restart
 * with crash recovery is safe.
 */
export class DurableNodeFs extends NodeFS {
  readonly #halt: Halt;

  constructor(directory: string, halt: Halt) {
    super(directory);
    this.#halt = halt;
  }

  override async init(pg: PGlite, options: InitOptions): Promise<InitResult> {
    const { emscriptenOpts } = await super.init(pg, options);
    const halt = this.#halt;
    emscriptenOpts['onAbort'] = () => halt('The engine aborted.');
    emscriptenOpts.preRun = [(module) => patchFsync(module.FS, halt), ...(emscriptenOpts.preRun ?? [])];
    return { emscriptenOpts };
  }
}

/**
 * Start parameters of a durable engine. `wal_sync_method=fsync` because `fdatasync` is an empty stub in the WASM build.
 * The small buffers and WAL keep the process small (234 to 272 MB with a WASM heap that never shrinks, measured) and crash recovery short.
 */
export const DURABLE_START_PARAMS: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['fsync=on', 'wal_sync_method=fsync', 'shared_buffers=16MB', 'max_wal_size=64MB', 'min_wal_size=32MB'].flatMap((setting) => [
    '-c',
    setting,
  ]),
];

interface NodeStream {
  readonly nfd: number;
}

function isNodeStream(stream: unknown): stream is NodeStream {
  return typeof stream === 'object' && stream !== null && 'nfd' in stream && typeof stream.nfd === 'number';
}

function patchFsync(fileSystem: { readonly filesystems: { readonly NODEFS: object } }, halt: Halt): void {
  const { NODEFS } = fileSystem.filesystems;
  if (!('stream_ops' in NODEFS) || typeof NODEFS.stream_ops !== 'object' || NODEFS.stream_ops === null) {
    halt('The engine has no file hooks any more, so nothing would be durable.');
  }
  Object.assign(NODEFS.stream_ops, {
    fsync(stream: unknown): number {
      if (!isNodeStream(stream)) halt('The engine asked to sync something that is not a file.');
      try {
        fdatasyncSync(stream.nfd);
      } catch (error) {
        if (!isUnsyncableDirectory(stream.nfd, error)) halt(`A file could not be synced: ${String(error)}`);
      }
      return 0;
    },
  });
}

/** Some file systems refuse to sync a directory; PostgreSQL's own `fsync_fname` forgives that too. */
function isUnsyncableDirectory(fd: number, error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EINVAL' && fstatSync(fd).isDirectory();
}
