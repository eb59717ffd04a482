import type { X509Certificate } from 'node:crypto';
import { type CertificateFacts, certificateFacts, EXTENSION } from '../certificates/certificate-facts.ts';
import { EKU_TIME_STAMPING } from '../certificates/extended-key-usage.ts';
import { TimestampFault } from './timestamp-fault.ts';

const MAX_PATH = 5;
/** Critical extensions whose meaning is looked at here; RFC 5280 §4.2 has a certificate refused that has others. */
const UNDERSTOOD: ReadonlySet<string> = new Set([EXTENSION.basicConstraints, EXTENSION.keyUsage, EXTENSION.extendedKeyUsage]);

interface PathInput {
  readonly signer: CertificateFacts;
  /** What the token brought, in any order. */
  readonly others: readonly CertificateFacts[];
  /** When the token was made. */
  readonly at: Date;
  readonly anchors: readonly X509Certificate[];
}

/**
 * The path of a time-stamp authority's certificate to a configured anchor, held to RFC 5280 §6.1: every certificate valid then, every issuer a CA with
 * the right to sign certificates and the length for it, limited to time-stamping where it is limited at all, and no critical extension that nobody
 * here understands. Without these, whoever has a certificate of any use below the anchor is an authority.
 * @throws TimestampFault wrong-certificate, untrusted
 */
export function checkPath({ signer, others, at, anchors }: PathInput): void {
  if (signer.isCa || !maySign(signer)) throw refused('the certificate of the signer may not sign timestamps');
  let current = signer;
  for (let below = 0; below < MAX_PATH; below++) {
    const { validFrom, validTo } = current.certificate;
    if (at < new Date(validFrom) || at > new Date(validTo)) throw refused('a certificate was not valid when the token was made');
    const issuers = anchors.filter((anchor) => issued(anchor, current)).map(certificateFacts);
    if (issuers.some((anchor) => mayIssue(anchor, below))) return;
    const between = others.filter((other) => other !== current && issued(other.certificate, current));
    const next = between.find((other) => mayIssue(other, below) && isLimited(other));
    if (next === undefined) {
      if (issuers.length + between.length > 0) throw refused('a certificate of its path may not issue time-stamp authorities');
      break;
    }
    current = next;
  }
  throw new TimestampFault('untrusted', 'its certificate does not lead to a configured anchor');
}

/** @param below how many CA certificates stand between this one and the authority's */
function mayIssue({ isCa, keyUsage, pathLength, extensions }: CertificateFacts, below: number): boolean {
  return isCa && keyUsage?.has('keyCertSign') === true && (pathLength === null || below <= pathLength) && isUnderstood(extensions);
}

function isLimited({ extensions, extendedKeyUsages }: CertificateFacts): boolean {
  return !extensions.has(EXTENSION.extendedKeyUsage) || extendedKeyUsages.every((usage) => usage === EKU_TIME_STAMPING);
}

function maySign({ keyUsage, extensions }: CertificateFacts): boolean {
  return (keyUsage === null || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation')) && isUnderstood(extensions);
}

function isUnderstood(extensions: CertificateFacts['extensions']): boolean {
  return [...extensions].every(([id, { critical }]) => !critical || UNDERSTOOD.has(id));
}

function issued(issuer: X509Certificate, { certificate }: CertificateFacts): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function refused(why: string): TimestampFault {
  return new TimestampFault('wrong-certificate', why);
}
