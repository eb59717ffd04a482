import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { type RunningGateway, startGateway } from '../../src/compose/start-gateway.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { cloneTemplate } from '../postgres/template.ts';

/** A test that breaks an upstream must not keep the next one from it. */
const PATIENT = { restSeconds: 0, accountRestSeconds: 0, refusalsPerUser: 1_000_000 };

interface SdkOptions {
  readonly maxRetries?: number;
  readonly timeout?: number;
  /** The release of the SDK; see `sdk-releases.ts`. */
  readonly release?: typeof OpenAI;
}

type Overrides = Parameters<typeof startGateway>[1];

export interface TestGateway extends RunningGateway {
  readonly dataDir: string;
  /** The configuration file, for commands that take `--config`. */
  readonly configFile: string;
  /** The official SDK, pointed at the gateway, with the key of a surface. */
  sdk(surface?: string, options?: SdkOptions): OpenAI;
  key(surface?: string): string;
  fetch(path: string, init?: RequestInit & { surface?: string }): Promise<Response>;
  post(path: string, body: unknown, init?: RequestInit & { surface?: string }): Promise<Response>;
  /** Stops it and leaves its directory, so that `openTestGateway` can start it again. */
  stop(): Promise<void>;
}

/** A whole gateway in a fresh data directory, on a free port. Settings are those of the configuration file. */
export async function startTestGateway(settings: Record<string, unknown> = {}, overrides?: Overrides): Promise<TestGateway> {
  const dataDir = mkdtempSync(join(tmpdir(), 'imprimatur-e2e-'));
  if (settings['databaseUrl'] === undefined) await cloneTemplate(join(dataDir, 'data', 'database'), 'migrated');
  try {
    return await openTestGateway(dataDir, settings, overrides);
  } catch (error) {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

/** The same in a directory that a gateway used before. */
export async function openTestGateway(
  dataDir: string,
  settings: Record<string, unknown> = {},
  overrides?: Overrides,
): Promise<TestGateway> {
  const configFile = join(dataDir, 'imprimatur.yaml');
  writeFileSync(
    configFile,
    JSON.stringify({ port: 0, logLevel: 'silent', workers: 1, modelCare: PATIENT, ...settings, dataDir: join(dataDir, 'data') }),
  );
  const running = await startGateway(loadConfig({ flags: { config: configFile }, env: {} }), overrides);
  const key = (surface = 'api') => running.firstKeys[surface] ?? '';
  const send: TestGateway['fetch'] = (path, { surface = 'api', headers, ...init } = {}) =>
    fetch(`${running.url}${path}`, { ...init, headers: { authorization: `Bearer ${key(surface)}`, ...headers } });
  return {
    ...running,
    dataDir,
    configFile,
    key,
    sdk: (surface, { maxRetries = 0, timeout = 60_000, release = OpenAI } = {}) =>
      new release({ apiKey: key(surface), baseURL: `${running.url}/v1`, maxRetries, timeout }),
    fetch: send,
    post: (path, body, { headers, ...init } = {}) =>
      send(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers }, ...init }),
    stop: running.close,
    async close() {
      await running.close();
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
