import { request as httpRequest } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import type { InjectOptions } from 'fastify';
import { ensureFirstKeys } from '../compose/first-keys.ts';
import { controlSocketPath } from '../compose/start-gateway.ts';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { createServer } from '../http/server.ts';
import { composeGateway } from '../main.ts';
import { type CommandContext, DeclinedError, EXIT, type ParsedArgs } from './command.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A stream is sent as it comes, for what is larger than memory should hold. */
export interface GatewayBody {
  readonly type: string;
  readonly bytes: Buffer | Readable;
}

export interface GatewayAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** The gateway's own HTTP API, with an operator's rights, wherever the gateway is. */
export interface GatewayClient {
  request(method: Method, path: string, body?: GatewayBody): Promise<GatewayAnswer>;
  close(): Promise<void>;
}

/**
 * A running gateway through its control socket; without one, a gateway composed in this process that opens no door. So
 * every command is written once, against the HTTP API.
 */
export async function connectGateway(config: Config): Promise<GatewayClient> {
  const socketPath = controlSocketPath(config.dataDir);
  if (await answers(socketPath))
    return { request: (method, path, body) => overSocket(socketPath, method, path, body), close: async () => undefined };
  const quiet: Config = { ...config, values: { ...config.values, logLevel: 'silent' } };
  const gateway = await composeGateway(quiet);
  const { db, journal } = gateway.parts;
  await ensureFirstKeys(config, { db, journal });
  const app = await createServer(gateway.parts, async () => ({ kind: 'staff', id: 'local', roles: ['operator'] }));
  return {
    async request(method, path, body) {
      const options: InjectOptions = { method, url: path };
      if (body !== undefined) Object.assign(options, { payload: body.bytes, headers: { 'content-type': body.type } });
      const { statusCode, rawPayload } = await app.inject(options);
      return { status: statusCode, body: rawPayload };
    },
    async close() {
      await app.close();
      await gateway.close();
    },
  };
}

/** What a command does with the gateway; let go of it however that ends. */
export async function withGateway<Result>(config: Config, work: (client: GatewayClient) => Promise<Result>): Promise<Result> {
  const client = await connectGateway(config);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

/** The whole of a command that says what came of one act. */
export async function sayFromGateway(
  { config }: Pick<ParsedArgs, 'config'>,
  { terminal }: CommandContext,
  act: (client: GatewayClient) => Promise<string>,
): Promise<number> {
  return withGateway(config, async (client) => {
    terminal.out(await act(client));
    return EXIT.done;
  });
}

/** JSON in, JSON out. @throws DeclinedError when the gateway says no; ImprimaturError INTERNAL when it could not */
export async function askJson(client: GatewayClient, method: Method, path: string, body?: unknown): Promise<unknown> {
  const payload = body === undefined ? undefined : { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };
  const answer = await client.request(method, path, payload);
  return JSON.parse(agreed(answer).toString());
}

/** The body of a good answer. @throws DeclinedError when the gateway says no; ImprimaturError INTERNAL when it could not */
export function agreed({ status, body }: GatewayAnswer): Buffer {
  if (status < 400) return body;
  const reason = messageOf(JSON.parse(body.toString()));
  if (status < 500) throw new DeclinedError(reason);
  throw new ImprimaturError('INTERNAL', { detail: reason });
}

/** The sentence of an error answer. */
export function messageOf(body: unknown): string {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'the gateway gave no reason';
}

/** Whatever it answers, it is there, and its data directory is in use. */
async function answers(socketPath: string): Promise<boolean> {
  return overSocket(socketPath, 'GET', '/healthz').then(
    () => true,
    () => false,
  );
}

function overSocket(socketPath: string, method: string, path: string, body?: GatewayBody): Promise<GatewayAnswer> {
  return new Promise((resolve, reject) => {
    const length = Buffer.isBuffer(body?.bytes) ? { 'content-length': body.bytes.length } : {};
    const headers = body === undefined ? {} : { 'content-type': body.type, ...length };
    // A connection that is kept may be closed by the other side just when it is used again.
    const outgoing = httpRequest({ socketPath, method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    if (body === undefined || Buffer.isBuffer(body.bytes)) outgoing.end(body?.bytes);
    else pipeline(body.bytes, outgoing, (error) => error && reject(error));
  });
}
