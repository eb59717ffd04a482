import { beforeAll, describe, expect, it } from 'vitest';
import type { ClaimAlgorithm } from '../claim-signer.ts';
import { flawedChain, type LeafChanges } from './flawed-chain.fixture.ts';
import { issueDevelopmentChain } from './issue-development-chain.ts';
import { errorsOf, lintChain } from './lint-chain.ts';
import { parseCertificates } from './parse-pem.ts';

let good: Awaited<ReturnType<typeof flawedChain>>;
let other: Awaited<ReturnType<typeof flawedChain>>;
beforeAll(async () => {
  [good, other] = await Promise.all([flawedChain(), flawedChain()]);
});

function rulesOf(flaws: ReturnType<typeof lintChain>): readonly string[] {
  return errorsOf(flaws).map(({ rule }) => rule);
}

async function rulesOfLeaf(changes: LeafChanges, alg?: ClaimAlgorithm): Promise<readonly string[]> {
  const { leaf, intermediate, root, privateKey } = await flawedChain(changes);
  const given = { chain: [leaf, intermediate], anchors: [root], privateKey, now: new Date() };
  return rulesOf(lintChain(alg === undefined ? given : { ...given, alg }));
}

const EMAIL = '1.3.6.1.5.5.7.3.4';

describe('a certificate that breaks one rule is named by it, and by nothing else', () => {
  it.each<[string, LeafChanges]>([
    ['leaf-organization', { subject: 'CN=leaf, C=ZZ' }],
    ['leaf-extended-key-usage', { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] }],
    ['leaf-extended-key-usage', { extendedKeyUsage: [] }],
    ['leaf-extended-key-usage', { extendedKeyUsage: [EMAIL, '2.5.29.37.0'] }],
    ['leaf-extended-key-usage', { extendedKeyUsage: [EMAIL, '1.3.6.1.5.5.7.3.8'] }],
    ['leaf-authority-key-identifier', { withoutAuthorityKeyIdentifier: true }],
    ['leaf-key-usage', { keyUsage: null }],
    ['leaf-key-usage', { keyUsage: 'keyEncipherment' }],
    ['leaf-is-ca', { ca: true }],
    ['leaf-critical-extension', { criticalExtension: '1.2.3.4' }],
    ['expired', { from: -400, until: -1 }],
    ['not-yet-valid', { from: 1 }],
    ['weak-signature', { hash: 'SHA-1' }],
    ['weak-key', { rsaBits: 1024 }],
  ])('%s', async (rule, changes) => {
    expect(await rulesOfLeaf(changes)).toEqual([rule]);
  });

  it('and a good one by none, whatever extended key usage of the three it has', async () => {
    expect(await rulesOfLeaf({})).toEqual([]);
    expect(await rulesOfLeaf({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.36'] })).toEqual([]);
    expect(await rulesOfLeaf({ extendedKeyUsage: ['1.3.6.1.4.1.62558.2.1'] })).toEqual([]);
    expect(await rulesOfLeaf({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', EMAIL] })).toEqual([]);
    expect(await rulesOfLeaf({ rsaBits: 2048 }, 'ps512')).toEqual([]);
  });

  it('all at once, when there is more than one', async () => {
    expect(await rulesOfLeaf({ subject: 'CN=leaf', keyUsage: null, until: -1, from: -2 })).toEqual([
      'leaf-organization',
      'leaf-key-usage',
      'expired',
    ]);
  });
});

describe('a chain', () => {
  const lint = (chain: Parameters<typeof lintChain>[0]['chain'], more = {}) => rulesOf(lintChain({ chain, now: new Date(), ...more }));

  it('is refused when it is empty, out of order, with a gap, with the root, or leads nowhere', () => {
    const { leaf, intermediate, root } = good;
    expect(lint([])).toEqual(['chain-empty']);
    expect(lint([leaf, root, intermediate])).toContain('chain-order');
    expect(lint([leaf, root])).toEqual(['chain-root-included', 'chain-gap']);
    expect(lint([leaf, intermediate, root])).toEqual(['chain-root-included']);
    expect(lint([leaf], { anchors: [root] })).toEqual(['chain-untrusted']);
    expect(lint([leaf, intermediate], { anchors: [other.root] })).toEqual(['chain-untrusted']);
    expect(lint([leaf, other.intermediate], { anchors: [root] })).toContain('chain-gap');
    expect(lint([leaf, intermediate], { anchors: [other.root, root] })).toEqual([]);
    expect(lint([leaf], { anchors: [intermediate] })).toEqual([]);
  });

  it('is refused when its first certificate is the root itself', () => {
    expect(lint([good.root])).toEqual(expect.arrayContaining(['leaf-is-ca', 'leaf-self-signed']));
  });

  it('is refused with the key of another certificate, and with an algorithm that the key cannot do', async () => {
    expect(lint([good.leaf, good.intermediate], { privateKey: other.privateKey })).toEqual(['key-mismatch']);
    expect(lint([good.leaf, good.intermediate], { alg: 'es384' })).toEqual(['algorithm-mismatch']);
    expect(await rulesOfLeaf({ rsaBits: 2048 }, 'ed25519')).toEqual(['algorithm-mismatch']);
  });

  it('says for every flaw what to do', async () => {
    const { leaf } = await flawedChain({ subject: 'CN=leaf' });
    for (const { problem, remedy } of lintChain({ chain: [leaf], anchors: [], now: new Date() })) {
      expect(problem).not.toMatch(/\.$/);
      expect(remedy).toMatch(/^[A-Zc].*\.$/);
    }
  });
});

describe('the profile of assurance level 1', () => {
  it('is met by the development hierarchy, for every algorithm', async () => {
    for (const alg of ['es256', 'es384', 'ps256', 'ed25519'] as const) {
      const { chainPem, rootPem } = await issueDevelopmentChain(new Date(), alg);
      expect(lintChain({ chain: parseCertificates(chainPem), anchors: parseCertificates(rootPem), alg, now: new Date() })).toEqual([]);
    }
  });

  it('is advice: what a plain certificate lacks is named, and it may sign', () => {
    const flaws = lintChain({ chain: [good.leaf, good.intermediate], now: new Date() });
    expect(flaws.map(({ rule }) => rule)).toEqual(['al1-claim-signing', 'al1-policy', 'al1-extensions']);
    expect(errorsOf(flaws)).toEqual([]);
  });
});
