import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { controlSocketPath } from '../compose/start-gateway.ts';
import { loadConfig } from '../config/load-config.ts';
import { connectGateway } from './gateway-client.ts';

it('talks to the gateway that is there, however it is, over connections that nobody keeps', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'imprimatur-client-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const config = loadConfig({ flags: { 'data-dir': dataDir }, env: {} });
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.connection}`);
    response.writeHead(request.url === '/healthz' ? 503 : 200).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(controlSocketPath(config.dataDir), resolve));
  onTestFinished(() => void server.close());
  const client = await connectGateway(config);
  expect((await client.request('GET', '/v1/gates')).status).toBe(200);
  await client.close();
  expect(seen).toEqual(['GET /healthz close', 'GET /v1/gates close']);
});
