// `@peculiar/x509` 2 resolves its parts through tsyringe, which needs this polyfill first.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  CertificatePolicyExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { ClaimAlgorithm } from '../claim-signer.ts';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) } as const;
const KEY_KINDS = {
  es256: { name: 'ECDSA', namedCurve: 'P-256' },
  es384: { name: 'ECDSA', namedCurve: 'P-384' },
  es512: { name: 'ECDSA', namedCurve: 'P-521' },
  ps256: RSA,
  ps384: RSA,
  ps512: RSA,
  ed25519: { name: 'Ed25519' },
} as const;
/** Certificates start a little before they are made, so that a verifier whose clock is slow accepts them. */
const BACKDATE_MS = 5 * 60_000;
const DAY_MS = 86_400_000;
const C2PA_POLICY = '1.3.6.1.4.1.62558.1.1';

/** A name with its keys; `issue` makes certificates in it. */
export interface Entity {
  readonly commonName: string;
  readonly keys: webcrypto.CryptoKeyPair;
  /** Of certificates that it issues: validators take the curve from it. */
  readonly hash: 'SHA-256' | 'SHA-384';
}

/** A new key pair that can sign with `alg`. */
export async function newEntity(commonName: string, alg: ClaimAlgorithm): Promise<Entity> {
  const keys = await webcrypto.subtle.generateKey(KEY_KINDS[alg], true, ['sign', 'verify']);
  if (!('privateKey' in keys)) throw new TypeError('the key kind has no pair');
  return { commonName, keys, hash: alg === 'es384' ? 'SHA-384' : 'SHA-256' };
}

interface Issue {
  readonly subject: Entity;
  /** With a P-256 or P-384 key. */
  readonly issuer: Entity;
  readonly now: Date;
  readonly days: number;
  readonly extendedKeyUsage?: { readonly oids: readonly string[]; readonly critical: boolean };
  /** Null for an end entity. */
  readonly pathLength: number | null;
  /** Further extensions that are not critical: values in DER. */
  readonly more?: readonly { readonly oid: string; readonly value: Uint8Array }[];
}

/** A certificate in PEM on the profiles of C2PA's certificate policy (0.2): root, issuing CA, claim-signing and time-stamping leaf. */
export async function issue({ subject, issuer, now, days, extendedKeyUsage, pathLength, more = [] }: Issue): Promise<string> {
  const notBefore = new Date(now.getTime() - BACKDATE_MS);
  const isRoot = subject === issuer;
  const usages =
    pathLength === null ? KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation : KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: distinguishedName(subject.commonName),
    issuer: distinguishedName(issuer.commonName),
    notBefore,
    notAfter: new Date(notBefore.getTime() + days * DAY_MS),
    signingKey: issuer.keys.privateKey,
    publicKey: subject.keys.publicKey,
    signingAlgorithm: { name: 'ECDSA', hash: issuer.hash },
    extensions: [
      new BasicConstraintsExtension(pathLength !== null, pathLength ?? undefined, true),
      new KeyUsagesExtension(usages, true),
      await SubjectKeyIdentifierExtension.create(subject.keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
      ...(isRoot ? [] : [new CertificatePolicyExtension([C2PA_POLICY])]),
      ...(extendedKeyUsage === undefined ? [] : [new ExtendedKeyUsageExtension([...extendedKeyUsage.oids], extendedKeyUsage.critical)]),
      ...more.map(({ oid, value }) => new Extension(oid, false, Uint8Array.from(value))),
    ],
  });
  return `${certificate.toString('pem').trim()}\n`;
}

/** PKCS #8 in PEM. */
export async function privateKeyPem({ keys }: Entity): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}

/** In the list form, because commas in a string would split it. ZZ is a country code that ISO 3166 leaves to its users. */
function distinguishedName(commonName: string): { C?: string[]; CN?: string[]; O?: string[] }[] {
  return [{ C: ['ZZ'] }, { O: ['Imprimatur development'] }, { CN: [commonName] }];
}

/** 126 random bits, positive (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}
