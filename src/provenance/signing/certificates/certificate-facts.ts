import { X509Certificate } from 'node:crypto';
import { childrenOf, DerCursor, oidOf, readDer, smallInteger, TAG } from '../der.ts';

const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** Extensions of RFC 5280 that the rules ask for, and those of C2PA's certificate policy. */
export const EXTENSION = {
  keyUsage: '2.5.29.15',
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  certificatePolicies: '2.5.29.32',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
  c2paAssuranceLevel: '1.3.6.1.4.1.62558.3',
  c2paRecord: '1.3.6.1.4.1.62558.4',
} as const;

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const SHA1 = '1.3.14.3.2.26';

/** What `X509Certificate` of Node does not tell about a certificate (RFC 5280 §4.1). Byte arrays are raw DER. */
export interface CertificateFacts {
  readonly certificate: X509Certificate;
  readonly version: number;
  readonly serial: Uint8Array;
  readonly issuer: Uint8Array;
  readonly hasUniqueId: boolean;
  /** Of the certificate's own signature; `RSASSA_PSS` is followed by its hash. */
  readonly signatureAlgorithm: string;
  /** Null when there is no such extension. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null;
  /** As basic constraints say; OpenSSL's `ca` also wants a key usage that fits, and validators do not. */
  readonly isCa: boolean;
  /** How many CA certificates may stand below this one; null without a bound. */
  readonly pathLength: number | null;
  readonly extendedKeyUsages: readonly string[];
  readonly policies: readonly string[];
  readonly extensions: ReadonlyMap<string, { readonly critical: boolean; readonly value: Uint8Array }>;
}

/** @throws RangeError when the certificate is not strict DER */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const outer = new DerCursor(readDer(new Uint8Array(certificate.raw), TAG.sequence));
  const tbs = new DerCursor(outer.take(TAG.sequence));
  const signatureAlgorithm = algorithmName(new DerCursor(outer.take(TAG.sequence)));
  const version = tbs.takeOptional(0xa0);
  const serial = tbs.take(TAG.integer).raw;
  tbs.take(TAG.sequence);
  const issuer = tbs.take(TAG.sequence).raw;
  tbs.take(TAG.sequence);
  tbs.take(TAG.sequence);
  tbs.take(TAG.sequence);
  const uniqueIds = [tbs.takeOptional(0x81), tbs.takeOptional(0x82)];
  const list = tbs.takeOptional(0xa3);
  const extensions = new Map(list === null ? [] : childrenOf(readDer(list.content, TAG.sequence)).map(readExtension));
  return {
    certificate,
    version: version === null ? 1 : smallInteger(readDer(version.content)) + 1,
    serial,
    issuer,
    hasUniqueId: uniqueIds.some((id) => id !== null),
    signatureAlgorithm,
    keyUsage: readKeyUsage(extensions.get(EXTENSION.keyUsage)?.value),
    ...readBasicConstraints(extensions.get(EXTENSION.basicConstraints)?.value),
    extendedKeyUsages: oids(extensions.get(EXTENSION.extendedKeyUsage)?.value, (element) => oidOf(element)),
    policies: oids(extensions.get(EXTENSION.certificatePolicies)?.value, (element) => oidOf(new DerCursor(element).take(TAG.oid))),
    extensions,
  };
}

/** Facts of a certificate in DER. @throws RangeError, or OpenSSL's error, when it is none */
export function parseFacts(der: Uint8Array): CertificateFacts {
  return certificateFacts(new X509Certificate(der));
}

function readExtension(element: ReturnType<typeof readDer>): [string, { critical: boolean; value: Uint8Array }] {
  const parts = new DerCursor(element);
  const id = oidOf(parts.take(TAG.oid));
  const critical = parts.takeOptional(TAG.boolean)?.content[0] === 0xff;
  return [id, { critical, value: parts.take(TAG.octetString).content }];
}

/** A BIT STRING whose first byte says how many bits of the last one are unused. */
function readKeyUsage(value: Uint8Array | undefined): ReadonlySet<KeyUsage> | null {
  if (value === undefined) return null;
  const [, bits = 0] = readDer(value, TAG.bitString).content;
  return new Set(KEY_USAGES.filter((_, index) => (bits & (0x80 >> index)) !== 0));
}

function readBasicConstraints(value: Uint8Array | undefined): Pick<CertificateFacts, 'isCa' | 'pathLength'> {
  if (value === undefined) return { isCa: false, pathLength: null };
  const parts = new DerCursor(readDer(value, TAG.sequence));
  const isCa = parts.takeOptional(TAG.boolean)?.content[0] === 0xff;
  const length = parts.takeOptional(TAG.integer);
  return { isCa, pathLength: length === null ? null : smallInteger(length) };
}

function oids(value: Uint8Array | undefined, read: (element: ReturnType<typeof readDer>) => string): readonly string[] {
  return value === undefined ? [] : childrenOf(readDer(value, TAG.sequence)).map(read);
}

/** For RSASSA-PSS the hash is in the parameters (RFC 4055 §3.1), and left out it is SHA-1. */
function algorithmName(algorithm: DerCursor): string {
  const id = oidOf(algorithm.take(TAG.oid));
  if (id !== RSASSA_PSS) return id;
  const hash = algorithm.isAtEnd ? null : new DerCursor(algorithm.take(TAG.sequence)).takeOptional(0xa0);
  return `${id} ${hash === null ? SHA1 : oidOf(new DerCursor(readDer(hash.content, TAG.sequence)).take(TAG.oid))}`;
}
