import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound } from '../outbound/outbound.ts';
import { issueDevelopmentChain } from '../provenance/signing/certificates/issue-development-chain.ts';
import type { ClaimSigner } from '../provenance/signing/claim-signer.ts';
import { createCoseSigner } from '../provenance/signing/cose-sign1.ts';
import { createLocalSigner } from '../provenance/signing/local-signer.ts';
import { createRemoteSigner, type RemoteSignerOptions, requestSignature } from '../provenance/signing/remote-signer.ts';
import { type WindowedSigner, windowOf } from '../provenance/signing/signer-ring.ts';
import { createSignerServer } from './signer-server.ts';

const SECRET = 'a-secret-of-both-sides-0123456789';
const CLAIM = Buffer.from('a claim, as c2pa-rs lays it out');
const outbound = createOutbound();
const held = new Map<string, ClaimSigner>();
const signers: WindowedSigner[] = [];
const bodies: string[] = [];
const app = createSignerServer({ signers, secret: () => SECRET });
let url: string;

beforeAll(async () => {
  for (const alg of ['es256', 'es384', 'es512', 'ps256', 'ed25519'] as const) {
    const signer = createLocalSigner(await issueDevelopmentChain(new Date(), alg));
    held.set(alg, signer);
    signers.push({ name: alg, signer, ...windowOf(signer) });
  }
  app.addHook('preHandler', async (request) => void bodies.push(String(request.body)));
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/sign`;
});
afterAll(() => Promise.all([app.close(), outbound.close()]));

function remote(keyId: string, more: Partial<RemoteSignerOptions> = {}): ClaimSigner {
  const { alg, chainDer } = held.get(keyId)!;
  const auth = { kind: 'hmac', secret: () => SECRET } as const;
  return createRemoteSigner({ url, keyId, alg, chainDer, outbound, timeoutMs: 5_000, auth, ...more });
}

/** A server that gives the answers in turn; the last one for ever. */
async function answering(...answers: readonly { status: number; body?: string; headers?: Record<string, string> }[]) {
  let asked = 0;
  const server = createServer((request, response) => {
    const { status, body = '', headers = {} } = answers[Math.min(asked++, answers.length - 1)]!;
    request.resume().on('end', () => (status === 0 ? request.socket.destroy() : response.writeHead(status, headers).end(body)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, asked: () => asked, close: () => new Promise((resolve) => server.close(resolve)) };
}

describe('a key in another process', () => {
  it.each(['es256', 'es384', 'es512', 'ps256', 'ed25519'])(
    'signs with %s as if it were here, with a bearer token or an HMAC',
    async (keyId) => {
      const { reserveSize, sign } = createCoseSigner(remote(keyId));
      expect((await sign(CLAIM)).cose).toHaveLength(reserveSize);
      const bearer = remote(keyId, { auth: { kind: 'bearer', secret: () => SECRET } });
      expect((await createCoseSigner(bearer).sign(CLAIM)).cose).toHaveLength(reserveSize);
    },
  );

  it('gets the structure to be signed and nothing else, and never the secret by HMAC', async () => {
    bodies.length = 0;
    await createCoseSigner(remote('es256')).sign(CLAIM);
    const body = JSON.parse(bodies[0]!);
    expect(Object.keys(body)).toEqual(['key_id', 'algorithm', 'message']);
    expect(Buffer.from(body.message, 'base64').subarray(1, 12).toString()).toContain('Signature1');
    expect(bodies[0]).not.toContain(SECRET);
  });

  it('says no to strangers, old requests, changed bodies, unknown keys and things that are not claims', async () => {
    const good = JSON.stringify({ key_id: 'es256', algorithm: 'es256', message: 'AAAA' });
    const post = async (body: string, headers: Record<string, string>) =>
      (await app.inject({ method: 'POST', url: '/sign', payload: body, headers: { 'content-type': 'application/json', ...headers } }))
        .statusCode;
    const hmac = (at: number, body: string) => ({
      'x-imprimatur-time': String(at),
      'x-imprimatur-signature': requestSignature(SECRET, String(at), body),
    });
    const now = Math.floor(Date.now() / 1000);
    expect(await post(good, {})).toBe(401);
    expect(await post(good, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await post(good, hmac(now - 300, good))).toBe(401);
    expect(await post(`${good} `, hmac(now, good))).toBe(401);
    expect(await post(good, hmac(now, good))).toBe(422);
    expect(await post('{}', hmac(now, '{}'))).toBe(400);
    const other = good.replace('"es256"', '"gone"');
    expect(await post(other, hmac(now, other))).toBe(404);
  });

  it('does not sign a claim for the certificate of another key', async () => {
    const chainDer = held.get('es384')!.chainDer;
    await expect(createCoseSigner({ ...remote('es256'), chainDer, alg: 'es384' }).sign(CLAIM)).rejects.toMatchObject({
      message: expect.stringContaining('it answered 422'),
    });
  });
});

describe('a key of a signing server', () => {
  const HOUR_MS = 3_600_000;
  const good = () => held.get('es256')!;
  const window = { name: 'one', from: new Date(Date.now() - HOUR_MS), until: new Date(Date.now() + HOUR_MS) };

  async function claimOf(): Promise<string> {
    const seen: Uint8Array[] = [];
    const sign: ClaimSigner['sign'] = (message) => {
      seen.push(message);
      return good().sign(message);
    };
    const signer: ClaimSigner = { ...good(), sign };
    await createCoseSigner(signer).sign(CLAIM);
    return Buffer.from(seen[0]!).toString('base64');
  }
  async function post(server: ReturnType<typeof createSignerServer>, message: string) {
    const { statusCode, body } = await server.inject({
      method: 'POST',
      url: '/sign',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SECRET}` },
      payload: JSON.stringify({ key_id: 'one', algorithm: 'es256', message }),
    });
    return [statusCode, body];
  }

  it('signs until its time is over, and from that moment on no more, without a restart', async () => {
    let now = Date.now();
    const signed: string[] = [];
    const server = createSignerServer({
      signers: [{ ...window, signer: good() }],
      secret: () => SECRET,
      clock: () => new Date(now),
      onSigned: (key) => signed.push(key),
    });
    const message = await claimOf();
    expect((await post(server, message))[0]).toBe(200);
    for (const hours of [1, 2, -2]) {
      now = Date.now() + hours * HOUR_MS;
      expect(await post(server, message)).toEqual([403, '{"error":"this key may not sign now"}']);
    }
    expect(signed).toEqual(['one']);
    await server.close();
  });

  it('that cannot sign is named in our words and in the log, never in those of OpenSSL', async () => {
    const cause = new Error('error:0680008E:asn1 encoding routines::not enough data /keys/one.pem');
    const failed: unknown[] = [];
    const signer: ClaimSigner = { ...good(), sign: () => Promise.reject(cause) };
    const server = createSignerServer({ signers: [{ ...window, signer }], secret: () => SECRET, onFailed: (error) => failed.push(error) });
    expect(await post(server, await claimOf())).toEqual([500, '{"error":"the key could not sign"}']);
    expect(failed).toEqual([cause]);
    expect(await post(server, 'A'.repeat(200_000))).toEqual([413, '{"error":"not a signing request"}']);
    const { body } = await server.inject({ method: 'GET', url: '/keys/one.pem' });
    expect(body).toBe('{"error":"not found"}');
    await server.close();
  });
});

describe('a signing server in trouble', () => {
  const sign = (options: Partial<RemoteSignerOptions>) => remote('es256', options).sign(CLAIM);

  it('is asked again after 503 and 429, which did nothing, and not after anything else', async () => {
    const busy = await answering(
      { status: 503, headers: { 'retry-after-ms': '5' } },
      { status: 429 },
      { status: 200, body: '{"signature":"AAAA"}' },
    );
    expect([...(await sign({ url: busy.url }))]).toEqual([0, 0, 0]);
    expect(busy.asked()).toBe(3);
    for (const answer of [
      { status: 500 },
      { status: 0 },
      { status: 200, body: '<html>' },
      { status: 200, body: '{"signature":"!"}' },
      { status: 302 },
    ]) {
      const once = await answering(answer);
      await expect(sign({ url: once.url })).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
      expect(once.asked()).toBe(1);
      await once.close();
    }
    await busy.close();
  });

  it('is given up at the time-out, whatever it promised', async () => {
    const silent = await answering({ status: 503, headers: { 'retry-after': '60' } });
    const start = performance.now();
    await expect(sign({ url: silent.url, timeoutMs: 300 })).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    expect(performance.now() - start).toBeLessThan(2_000);
    await silent.close();
  });

  it('is left alone after five failures, and the cause is told each time it was asked', async () => {
    const broken = await answering({ status: 500 });
    const causes: string[] = [];
    const signer = remote('es256', { url: broken.url, onFailure: (cause) => causes.push(cause) });
    for (let i = 0; i < 7; i++) await expect(signer.sign(CLAIM)).rejects.toMatchObject({ code: 'PUBLISH_FAILED' });
    expect(broken.asked()).toBe(5);
    expect(causes).toEqual(Array.from({ length: 5 }, () => 'it answered 500'));
    await broken.close();
  });
});
