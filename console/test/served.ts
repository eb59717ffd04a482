import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fastify from 'fastify';
import { build } from 'vite';
import { consoleRoutes } from '../../src/http/routes/console.ts';
import { createMockApi, type MockApi, type MockOptions } from '../dev-fixtures/mock-api.ts';

const ROOT = join(import.meta.dirname, '..');
/** Builds of this machine by what they are made of: files of tests share one, and so does the next run. */
const BUILDS = join(ROOT, '..', 'node_modules', '.cache', 'imprimatur-console');
/** More than one, because another process may be about to read an older one. */
const KEPT = 4;

/** The console of this very source, built. */
export interface BuiltConsole {
  readonly folder: URL;
  readonly path: string;
}

export async function buildConsole(): Promise<BuiltConsole> {
  const path = join(BUILDS, digestOfSource());
  if (!existsSync(path)) await buildInto(path);
  return { folder: pathToFileURL(`${path}/`), path };
}

async function buildInto(path: string): Promise<void> {
  mkdirSync(BUILDS, { recursive: true });
  const outDir = mkdtempSync(join(BUILDS, 'half-'));
  // A test is no other build than the one that is shipped.
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await build({ root: ROOT, configFile: join(ROOT, 'vite.config.ts'), logLevel: 'error', build: { outDir } });
  process.env['NODE_ENV'] = before;
  try {
    renameSync(outDir, path);
  } catch {
    // Another process was as fast with the same.
    rmSync(outDir, { recursive: true, force: true });
  }
  const byAge = readdirSync(BUILDS)
    .map((name) => join(BUILDS, name))
    .map((one) => ({ one, at: statSync(one, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  for (const { one } of byAge.slice(KEPT)) rmSync(one, { recursive: true, force: true });
}

/** Everything that the build reads of ours; what it reads of others stands in the lockfile. */
function digestOfSource(): string {
  const hash = createHash('sha256');
  const files = ['src', 'public'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name)),
  );
  for (const file of [...files.sort(), join(ROOT, 'index.html'), join(ROOT, 'vite.config.ts'), join(ROOT, '..', 'package-lock.json')]) {
    hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex').slice(0, 24);
}

export interface ServedConsole {
  readonly url: string;
  readonly api: MockApi;
  close(): Promise<void>;
}

/** The built console with the headers of the gateway's own route, and made-up answers behind it. */
export async function serveConsole({ folder }: BuiltConsole, options: MockOptions = {}): Promise<ServedConsole> {
  const api = createMockApi(options);
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  await app.register(consoleRoutes([folder]));
  app.all('/v1/*', (request, reply) => {
    reply.hijack();
    api(request.raw, reply.raw, () => reply.raw.end());
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, api, close: () => app.close() };
}
