import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { issueDevelopmentChain } from './signing/certificates/issue-development-chain.ts';
import { createLocalSigner } from './signing/local-signer.ts';

/** A development chain in memory and a signer with its key. */
export async function testPki(now = new Date()) {
  const issued = await issueDevelopmentChain(now);
  return { ...issued, signer: createLocalSigner({ ...issued, now }) };
}

const ROOT = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const LEAVES = {
  es384: { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' },
  ed25519: { name: 'Ed25519' },
  ps256: { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) },
} as const;

/** A root and a leaf of another algorithm right under it; `extendedKeyUsage` and `subject` can break the profile. */
export async function otherPki(
  alg: keyof typeof LEAVES,
  { extendedKeyUsage = '1.3.6.1.5.5.7.3.4', subject = 'CN=leaf, O=Test', root: rootName = 'CN=root, O=Test' } = {},
) {
  const rootKeys = await webcrypto.subtle.generateKey(ROOT, true, ['sign', 'verify']);
  const leafKeys = await webcrypto.subtle.generateKey(LEAVES[alg], true, ['sign', 'verify']);
  if (!('privateKey' in leafKeys)) throw new TypeError('not a key pair');
  const root = await X509CertificateGenerator.createSelfSigned({
    name: rootName,
    keys: rootKeys,
    signingAlgorithm: ROOT,
    extensions: [new BasicConstraintsExtension(true, 1, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  });
  const leaf = await X509CertificateGenerator.create({
    subject,
    issuer: root.subject,
    publicKey: leafKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: ROOT,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([extendedKeyUsage]),
      await AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey)).toString('base64');
  return {
    rootPem: root.toString('pem'),
    chainPem: leaf.toString('pem'),
    privateKeyPem: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
  };
}
