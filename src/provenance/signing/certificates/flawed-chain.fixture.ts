import 'reflect-metadata';
import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const DAY_MS = 86_400_000;

/** How a leaf differs from a good one. */
export interface LeafChanges {
  readonly subject?: string;
  readonly extendedKeyUsage?: readonly string[];
  readonly keyUsage?: 'keyEncipherment' | null;
  readonly withoutAuthorityKeyIdentifier?: boolean;
  readonly ca?: boolean;
  readonly criticalExtension?: string;
  readonly hash?: 'SHA-1' | 'SHA-256';
  readonly rsaBits?: number;
  /** Days from now. */
  readonly from?: number;
  readonly until?: number;
}

/** Root → intermediate → leaf, all P-256 unless changed, the leaf with one thing wrong. */
export async function flawedChain(changes: LeafChanges = {}) {
  const [root, intermediate] = await Promise.all([keys(EC), keys(EC)]);
  const rsa = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: changes.rsaBits ?? 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
  const leaf = await keys(changes.rsaBits === undefined ? EC : rsa);
  const usages =
    changes.keyUsage === undefined
      ? KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation
      : changes.keyUsage && KeyUsageFlags[changes.keyUsage];
  const eku = changes.extendedKeyUsage ?? ['1.3.6.1.5.5.7.3.4'];
  const rootCertificate = await issue('CN=root, O=Test', root, 'CN=root, O=Test', root, await caExtensions(root, root));
  const intermediateCertificate = await issue(
    'CN=intermediate, O=Test',
    intermediate,
    'CN=root, O=Test',
    root,
    await caExtensions(intermediate, root),
  );
  const leafCertificate = await issue(
    changes.subject ?? 'CN=leaf, O=Test, C=ZZ',
    leaf,
    'CN=intermediate, O=Test',
    intermediate,
    [
      new BasicConstraintsExtension(changes.ca === true, undefined, true),
      ...(usages === null ? [] : [new KeyUsagesExtension(usages, true)]),
      ...(eku.length === 0 ? [] : [new ExtendedKeyUsageExtension([...eku])]),
      ...(changes.withoutAuthorityKeyIdentifier === true ? [] : [await AuthorityKeyIdentifierExtension.create(intermediate.publicKey)]),
      ...(changes.criticalExtension === undefined ? [] : [new Extension(changes.criticalExtension, true, Uint8Array.of(5, 0))]),
    ],
    changes,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leaf.privateKey));
  return {
    root: rootCertificate,
    intermediate: intermediateCertificate,
    leaf: leafCertificate,
    privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
  };
}

async function keys(algorithm: Parameters<typeof webcrypto.subtle.generateKey>[0]): Promise<webcrypto.CryptoKeyPair> {
  const made = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('privateKey' in made)) throw new TypeError('not a key pair');
  return made;
}

async function caExtensions(subject: webcrypto.CryptoKeyPair, issuer: webcrypto.CryptoKeyPair): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    await SubjectKeyIdentifierExtension.create(subject.publicKey),
    await AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ];
}

async function issue(
  subject: string,
  { publicKey }: webcrypto.CryptoKeyPair,
  issuer: string,
  { privateKey }: webcrypto.CryptoKeyPair,
  extensions: Extension[],
  { hash = 'SHA-256', from = -1, until = 300 }: LeafChanges = {},
): Promise<X509Certificate> {
  const made = await X509CertificateGenerator.create({
    subject,
    issuer,
    publicKey,
    signingKey: privateKey,
    signingAlgorithm: { name: 'ECDSA', hash },
    notBefore: new Date(Date.now() + from * DAY_MS),
    notAfter: new Date(Date.now() + until * DAY_MS),
    extensions,
  });
  return new X509Certificate(Buffer.from(made.rawData));
}
