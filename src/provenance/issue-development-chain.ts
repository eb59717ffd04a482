// `@peculiar/x509` 2 resolves its parts through tsyringe, which needs this polyfill first.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { EKU_C2PA_CLAIM_SIGNING, EKU_EMAIL_PROTECTION } from './certificate-chain.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
/** The longest life of a leaf in C2PA's assurance level 1 profile. */
const LEAF_DAYS = 366;
const CA_DAYS = 3650;
/** Certificates start a little before they are made, so that a verifier whose clock is slow accepts them. */
const BACKDATE_MS = 5 * 60_000;

const ROOT_NAME = 'Imprimatur development root, not trusted by anyone';

export interface IssuedChain {
  readonly rootPem: string;
  /** Leaf, then intermediate. */
  readonly chainPem: string;
  /** PKCS #8 of the leaf. */
  readonly privateKeyPem: string;
}

/**
 * A P-256 chain root → intermediate → leaf whose leaf follows C2PA's certificate profile (2.4 §14.5, assurance level 1). The keys of
 * root and intermediate are dropped here: whoever steals the directory has one leaf and cannot mint another.
 */
export async function issueDevelopmentChain(now: Date): Promise<IssuedChain> {
  const notBefore = new Date(now.getTime() - BACKDATE_MS);
  const [root, intermediate, leaf] = await Promise.all([newKeys(), newKeys(), newKeys()]);
  const caNotAfter = new Date(notBefore.getTime() + CA_DAYS * DAY_MS);
  const rootCertificate = await issueCa({
    name: ROOT_NAME,
    pathLength: 1,
    keys: root,
    issuer: { name: ROOT_NAME, keys: root },
    notBefore,
    notAfter: caNotAfter,
  });
  const intermediateName = 'Imprimatur development intermediate';
  const intermediateCertificate = await issueCa({
    name: intermediateName,
    pathLength: 0,
    keys: intermediate,
    issuer: { name: ROOT_NAME, keys: root },
    notBefore,
    notAfter: caNotAfter,
  });
  const leafCertificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: subject('Imprimatur development signer'),
    issuer: subject(intermediateName),
    notBefore,
    notAfter: new Date(notBefore.getTime() + LEAF_DAYS * DAY_MS),
    signingKey: intermediate.privateKey,
    publicKey: leaf.publicKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([EKU_EMAIL_PROTECTION, EKU_C2PA_CLAIM_SIGNING]),
      await SubjectKeyIdentifierExtension.create(leaf.publicKey),
      await AuthorityKeyIdentifierExtension.create(intermediate.publicKey),
    ],
  });
  return {
    rootPem: pemLines(rootCertificate),
    chainPem: pemLines(leafCertificate) + pemLines(intermediateCertificate),
    privateKeyPem: await privateKeyPem(leaf.privateKey),
  };
}

async function issueCa({
  name,
  pathLength,
  keys,
  issuer,
  notBefore,
  notAfter,
}: {
  readonly name: string;
  readonly pathLength: number;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly issuer: { readonly name: string; readonly keys: webcrypto.CryptoKeyPair };
  readonly notBefore: Date;
  readonly notAfter: Date;
}): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: subject(name),
    issuer: subject(issuer.name),
    notBefore,
    notAfter,
    signingKey: issuer.keys.privateKey,
    publicKey: keys.publicKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, pathLength, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  });
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: ALGORITHM.name, namedCurve: ALGORITHM.namedCurve }, true, ['sign', 'verify']);
}

/** The distinguished name in the list form, because commas in a string would split it. */
function subject(commonName: string): { CN?: string[]; O?: string[] }[] {
  return [{ CN: [commonName] }, { O: ['Imprimatur development'] }];
}

/** 126 random bits, positive (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

function pemLines(certificate: X509Certificate): string {
  return `${certificate.toString('pem').trim()}\n`;
}

async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}
