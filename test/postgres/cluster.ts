import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findPostgres, serverUser } from './binaries.ts';
import { descendantsOf, isRunning } from './processes.ts';

const START_TIMEOUT_MS = 20_000;

/** A PostgreSQL server of our own, on a Unix socket in a temporary directory. */
export interface Cluster {
  url(database: string): string;
  /** Makes an empty database and resolves to its name. */
  createDatabase(): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** SIGKILL to the postmaster; resolves when its backends have noticed and ended. */
  kill9(): Promise<void>;
  /** SIGQUIT, PostgreSQL's immediate shutdown: no checkpoint, so the next start recovers. */
  quit(): Promise<void>;
  /** Fast shutdown (every client is disconnected), then deletes everything. */
  stop(): Promise<void>;
  /** Starts the server again, after `kill9` or instead of the running one. */
  restart(): Promise<void>;
}

interface ClusterOptions {
  /** Does not wait for the disk: for tests that no machine's crash is part of. What a killed server keeps is the same. */
  readonly isQuick?: boolean;
}

/** Null, with the reason on the console, when no server is installed. @throws when CI=true and none is. */
export async function startCluster({ isQuick = false }: ClusterOptions = {}): Promise<Cluster | null> {
  const binaries = findPostgres();
  if (binaries.kind === 'missing') {
    console.warn(`skipped: ${binaries.reason}`);
    return null;
  }
  const user = serverUser();
  const root = await mkdtemp(join(tmpdir(), 'imp-pg-'));
  const [dataDir, socketDir] = [join(root, 'data'), join(root, 'run')];
  for (const path of [root, dataDir, socketDir]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    if (user.uid !== undefined) await chown(path, user.uid, user.gid);
  }
  const initdb = ['-D', dataDir, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'];
  await promisify(execFile)(join(binaries.directory, 'initdb'), initdb, { ...user, cwd: root });
  const url = (database: string) => `postgresql:///${database}?host=${encodeURIComponent(socketDir)}&port=5432&user=postgres`;
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socketDir}`,
    `fsync=${isQuick ? 'off' : 'on'}`,
    'max_connections=60',
    'shared_buffers=32MB',
  ];
  const args = ['-D', dataDir, ...settings.flatMap((setting) => ['-c', setting])];
  const launch = () => spawn(join(binaries.directory, 'postgres'), args, { ...user, cwd: root, stdio: 'ignore' });

  let server = await launchUntilReady(launch, url('postgres'));
  let databases = 0;
  const end = async (signal: NodeJS.Signals) => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  return {
    url,
    async createDatabase() {
      databases += 1;
      const name = `test_${databases}`;
      await administer(url('postgres'), `create database ${name}`);
      return name;
    },
    dropDatabase: (name) => administer(url('postgres'), `drop database if exists ${name} with (force)`),
    async kill9() {
      // Until a backend is scheduled it goes on serving its connection.
      const backends = descendantsOf(server.pid ?? 0);
      await end('SIGKILL');
      while (backends.some(isRunning)) await sleep(10);
    },
    quit: () => end('SIGQUIT'),
    async stop() {
      await end('SIGINT');
      await rm(root, { recursive: true, force: true });
    },
    async restart() {
      await end('SIGINT');
      server = await launchUntilReady(launch, url('postgres'));
    },
  };
}

/** After `kill9` the first attempts may fail: the old backends still hold the shared memory. */
async function launchUntilReady(launch: () => ChildProcess, url: string): Promise<ChildProcess> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  let server = launch();
  while (Date.now() < deadline) {
    if (server.exitCode !== null) server = launch();
    try {
      await administer(url, 'select 1');
      return server;
    } catch {
      await sleep(50);
    }
  }
  server.kill('SIGKILL');
  throw new Error('The PostgreSQL test server did not start.');
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}
