import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImprimaturError } from '../contracts/errors.ts';
import type { Declaration } from '../contracts/upload.ts';
import { createOutbound } from '../outbound/outbound.ts';
import type { FileOrigin } from '../provenance/foreign/file-origin.ts';
import { fetchUpload } from './fetch-upload.ts';
import { situationsOf, type UploadFacts } from './situations.ts';

const nothing: UploadFacts = {
  verdict: 'none',
  isTakenDown: false,
  knownBad: 'not-listed',
  origin: { made: 'unknown', by: null, strength: 'none', basis: [] },
  c2pa: { state: 'none', codes: [], inputCodes: [] },
  metadata: { state: 'read', problems: [] },
  watermark: { mark: null },
  unseen: [],
};
const origin = (made: FileOrigin['made'], strength: FileOrigin['strength'] = 'claimed'): FileOrigin => ({
  made,
  by: null,
  strength,
  basis: ['metadata'],
});
const situations = (facts: Partial<UploadFacts>, declaration: Declaration = 'unknown') =>
  situationsOf({ ...nothing, ...facts }, declaration);

describe('what is the matter with an upload', () => {
  it.each([
    ['a file that says nothing', {}, 'unknown', ['unknown']],
    ['a silent file said to be a photograph', {}, 'camera', ['camera-claimed']],
    ['a silent file said to be generated', {}, 'generated', ['generated-declared']],
    ['ours, intact', { verdict: 'ours-intact', origin: origin('generated', 'proved') }, 'unknown', ['ours-intact']],
    [
      'ours, intact, said to be a photograph',
      { verdict: 'ours-intact', origin: origin('generated', 'proved') },
      'camera',
      ['ours-intact', 'declaration-mismatch'],
    ],
    ['ours, altered', { verdict: 'ours-altered', c2pa: { state: 'invalid', codes: ['x'], inputCodes: [] } }, 'unknown', ['ours-altered']],
    ['ours, stripped', { verdict: 'ours-recovered' }, 'unknown', ['ours-recovered']],
    ['a listed one', { knownBad: 'listed' }, 'unknown', ['unknown', 'known-bad']],
    ['one that no list could be asked about', { knownBad: 'unknown' }, 'camera', ['camera-claimed', 'unreadable']],
    ['one whose pixels could not be looked at', { unseen: ['likeness'] }, 'camera', ['camera-claimed', 'unreadable']],
    ['one whose invisible mark could not be looked for', { unseen: ['watermark'] }, 'camera', ['camera-claimed', 'unreadable']],
    ['ours, intact, whose mark could not be looked for', { verdict: 'ours-intact', unseen: ['watermark'] }, 'unknown', ['ours-intact']],
    ['ours, taken down', { verdict: 'ours-intact', isTakenDown: true }, 'unknown', ['ours-intact', 'taken-down']],
    ['generated elsewhere', { origin: origin('generated') }, 'generated', ['generated-elsewhere']],
    ['generated elsewhere, said to be edited', { origin: origin('generated') }, 'edited', ['generated-elsewhere', 'declaration-mismatch']],
    ['a camera’s signed photograph', { verdict: 'foreign', origin: origin('captured', 'proved') }, 'camera', ['camera-signed']],
    [
      'a camera’s signed photograph, said to be generated',
      { origin: origin('captured', 'proved') },
      'generated',
      ['camera-signed', 'declaration-mismatch'],
    ],
    ['a photograph by its EXIF alone', { origin: origin('captured') }, 'unknown', ['camera-claimed']],
    [
      'a foreign credential that does not fit',
      { verdict: 'foreign', c2pa: { state: 'invalid', codes: ['x'], inputCodes: [] } },
      'unknown',
      ['unknown', 'credential-broken'],
    ],
    [
      'a tampered parent',
      { verdict: 'foreign', c2pa: { state: 'trusted', codes: [], inputCodes: ['assertion.dataHash.mismatch'] } },
      'unknown',
      ['unknown', 'parent-broken'],
    ],
    [
      'a parent by a signer whom nobody here knows',
      { verdict: 'foreign', c2pa: { state: 'valid', codes: [], inputCodes: ['signingCredential.untrusted'] } },
      'unknown',
      ['unknown'],
    ],
    ['a file that could not be read', { metadata: { state: 'unreadable', problems: ['malformed:truncated'] } }, 'camera', ['unreadable']],
    [
      'a credential that could not be read',
      { c2pa: { state: 'unreadable', codes: ['imprimatur.engine.timed_out'], inputCodes: [] } },
      'camera',
      ['unreadable'],
    ],
    [
      'a credential that is elsewhere',
      { c2pa: { state: 'unreadable', codes: ['manifest.inaccessible'], inputCodes: [] } },
      'unknown',
      ['unknown'],
    ],
    [
      'a mark of ours that leads nowhere',
      { watermark: { mark: { of: 'unrecorded', picture: 'unsure' } } },
      'camera',
      ['camera-claimed', 'mark-unrecorded'],
    ],
    ['a polyglot', { metadata: { state: 'read', problems: ['hostile:polyglot'] } }, 'unknown', ['unknown', 'hostile-file']],
  ] as const)('%s', (_name, facts, declaration, expected) => {
    expect(situations(facts, declaration)).toEqual(expected);
  });
});

describe('a file at an address that a stranger chose', () => {
  let server: Server;
  let at: string;
  let elsewhere = '';
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url === '/away') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
      else if (request.url === '/port') response.writeHead(302, { location: `http://${elsewhere}/` }).end();
      else if (request.url === '/break') request.socket.destroy();
      else if (request.url === '/big') response.end(Buffer.alloc(5000));
      else if (request.url === '/slow') response.write('x');
      else if (request.url === '/gone') response.writeHead(410).end();
      else response.end('the file');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const portOf = () => Number(at.split(':')[1]);
  const fetched = async (url: string, allowPrivate: readonly string[] = [at], ports: readonly number[] = [portOf()]) => {
    const outbound = createOutbound({ allowPrivate });
    try {
      return Buffer.from(await fetchUpload(url, { outbound, maxBytes: 1000, ports, deadlineMs: 500 })).toString();
    } finally {
      await outbound.close();
    }
  };

  it('is fetched', async () => {
    expect(await fetched(`http://${at}/ok`)).toBe('the file');
  });

  it.each([
    'http://127.0.0.1:%/x',
    'http://localhost:%/x',
    'http://[::1]:%/x',
    'http://10.0.0.1/',
    'http://169.254.169.254/',
    'file:///etc/passwd',
    'ftp://example.org/a',
  ])('inside our network (%s) is not asked for', async (url) => {
    asked.length = 0;
    await expect(fetched(url.replace('%', at.split(':')[1] ?? ''), [])).rejects.toMatchObject({ code: 'URL_UNREACHABLE' });
    expect(asked).toEqual([]);
  });

  it('on a port that nobody configured is not asked for, also by a redirect', async () => {
    asked.length = 0;
    await expect(fetched(`http://${at}/ok`, [at], [80, 443])).rejects.toMatchObject({ code: 'URL_UNREACHABLE' });
    expect(asked).toEqual([]);
    const other = createServer((_, response) => response.end('inside'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    elsewhere = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      expect(await fetched(`http://${elsewhere}/`, [elsewhere], [Number(elsewhere.split(':')[1])])).toBe('inside');
      await expect(fetched(`http://${at}/port`, [at, elsewhere])).rejects.toMatchObject({ code: 'URL_UNREACHABLE' });
    } finally {
      other.close();
    }
  });

  it('gets the same words whether the host is refused, is not there, or breaks off', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const told = async (url: string, allowPrivate: readonly string[], ports: readonly number[]) =>
      fetched(url, allowPrivate, ports).catch((error: unknown) => JSON.stringify(error instanceof ImprimaturError && error.publicMessage));
    const answers = [
      await told(`http://127.0.0.1:${port}/`, [], [port]),
      await told(`http://127.0.0.1:${port}/`, [`127.0.0.1:${port}`], [port]),
      await told(`http://127.0.0.1:${port}/`, [`127.0.0.1:${port}`], [80]),
      await told('http://nowhere.invalid/', [], [80]),
      await told(`http://${at}/break`, [at], [portOf()]),
      await told(`http://${at}/slow`, [at], [portOf()]),
    ];
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('could not be fetched');
  });

  it.each(['/away', '/big', '/slow', '/gone'])(
    '%s is refused with a named error: a redirect inside, too much, too slow, not there',
    async (path) => {
      const error = await fetched(`http://${at}${path}`).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'URL_UNREACHABLE', status: 400 });
      expect(String((error as { publicMessage: string }).publicMessage)).not.toContain('169.254');
    },
  );
});
