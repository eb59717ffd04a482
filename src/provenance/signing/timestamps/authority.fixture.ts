import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type IssuedAuthority, issueDevelopmentHierarchy } from '../certificates/issue-development-chain.ts';

const run = promisify(execFile);

/** What the server does with a query; `reply` makes OpenSSL's answer to any query, in DER. */
export type Behavior = (query: Buffer, response: ServerResponse, reply: (query: Buffer) => Promise<Buffer>) => Promise<unknown> | unknown;

const honest: Behavior = async (query, response, reply) => {
  response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
  response.end(await reply(query));
};

/** A real RFC 3161 authority: OpenSSL's, behind a small HTTP server that can be told to misbehave. */
export async function openAuthority(given?: IssuedAuthority) {
  const issued = given ?? (await issueDevelopmentHierarchy(new Date())).authority;
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-tsa-'));
  await writeFile(join(dir, 'tsa.pem'), issued.certificatePem);
  await writeFile(join(dir, 'chain.pem'), issued.anchorPem);
  await writeFile(join(dir, 'tsa.key'), issued.privateKeyPem, { mode: 0o600 });
  await writeFile(join(dir, 'serial'), '01\n');
  await writeFile(join(dir, 'tsa.cnf'), configuration(dir));
  let [behavior, asked, count] = [honest, 0, 0];
  // One at a time: OpenSSL keeps the serial number in a file.
  let turn: Promise<unknown> = Promise.resolve();
  const reply = (query: Buffer): Promise<Buffer> => {
    const name = join(dir, String(++count));
    const mine = turn.then(async () => {
      await writeFile(`${name}.tsq`, query);
      const args = ['ts', '-reply', '-config', join(dir, 'tsa.cnf'), '-queryfile', `${name}.tsq`];
      return (await run('openssl', args, { encoding: 'buffer' })).stdout;
    });
    turn = mine.catch(() => undefined);
    return mine;
  };
  const server = createServer(async (request, response) => {
    asked++;
    await behavior(await bodyOf(request), response, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    issued,
    url: `http://127.0.0.1:${address.port}/tsa`,
    behave: (next: Behavior = honest) => {
      behavior = next;
    },
    reply,
    asked: () => asked,
    /** A query of OpenSSL's own making, for other data and with another nonce. */
    otherQuery: async () =>
      (await run('openssl', ['ts', '-query', '-digest', 'ab'.repeat(32), '-sha256', '-cert'], { encoding: 'buffer' })).stdout,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function configuration(dir: string): string {
  return [
    '[tsa]',
    'default_tsa = here',
    '[here]',
    `serial = ${dir}/serial`,
    'crypto_device = builtin',
    `signer_cert = ${dir}/tsa.pem`,
    `certs = ${dir}/chain.pem`,
    `signer_key = ${dir}/tsa.key`,
    'signer_digest = sha256',
    'default_policy = 1.2.3.4.1',
    'digests = sha256',
    'accuracy = secs:1',
    'ess_cert_id_alg = sha256',
    '',
  ].join('\n');
}
