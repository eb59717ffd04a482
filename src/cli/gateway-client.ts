import { request as httpRequest } from 'node:http';
import type { InjectOptions } from 'fastify';
import { ensureFirstKeys } from '../compose/first-keys.ts';
import { controlSocketPath } from '../compose/start-gateway.ts';
import type { Config } from '../config/load-config.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import { createServer } from '../http/server.ts';
import { composeGateway } from '../main.ts';
import { DeclinedError } from './command.ts';

export interface GatewayAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** The gateway's own HTTP API, with an operator's rights, wherever the gateway is. */
export interface GatewayClient {
  request(method: 'GET' | 'POST', path: string, body?: { type: string; bytes: Buffer }): Promise<GatewayAnswer>;
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
  const app = await createServer(gateway.parts, async () => ({ kind: 'operator', keyId: 'local' }));
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

/** JSON in, JSON out. @throws DeclinedError when the gateway says no; ImprimaturError INTERNAL when it could not */
export async function askJson(client: GatewayClient, method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const payload = body === undefined ? undefined : { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };
  const answer = await client.request(method, path, payload);
  const parsed: unknown = JSON.parse(answer.body.toString());
  if (answer.status < 400) return parsed;
  if (answer.status < 500) throw new DeclinedError(messageOf(parsed));
  throw new ImprimaturError('INTERNAL', { detail: messageOf(parsed) });
}

/** The sentence of an error answer. */
export function messageOf(body: unknown): string {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : null;
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'the gateway gave no reason';
}

async function answers(socketPath: string): Promise<boolean> {
  return overSocket(socketPath, 'GET', '/healthz').then(
    ({ status }) => status === 200,
    () => false,
  );
}

function overSocket(socketPath: string, method: string, path: string, body?: { type: string; bytes: Buffer }): Promise<GatewayAnswer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': body.type, 'content-length': body.bytes.length };
    const outgoing = httpRequest({ socketPath, method, path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body?.bytes);
  });
}
