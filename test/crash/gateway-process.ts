import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { builtGateway } from './built-gateway.ts';

export const CALLER_KEY = 'imp_test_caller_key_0123456789abcdef';
export const OPERATOR_KEY = 'imp_test_operator_key_0123456789abcdef';

/** How long a start may take, crash recovery included, before it counts as a failure; what is usual is measured in `bench/`. */
const START_LIMIT_MS = 60_000;

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** `imprimatur serve` in a process of its own. */
export interface GatewayProcess {
  readonly pid: number;
  readonly url: string;
  readonly readyMs: number;
  readonly exited: Promise<Exit>;
  /** What it has said so far, both streams. */
  output(): string;
  get(path: string, init?: RequestInit): Promise<Response>;
  asOperator(path: string, init?: RequestInit): Promise<Response>;
  /** SIGKILL, as a power cut or the kernel's memory killer would. */
  kill9(): Promise<void>;
  /** SIGTERM; @returns how it ended. */
  stop(): Promise<Exit>;
}

export interface Place {
  /** A directory for the configuration file and, below it, the data. */
  readonly home: string;
  /** Settings as in the configuration file. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A program and its arguments that start the gateway in turn, such as a shell with limits. */
  readonly through?: readonly string[];
  /** False: no key is configured, so that the gateway makes its own. */
  readonly bootstrap?: boolean;
}

/** The process so far, whether or not it will ever be ready. */
export interface Spawned {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  output(): string;
  stdout(): string;
}

const started = new Set<ChildProcess>();

/** Ends those that a failed test did not stop: they must not outlive it. */
export function killLeftovers(): void {
  for (const child of started) child.kill('SIGKILL');
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** Starts any command of the built program, with the configuration of `place`. */
export async function spawnImprimatur(
  args: readonly string[],
  { home, settings, env = {}, through = [], bootstrap = true }: Place,
): Promise<Spawned> {
  const file = join(home, 'imprimatur.yaml');
  await writeFile(file, JSON.stringify({ port: 0, logLevel: 'warn', workers: 1, ...settings, dataDir: join(home, 'data') }));
  const [command = '', ...rest] = [...through, process.execPath, await builtGateway(), ...args];
  const { PATH, HOME, TMPDIR } = process.env;
  const inherited = Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR }).filter(([, value]) => value !== undefined));
  const child = spawn(command, rest, {
    env: {
      ...inherited,
      IMPRIMATUR_CONFIG: file,
      ...(bootstrap ? { IMPRIMATUR_BOOTSTRAP_KEY: CALLER_KEY, IMPRIMATUR_BOOTSTRAP_OPERATOR_KEY: OPERATOR_KEY } : {}),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.add(child);
  let [all, out] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    all += chunk;
    out += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    all += chunk;
  });
  const exited = once(child, 'close').then(([code, signal]): Exit => {
    started.delete(child);
    return { code, signal };
  });
  return { child, exited, output: () => all, stdout: () => out };
}

/** Starts the gateway and resolves when it says that it is ready. @throws when it ends before, or is not ready in a minute, with what it said */
export async function startGatewayProcess(place: Place): Promise<GatewayProcess> {
  const startedAt = performance.now();
  const { child, exited, output, stdout } = await spawnImprimatur(['serve'], place);
  let timer: NodeJS.Timeout | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    const look = () => {
      const found = /ready on (http:\/\/\S+)/.exec(stdout())?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.on('data', look);
    void exited.then((exit) => reject(new Error(`The gateway ended (${JSON.stringify(exit)}) and said:\n${output()}`)));
    timer = setTimeout(() => reject(new Error(`The gateway is not ready after a minute and said:\n${output()}`)), START_LIMIT_MS);
  }).finally(() => clearTimeout(timer));
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${CALLER_KEY}`, ...init.headers } });
  const end = async (signal: NodeJS.Signals) => {
    if (!hasEnded(child)) child.kill(signal);
    return exited;
  };
  return {
    pid: child.pid ?? 0,
    url,
    readyMs: performance.now() - startedAt,
    exited,
    output,
    get,
    asOperator: (path, init = {}) => get(path, { ...init, headers: { authorization: `Bearer ${OPERATOR_KEY}`, ...init.headers } }),
    kill9: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}

/** Runs a command of the command line to its end. */
export async function runCli(args: readonly string[], place: Place): Promise<Exit & { readonly stdout: string; readonly output: string }> {
  const { exited, output, stdout } = await spawnImprimatur(args, place);
  return { ...(await exited), stdout: stdout(), output: output() };
}
