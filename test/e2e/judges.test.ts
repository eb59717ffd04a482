import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { crc32 } from 'node:zlib';
import { BMFF, JPEG, PNG } from '@trustnxt/c2pa-ts/asset';
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf';
import { ManifestStore } from '@trustnxt/c2pa-ts/manifest';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialPlace } from '../../src/provenance/credential-place.ts';
import { CREDENTIAL_FORMATS, type CredentialFormat, mediaTypeOf, PICTURE_FORMATS } from '../../src/provenance/image-format.ts';
import { writeXmp } from '../../src/provenance/metadata/write-xmp.ts';
import { minimalMp4 } from '../../src/provenance/mp4.fixture.ts';
import { FACTS, gradient, picture } from '../../src/provenance/pictures.fixture.ts';
import { otherPki, testPki } from '../../src/provenance/pki.fixture.ts';
import { createProvenance } from '../../src/provenance/provenance.ts';
import { createLocalSigner } from '../../src/provenance/signing/local-signer.ts';
import { launchChromium, WITHOUT_CHROMIUM } from './chromium.ts';

/** Judges that are not ours: the official SDK of the C2PA as browsers load it, and an implementation that shares no code with it. */
const FINGERPRINT = { alg: 'org.imprimatur.pdq', value: new Uint8Array(32).fill(0x5a), kind: 'fingerprint' } as const;
const XMP = '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="r"?>';
const ALGORITHMS = ['es256', 'es384', 'ps256', 'ed25519'] as const;

interface Case {
  readonly name: string;
  readonly format: CredentialFormat;
  readonly bytes: Uint8Array;
  readonly rootPem: string;
}
interface Verdict {
  readonly state: string;
  readonly failures: readonly string[];
}

async function signAll(): Promise<readonly Case[]> {
  const cases: Case[] = [];
  for (const alg of ALGORITHMS) {
    const pki = alg === 'es256' ? await testPki() : await otherPki(alg);
    const provenance = createProvenance({ signer: createLocalSigner(pki), trustAnchorsPem: pki.rootPem });
    for (const format of CREDENTIAL_FORMATS) {
      const plain = format === 'mp4' ? minimalMp4() : await picture(format, 64, gradient);
      const manifest = { ...FACTS, softBinding: FINGERPRINT };
      const { bytes } = await provenance.sign({ bytes: writeXmp(plain, format, XMP), format, manifest });
      cases.push({ name: `${format} ${alg}`, format, bytes, rootPem: pki.rootPem });
    }
    await provenance.close();
  }
  return cases;
}

let cases: readonly Case[];
beforeAll(async () => {
  cases = await signAll();
});
const es256 = (format: CredentialFormat) => cases.find(({ name }) => name === `${format} es256`)!;

describe.skipIf(WITHOUT_CHROMIUM !== null)('the official browser SDK, unmodified, in a browser', () => {
  let browser: Browser;
  let page: Page;
  let server: Server;
  beforeAll(async () => {
    server = await serveSdk();
    browser = await launchChromium();
    page = await browser.newPage();
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    await page.goto(`http://127.0.0.1:${address.port}/`);
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const judge = (one: Case, trustAnchors = one.rootPem): Promise<Verdict | null> =>
    page.evaluate(judgeInPage, { base64: Buffer.from(one.bytes).toString('base64'), mediaType: mediaTypeOf(one.format), trustAnchors });

  it('trusts every format with every algorithm', async () => {
    for (const one of cases)
      expect({ name: one.name, verdict: await judge(one) }).toEqual({ name: one.name, verdict: { state: 'Trusted', failures: [] } });
  });

  it('says valid by an unknown signer to whoever does not have our root', async () => {
    const stranger = (await testPki()).rootPem;
    for (const format of CREDENTIAL_FORMATS) {
      expect(await judge(es256(format), stranger)).toEqual({ state: 'Valid', failures: ['signingCredential.untrusted'] });
    }
  });

  it.each(CREDENTIAL_FORMATS)(
    'names a changed picture, a changed assertion and changed metadata of a %s by the code for it',
    async (format) => {
      const binding = format === 'avif' || format === 'mp4' ? 'assertion.bmffHash.mismatch' : 'assertion.dataHash.mismatch';
      const one = es256(format);
      const invalid = (code: string) => ({ state: 'Invalid', failures: [code] });
      expect(await judge({ ...one, bytes: withPixelFlipped(one) })).toEqual(invalid(binding));
      expect(await judge({ ...one, bytes: withTextChanged(one.bytes, 'notAllowed', format) })).toEqual(
        invalid('assertion.hashedURI.mismatch'),
      );
      expect(await judge({ ...one, bytes: withTextChanged(one.bytes, 'adobe:ns:meta', format) })).toEqual(invalid(binding));
      if (format !== 'webp')
        expect(await judge({ ...one, bytes: Buffer.concat([one.bytes, Buffer.from('\0\0\0\x08more', 'latin1')]) })).toEqual(
          invalid(binding),
        );
    },
  );

  it('finds no credential in a picture that was encoded anew', async () => {
    for (const format of PICTURE_FORMATS) {
      const one = es256(format);
      expect(await judge({ ...one, bytes: await sharp(one.bytes).toFormat(format).toBuffer() })).toBeNull();
    }
  });
});

describe('an implementation in pure TypeScript that shares no code with the official one', () => {
  const READERS = { png: PNG, jpeg: JPEG, avif: BMFF } as const;
  const FORMATS = ['png', 'jpeg', 'avif'] as const;

  async function judge(format: keyof typeof READERS, bytes: Uint8Array) {
    const asset = new READERS[format](new Uint8Array(bytes));
    const jumbf = asset.getManifestJUMBF();
    if (jumbf === undefined) return 'none';
    const result = await ManifestStore.read(SuperBox.fromBuffer(new Uint8Array(jumbf))).validate(asset);
    return result.isValid ? 'valid' : result.statusEntries.flatMap(({ success, code }) => (success === false ? [code] : []));
  }

  it.each(FORMATS)('finds a %s valid, soft binding and all', async (format) => {
    expect(await judge(format, es256(format).bytes)).toBe('valid');
  });

  it.each(FORMATS)('finds a %s invalid after one changed byte of its pixels', async (format) => {
    const verdict = await judge(format, withPixelFlipped(es256(format)));
    expect(verdict).toEqual(expect.arrayContaining([expect.stringMatching(/Hash\.mismatch$/)]));
  });
});

/** One bit in what codes pixels; the checksum of a PNG is repaired, as an editor would. */
function withPixelFlipped({ bytes, format }: Pick<Case, 'bytes' | 'format'>): Buffer {
  const out = Buffer.from(bytes);
  if (format === 'png') {
    const type = out.indexOf('IDAT');
    const length = out.readUInt32BE(type - 4);
    const at = type + 4 + (length >> 1);
    out.writeUInt8(out.readUInt8(at) ^ 1, at);
    out.writeUInt32BE(crc32(out.subarray(type, type + 4 + length)), type + 4 + length);
    return out;
  }
  const start = {
    jpeg: out.length - 60,
    webp: out.indexOf('VP8 ') + 60,
    gif: out.length - 40,
    avif: out.indexOf('mdat') + 40,
    mp4: out.indexOf('mdat') + 40,
  }[format];
  out.writeUInt8(out.readUInt8(start) ^ 1, start);
  return out;
}

/** The last letter of a text that stands in the file; a PNG's checksum of the credential is repaired. */
function withTextChanged(bytes: Uint8Array, text: string, format: CredentialFormat): Buffer {
  const out = Buffer.from(bytes);
  const at = out.indexOf(text) + text.length - 1;
  out.writeUInt8(out.readUInt8(at) ^ 1, at);
  const [chunk] = format === 'png' ? credentialPlace(out, format) : [];
  if (chunk !== undefined) out.writeUInt32BE(crc32(out.subarray(chunk.start - 4, chunk.end)), chunk.end);
  return out;
}

/** The SDK as it is installed, with its two dependencies under the names by which it imports them. */
async function serveSdk(): Promise<Server> {
  const modules = new URL('../../node_modules/', import.meta.url);
  const folders = ['@contentauth/c2pa-web/dist', 'highgain/dist', 'ts-deepmerge/esm'];
  const imports = { highgain: '/highgain/dist/index.js', 'ts-deepmerge': '/ts-deepmerge/esm/index.js' };
  const html = `<!doctype html><meta charset="utf-8"><script type="importmap">${JSON.stringify({ imports })}</script>
    <script type="module">import { createC2pa } from '/@contentauth/c2pa-web/dist/inline.js'; window.createC2pa = createC2pa;</script>`;
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '/').slice(1);
    if (path === '') {
      response.setHeader('content-type', 'text/html').end(html);
      return;
    }
    if (!folders.some((folder) => path.startsWith(`${folder}/`)) || path.includes('..')) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', 'text/javascript').end(await readFile(new URL(path, modules)).catch(() => ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Runs in the page: nothing from outside of it exists there. */
async function judgeInPage({
  base64,
  mediaType,
  trustAnchors,
}: {
  base64: string;
  mediaType: string;
  trustAnchors: string;
}): Promise<Verdict | null> {
  // biome-ignore lint/suspicious/noExplicitAny: the page's own global, without types here
  const scope = globalThis as any;
  for (let i = 0; scope.createC2pa === undefined; i++) {
    if (i > 500) throw new Error('the SDK did not load');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  scope.sdk ??= await scope.createC2pa();
  const blob = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], { type: mediaType });
  const reader = await scope.sdk.reader.fromBlob(mediaType, blob, {
    trust: { trustAnchors },
    verify: { verifyTrust: true, remoteManifestFetch: false },
  });
  if (reader === null) return null;
  const store = await reader.manifestStore();
  await reader.free?.();
  const failures = (store.validation_results?.activeManifest?.failure ?? []).map(({ code }: { code: string }) => code);
  return { state: store.validation_state, failures };
}
