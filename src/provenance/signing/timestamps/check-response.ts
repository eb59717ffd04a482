import { createHash, verify, type X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../certificates/certificate-facts.ts';
import { EKU_TIME_STAMPING } from '../certificates/extended-key-usage.ts';
import { DerCursor, oidOf, readDer, smallInteger, TAG } from '../der.ts';
import { checkPath } from './certificate-path.ts';
import { readSignedData, type SignedData } from './signed-data.ts';
import { TimestampFault } from './timestamp-fault.ts';
import { SHA256_OID, type TimestampRequest } from './timestamp-request.ts';
import { ID_TST_INFO, readTime, readTokenInfo } from './token-info.ts';

const ATTRIBUTE = {
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;
const HASHES: Readonly<Record<string, string>> = {
  [SHA256_OID]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
/** Signature algorithms → the hash that they fix; null where the digest algorithm says it. */
const SIGNATURES: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.1': null,
  '1.2.840.10045.2.1': null,
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

export interface TimestampToken {
  /** TimeStampToken in DER: what `sigTst2` holds. */
  readonly der: Uint8Array;
  readonly at: Date;
}

export interface TimestampTrust {
  /** Issuers of time-stamp authorities that are believed. */
  readonly anchors: readonly X509Certificate[];
  /** How far the authority's clock may be from ours. */
  readonly maxClockSkewMs: number;
  readonly now: Date;
}

/**
 * The token of a TimeStampResp, when it answers exactly this request: status, imprint, nonce, time, signature, certificate and its
 * path to an anchor (RFC 3161 §2.4.2, §2.3).
 * @throws TimestampFault that names what is wrong
 */
export function checkTimestampResponse(response: Uint8Array, request: TimestampRequest, trust: TimestampTrust): TimestampToken {
  try {
    return check(response, request, trust);
  } catch (error) {
    if (error instanceof TimestampFault) throw error;
    // OpenSSL reads keys of certificates only when they are used.
    throw new TimestampFault('wrong-certificate', 'a certificate of the token cannot be used');
  }
}

function check(response: Uint8Array, request: TimestampRequest, trust: TimestampTrust): TimestampToken {
  const der = tokenOf(response);
  const { signedData, info } = malformedUnless(() => {
    const data = readSignedData(der);
    return { signedData: data, info: readTokenInfo(data.content) };
  });
  if (signedData.contentType !== ID_TST_INFO) throw new TimestampFault('not-a-response', 'the content is not a TSTInfo');
  if (info.hashAlgorithm !== SHA256_OID || !sameBytes(info.imprint, request.imprint)) {
    throw new TimestampFault('wrong-imprint', 'the token is for other data');
  }
  if (info.nonce === null || !sameBytes(info.nonce, request.nonce))
    throw new TimestampFault('wrong-nonce', 'the token answers another request');
  const signer = signerOf(signedData);
  checkSignature(signedData, signer);
  checkClock(signedData, info.at, trust);
  checkSignerCertificate(signedData, signer);
  checkPath({ signer, others: signedData.certificates, at: info.at, anchors: trust.anchors });
  return { der, at: info.at };
}

/** TimeStampResp: PKIStatusInfo, then the token when the status is granted (0) or granted with changes (1). */
function tokenOf(response: Uint8Array): Uint8Array {
  return malformedUnless(() => {
    const parts = new DerCursor(readDer(response, TAG.sequence));
    const status = smallInteger(new DerCursor(parts.take(TAG.sequence)).take(TAG.integer));
    if (status > 1) throw new TimestampFault('refused', `status ${status}`);
    return Uint8Array.from(parts.take(TAG.sequence).raw);
  });
}

function malformedUnless<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new TimestampFault('not-a-response', error.message);
    throw error;
  }
}

function signerOf({ certificates, signer: { id } }: SignedData): CertificateFacts {
  const found = certificates.find(({ issuer, serial, extensions }) =>
    'keyIdentifier' in id
      ? sameBytes(extensions.get('2.5.29.14')?.value.subarray(2), id.keyIdentifier)
      : sameBytes(issuer, id.issuer) && sameBytes(serial, id.serial),
  );
  if (found === undefined) throw new TimestampFault('wrong-certificate', 'the certificate of the signer is not in the token');
  return found;
}

function checkSignature({ content, contentType, signer }: SignedData, { certificate }: CertificateFacts): void {
  const hash = HASHES[signer.digestAlgorithm];
  const algorithm = malformedUnless(() => oidOf(new DerCursor(signer.signatureAlgorithm).take(TAG.oid)));
  const fixed = SIGNATURES[algorithm];
  if (hash === undefined || fixed === undefined || (fixed !== null && fixed !== hash)) {
    throw new TimestampFault('bad-signature', 'it is of a kind that validators do not know');
  }
  const digest = createHash(hash).update(content).digest();
  const stated = malformedUnless(() => ({
    digest: signer.attributes.get(ATTRIBUTE.messageDigest)?.content,
    type: oidOf(signer.attributes.get(ATTRIBUTE.contentType) ?? { tag: 0, content: digest, raw: digest }),
  }));
  if (!sameBytes(stated.digest, digest) || stated.type !== contentType)
    throw new TimestampFault('bad-signature', 'it is over something else');
  if (!verify(hash, signer.signedBytes, certificate.publicKey, signer.signature))
    throw new TimestampFault('bad-signature', 'it does not verify');
}

/** c2pa-rs takes a `signingTime` attribute for the time where there is one, so it is held to the same bounds. */
function checkClock({ signer }: SignedData, at: Date, { maxClockSkewMs, now }: TimestampTrust): void {
  const signingTime = signer.attributes.get(ATTRIBUTE.signingTime);
  const times = signingTime === undefined ? [at] : [at, malformedUnless(() => readTime(signingTime))];
  const worst = Math.max(...times.map((time) => Math.abs(time.getTime() - now.getTime())));
  if (worst > maxClockSkewMs) throw new TimestampFault('wrong-clock', `its clock and ours differ by ${Math.round(worst / 1000)} s`);
}

/** Extended key usage critical and nothing but timeStamping (RFC 3161 §2.3), and the signature names this certificate (RFC 5816). */
function checkSignerCertificate(
  { signer: { attributes } }: SignedData,
  { certificate, extendedKeyUsages, extensions }: CertificateFacts,
): void {
  if (extendedKeyUsages.length !== 1 || extendedKeyUsages[0] !== EKU_TIME_STAMPING || extensions.get('2.5.29.37')?.critical !== true) {
    throw new TimestampFault('wrong-certificate', 'its extended key usage is not timeStamping alone, and critical');
  }
  const named = malformedUnless(() => namedCertificate(attributes));
  if (named === null || !sameBytes(createHash(named.hash).update(certificate.raw).digest(), named.digest)) {
    throw new TimestampFault('wrong-certificate', 'the signature names another certificate');
  }
}

/** The first ESSCertID or ESSCertIDv2, whose hash is SHA-256 unless it says otherwise. */
function namedCertificate(attributes: SignedData['signer']['attributes']): { readonly hash: string; readonly digest: Uint8Array } | null {
  const v2 = attributes.get(ATTRIBUTE.signingCertificateV2);
  const value = v2 ?? attributes.get(ATTRIBUTE.signingCertificate);
  if (value === undefined) return null;
  const first = new DerCursor(new DerCursor(new DerCursor(value).take(TAG.sequence)).take(TAG.sequence));
  const algorithm = v2 === undefined ? null : first.takeOptional(TAG.sequence);
  const hash = algorithm === null ? (v2 === undefined ? 'sha1' : 'sha256') : HASHES[oidOf(new DerCursor(algorithm).take(TAG.oid))];
  return hash === undefined ? null : { hash, digest: first.take(TAG.octetString).content };
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}
