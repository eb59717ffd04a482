import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound } from '../../outbound/outbound.ts';
import { FACTS, picture } from '../pictures.fixture.ts';
import { createProvenance } from '../provenance.ts';
import { issueDevelopmentChain, issueDevelopmentHierarchy } from './certificates/issue-development-chain.ts';
import { createLocalSigner } from './local-signer.ts';
import { createSignerRing, windowOf } from './signer-ring.ts';
import { openAuthority } from './timestamps/authority.fixture.ts';
import { createTimestamper } from './timestamps/timestamper.ts';

const run = promisify(execFile);
const outbound = createOutbound();
let hierarchy: Awaited<ReturnType<typeof issueDevelopmentHierarchy>>;
let tsa: Awaited<ReturnType<typeof openAuthority>>;
beforeAll(async () => {
  hierarchy = await issueDevelopmentHierarchy(new Date());
  tsa = await openAuthority(hierarchy.authority);
});
afterAll(() => Promise.all([tsa.close(), outbound.close()]));

const asset = async () => ({ bytes: await picture('jpeg'), format: 'jpeg' as const, manifest: FACTS });

/** Signs like a gateway whose timestamps are `required`, `preferred` or off. */
function stampingProvenance(stamping: 'required' | 'preferred' | 'off', timeoutMs = 5_000) {
  const signer = createLocalSigner(hierarchy.chain);
  const anchors = [new X509Certificate(tsa.issued.anchorPem)];
  const timestamper = createTimestamper({ authorities: [{ url: tsa.url, timeoutMs }], anchors, outbound });
  const ring = createSignerRing({
    signers: [{ name: 'one', signer, ...windowOf(signer) }],
    trustAnchorsPem: hierarchy.chain.rootPem + tsa.issued.anchorPem,
    ...(stamping === 'off' ? {} : { stamping: { timestamper, isRequired: stamping === 'required' } }),
  });
  return { provenance: createProvenance({ signing: ring }), timestamper };
}

/** State and codes that c2pa-rs gives in a process whose clock is `months` ahead. */
async function verifiedLater(bytes: Uint8Array, months: number): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-later-'));
  await writeFile(join(dir, 'picture'), bytes);
  await writeFile(join(dir, 'anchors.pem'), hierarchy.chain.rootPem + tsa.issued.anchorPem);
  const script = new URL('./verify-later-child.fixture.ts', import.meta.url).pathname;
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script, dir, String(months)]);
  return stdout.trim();
}

describe('a picture signed on the development hierarchy', () => {
  it.each(['es256', 'es384', 'es512', 'ps256', 'ps384', 'ed25519'] as const)('with %s is trusted', async (alg) => {
    const chain = await issueDevelopmentChain(new Date(), alg);
    const signer = createLocalSigner({ ...chain, alg });
    const provenance = createProvenance({ signer, trustAnchorsPem: chain.rootPem });
    expect(signer.alg).toBe(alg);
    expect((await provenance.sign(await asset())).selfChecked).toBe(true);
    await provenance.close();
  });
});

describe('a picture with a timestamp', () => {
  it('is trusted now, and says when it was signed', async () => {
    const { provenance } = stampingProvenance('required');
    const { bytes, timestamp } = await provenance.sign(await asset());
    expect(timestamp).toMatchObject({ kind: 'stamped' });
    const report = await provenance.verify(bytes);
    expect(report).toMatchObject({ state: 'trusted', codes: [] });
    if (timestamp.kind === 'stamped') expect(Date.parse(report.when ?? '')).toBe(timestamp.at.getTime());
    await provenance.close();
  });

  it('has next to no space that no signature covers, once tokens are known', async () => {
    const { provenance } = stampingProvenance('required');
    const first = await provenance.sign(await asset());
    const second = await provenance.sign(await asset());
    expect(first.bytes.length - second.bytes.length).toBeGreaterThan(8_000);
    expect(Buffer.from(second.bytes).includes(Buffer.alloc(40))).toBe(false);
    await provenance.close();
  });

  it('is still trusted after 18 months, when the certificate has run out; one without is not', async () => {
    const { provenance } = stampingProvenance('required');
    const stamped = await provenance.sign(await asset());
    await provenance.close();
    expect(await verifiedLater(stamped.bytes, 18)).toBe('trusted []');
    const bare = stampingProvenance('off').provenance;
    const { bytes } = await bare.sign(await asset());
    await bare.close();
    expect(await verifiedLater(bytes, 1)).toBe('trusted []');
    expect(await verifiedLater(bytes, 18)).toMatch(/^invalid .*signingCredential.expired/);
  });
});

describe('when no authority answers well', () => {
  it('nothing leaves where timestamps are required, and every authority is named with its fault', async () => {
    const { provenance } = stampingProvenance('required');
    tsa.behave((_, response) => response.end('<html>'));
    await expect(provenance.sign(await asset())).rejects.toMatchObject({
      code: 'PUBLISH_FAILED',
      message: expect.stringMatching(/timestamp is required.*127\.0\.0\.1:\d+: not-a-response/),
    });
    tsa.behave();
    expect((await provenance.sign(await asset())).timestamp.kind).toBe('stamped');
    await provenance.close();
  });

  it('the picture leaves where they are preferred, trusted, and the loss is stated', async () => {
    const { provenance } = stampingProvenance('preferred', 200);
    tsa.behave(() => undefined);
    const signed = await provenance.sign(await asset());
    tsa.behave();
    expect(signed).toMatchObject({ selfChecked: true, timestamp: { kind: 'missing', faults: [{ fault: 'timed-out' }] } });
    await provenance.close();
  });
});
