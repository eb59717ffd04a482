import { createServer, type RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createOutbound, type OutboundOptions } from './outbound.ts';
import type { OutboundRequest } from './outcome.ts';

const closers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function http(handler: RequestListener): Promise<number> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.unshift(
    () => server.closeAllConnections(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function fetchUntrusted(url: string, options: OutboundOptions = {}, more: Partial<OutboundRequest> = {}) {
  const outbound = createOutbound(options);
  closers.unshift(() => outbound.close());
  return outbound.request({ url, method: 'GET', trust: 'untrusted', maxBytes: 10_000, deadlineMs: 5_000, ...more });
}

const REFUSED = { kind: 'failed', cause: 'refused_address', reachedServer: false };

describe('a URL that somebody else wrote', () => {
  it.each(['file:///etc/hostname', 'ftp://example.com/', 'data:text/plain,x', 'http://user:pw@example.com/', 'not a url', 'http://'])(
    'is not fetched when it is %s',
    async (url) => {
      expect(await fetchUntrusted(url)).toMatchObject(REFUSED);
    },
  );

  it.each(['127.0.0.1', '127.1', '0x7f000001', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '[64:ff9b::127.0.0.1]', 'localhost', '0'])(
    'does not reach a server on this machine through %s',
    async (host) => {
      let seen = 0;
      const port = await http((_, response) => {
        seen++;
        response.end('internal');
      });
      expect(await fetchUntrusted(`http://${host}:${port}/`)).toMatchObject({ kind: 'failed', reachedServer: false });
      expect(seen).toBe(0);
    },
  );

  it('is refused when only one of the addresses of its name is internal', async () => {
    const resolve = async () => ['93.184.215.14', '10.0.0.5'];
    expect(await fetchUntrusted('http://pictures.example/', { resolve })).toMatchObject(REFUSED);
  });

  it('is connected to the address that was checked, with one look-up (no DNS rebinding)', async () => {
    const port = await http((request, response) => response.end(request.headers.host));
    let lookups = 0;
    const resolve = async () => {
      lookups++;
      return ['127.0.0.1'];
    };
    const outcome = await fetchUntrusted(`http://pictures.example:${port}/`, { resolve, allowPrivate: [`pictures.example:${port}`] });
    expect(outcome.kind === 'response' && outcome.body.toString()).toBe(`pictures.example:${port}`);
    expect(lookups).toBe(1);
  });

  it('counts as unreachable when the name does not resolve', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    const outcome = await fetchUntrusted('http://nowhere.example/', { resolve });
    expect(outcome).toMatchObject({ cause: 'unreachable', reachedServer: false, detail: 'nowhere.example: ENOTFOUND' });
  });

  it('tries the next address when the first one does not answer', async () => {
    const port = await http((_, response) => response.end('ok'));
    const resolve = async () => ['::1', '127.0.0.1'];
    const outcome = await fetchUntrusted(`http://two.example:${port}/`, { resolve, allowPrivate: [`two.example:${port}`] });
    expect(outcome).toMatchObject({ kind: 'response', status: 200 });
  });

  it('cannot use an allowed host as a springboard to another port by redirect', async () => {
    let internal = 0;
    const inside = await http((_, response) => {
      internal++;
      response.end('internal');
    });
    const port = await http((_, response) => response.writeHead(302, { location: `http://127.0.0.1:${inside}/` }).end());
    const outcome = await fetchUntrusted(`http://127.0.0.1:${port}/`, { allowPrivate: [`127.0.0.1:${port}`] });
    expect(outcome).toMatchObject({ kind: 'failed', cause: 'refused_address', reachedServer: true });
    expect(internal).toBe(0);
  });

  it('is followed through three redirects and not through four, and headers go to the first host only', async () => {
    const seen: (string | undefined)[] = [];
    const port = await http((request, response) => {
      const left = Number(request.url?.slice(1));
      seen.push(request.headers.authorization);
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const options = { allowPrivate: [`127.0.0.1:${port}`] };
    const headers = { authorization: 'x' };
    expect(await fetchUntrusted(`http://127.0.0.1:${port}/3`, options, { headers })).toMatchObject({ kind: 'response', status: 200 });
    expect(seen).toEqual(['x', undefined, undefined, undefined]);
    expect(await fetchUntrusted(`http://127.0.0.1:${port}/4`, options)).toMatchObject({ kind: 'failed', cause: 'refused_address' });
  });

  it.each(['file:///etc/hostname', 'http://a:b@example.com/', 'http://'])('is not followed to %s', async (location) => {
    const port = await http((_, response) => response.writeHead(301, { location }).end());
    const outcome = await fetchUntrusted(`http://127.0.0.1:${port}/`, { allowPrivate: [`127.0.0.1:${port}`] });
    expect(outcome).toMatchObject({ kind: 'failed', cause: 'refused_address' });
  });

  it('does not resend a POST to where a redirect points', async () => {
    const port = await http((_, response) => response.writeHead(307, { location: '/again' }).end());
    const outcome = await fetchUntrusted(
      `http://127.0.0.1:${port}/`,
      { allowPrivate: [`127.0.0.1:${port}`] },
      { method: 'POST', body: 'x' },
    );
    expect(outcome).toMatchObject({ kind: 'response', status: 307 });
  });
});
