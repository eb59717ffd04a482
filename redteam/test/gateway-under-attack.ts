import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MARKER_RULES = fileURLToPath(new URL('../policies/marker-rules.yaml', import.meta.url));
/** From source, on a machine that runs other tests too. */
const START_LIMIT_MS = 120_000;

export interface GatewayUnderAttack {
  readonly url: string;
  readonly key: string;
  readonly operatorKey: string;
  close(): Promise<void>;
}

/** A gateway of this repository as a process of its own, with the demo model and, unless told otherwise, the planted rules. */
export async function startGateway({ isPlanted }: { readonly isPlanted: boolean }): Promise<GatewayUnderAttack> {
  const home = mkdtempSync(join(tmpdir(), 'imprimatur-redteam-'));
  const config = join(home, 'imprimatur.yaml');
  const data = join(home, 'data');
  const rules = isPlanted ? { promptRules: MARKER_RULES } : {};
  writeFileSync(config, JSON.stringify({ port: 0, logLevel: 'warn', workers: 1, dataDir: data, ...rules }));
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', 'bin/dev.ts', 'serve', '--config', config], {
    cwd: ROOT,
    env: Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const close = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    }
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const url = await readyUrl(child);
    const keys: Record<string, string> = JSON.parse(readFileSync(join(data, 'development-keys.json'), 'utf8'));
    return { url, key: keys['api'] ?? '', operatorKey: keys['operator'] ?? '', close };
  } catch (error) {
    child.kill('SIGKILL');
    await close();
    throw error;
  }
}

/** @throws when it ends first or takes too long, with what it said */
function readyUrl(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise<string>((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error(`The gateway is not ready and said:\n${said}`)), START_LIMIT_MS);
    const listen = (chunk: Buffer) => {
      said += chunk;
      const url = /ready on (http:\/\/\S+)/.exec(said)?.[1];
      if (url === undefined) return;
      clearTimeout(giveUp);
      resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('close', (code) => {
      clearTimeout(giveUp);
      reject(new Error(`The gateway ended with ${code} and said:\n${said}`));
    });
  });
}
