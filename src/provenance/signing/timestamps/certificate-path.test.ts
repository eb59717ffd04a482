import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateFacts } from '../certificates/certificate-facts.ts';
import { EKU_EMAIL_PROTECTION, EKU_TIME_STAMPING } from '../certificates/extended-key-usage.ts';
import { openAuthority } from './authority.fixture.ts';
import { authorityChain, type CertificateChanges } from './authority-chain.fixture.ts';
import { checkPath } from './certificate-path.ts';
import { checkTimestampResponse } from './check-response.ts';
import { createTimestampRequest } from './timestamp-request.ts';

/** What is said of a real token of OpenSSL's under these papers. */
async function judged(chain: Parameters<typeof authorityChain>[0], others?: Awaited<ReturnType<typeof authorityChain>>): Promise<string> {
  const { anchors, issued } = await authorityChain(chain);
  const tsa = await openAuthority(issued);
  const request = createTimestampRequest(Buffer.from('what is to be stamped'));
  try {
    const answer = await tsa.reply(Buffer.from(request.der));
    const trust = { anchors: others?.anchors ?? anchors, maxClockSkewMs: 60_000, now: new Date() };
    checkTimestampResponse(answer, request, trust);
    return 'stamped';
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  } finally {
    await tsa.close();
  }
}

/** OpenSSL itself says of a certificate without the right that it issued nothing, and then there is no path at all. */
const REFUSED = expect.stringMatching(
  /a certificate of its path may not issue time-stamp authorities|does not lead to a configured anchor/,
);

describe('the path of a time-stamp authority to an anchor', () => {
  it('may have intermediates that are limited to time-stamping, or limited to nothing', async () => {
    expect(await judged({})).toBe('stamped');
    expect(await judged({ intermediates: [{ pathLength: 1 }, { pathLength: 0 }] })).toBe('stamped');
    expect(await judged({ anchor: { pathLength: 1 } })).toBe('stamped');
  });

  it.each([
    ['is no CA', { ca: false, keyUsage: ['keyCertSign'] }],
    ['is an end entity of another customer', { ca: false }],
    ['may not sign certificates', { keyUsage: ['digitalSignature', 'cRLSign'] }],
    ['says nothing of what its key may do', { keyUsage: null }],
    ['is for mail', { extendedKeyUsage: [EKU_EMAIL_PROTECTION] }],
    ['is for mail as well', { extendedKeyUsage: [EKU_TIME_STAMPING, EKU_EMAIL_PROTECTION] }],
    ['has a critical extension that nobody here understands', { criticalExtension: '1.2.3.4.5' }],
  ] satisfies [string, CertificateChanges][])('is refused when an intermediate %s', async (_what, change) => {
    expect(await judged({ intermediates: [change] })).toEqual(REFUSED);
  });

  it('is refused when it is longer than a CA of it allows, the anchor included', async () => {
    expect(await judged({ intermediates: [{ pathLength: 0 }, {}] })).toEqual(REFUSED);
    expect(await judged({ anchor: { pathLength: 0 }, intermediates: [{}] })).toEqual(REFUSED);
    expect(await judged({ intermediates: [{}, {}, {}, {}, {}] })).toContain('does not lead to a configured anchor');
  });

  it('is refused when the anchor that it leads to could issue nothing', async () => {
    expect(await judged({ anchor: { ca: false } })).toEqual(REFUSED);
  });

  it.each([
    ['is a CA', { ca: true, keyUsage: ['digitalSignature'] }],
    ['may not sign', { keyUsage: ['keyAgreement'] }],
    ['has a critical extension that nobody here understands', { criticalExtension: '1.2.3' }],
  ] satisfies [string, CertificateChanges][])('is refused when the authority itself %s', async (_what, authority) => {
    const { anchors, issued } = await authorityChain({ intermediates: [], authority });
    const signer = certificateFacts(new X509Certificate(issued.certificatePem));
    expect(() => checkPath({ signer, others: [], at: new Date(), anchors })).toThrow('may not sign timestamps');
  });

  it('leads nowhere under an anchor of the same name with another key', async () => {
    expect(await judged({}, await authorityChain())).toContain('does not lead to a configured anchor');
  });
});
