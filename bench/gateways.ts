import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child-process.ts';
import type { Target } from './load.ts';

/** The safety steps in the order in which a picture meets them. Prompt rules and exact hashes are always on. */
export const STEPS = ['ledger', 'sealing', 'decoding', 'perceptual', 'signing'] as const;
export type Step = (typeof STEPS)[number];

export interface RunningTarget extends Target {
  stop(): Promise<void>;
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const json = { 'content-type': 'application/json' };

export async function startMock(): Promise<RunningTarget> {
  const child = await startChild({ args: [here('./mock-backend.js')] });
  return toTarget('raw backend', child, child.hello['url'] ?? '', json);
}

interface Variant {
  readonly databaseUrl?: string;
  /** Of end users' claims, base64url: with it limits count as well. */
  readonly claimSecret?: string;
  /** Otherwise the gateway makes one for callers. */
  readonly keys?: { readonly caller: string; readonly operator: string };
  /** Another program than this checkout's `gateway-child.js`. */
  readonly program?: string;
}

/** Our gateway with these steps, in a fresh directory. */
export async function startOurs(
  name: string,
  upstream: string,
  steps: readonly Step[],
  { databaseUrl, claimSecret, keys, program = here('./gateway-child.js') }: Variant = {},
): Promise<RunningTarget> {
  const home = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const options = { 'database-url': databaseUrl, 'claim-secret': claimSecret, 'caller-key': keys?.caller, 'operator-key': keys?.operator };
  const more = Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [`--${option}=${value}`]));
  const child = await startChild({ args: [program, '--upstream', upstream, '--steps', steps.join(','), '--home', home, ...more] });
  const target = toTarget(name, child, child.hello['url'] ?? '', {
    ...json,
    authorization: `Bearer ${keys?.caller ?? child.hello['key']}`,
  });
  return {
    ...target,
    async stop() {
      await child.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Portkey's gateway as npm gives it, installed in `dir`, passing everything on to `upstream`. */
export async function startPortkey(dir: string, upstream: string): Promise<RunningTarget> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    '--import',
    here('./loopback-only.mjs'),
    'node_modules/@portkey-ai/gateway/build/start-server.js',
    '--headless',
    `--port=${port}`,
  ];
  const child = await startChild({ args, cwd: dir, env: { NODE_ENV: 'production' }, ready: () => answers(url) });
  const config = { provider: 'openai', api_key: 'sk-none', custom_host: `${upstream}/v1` };
  return toTarget('Portkey 1.15.2', child, url, { ...json, 'x-portkey-config': JSON.stringify(config) });
}

function toTarget(name: string, child: Child, url: string, headers: Target['headers']): RunningTarget {
  return { name, url, headers, pid: child.pid, stop: child.stop };
}

async function answers(url: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(50);
  }
  throw new Error('the peer did not answer within 10 s');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
