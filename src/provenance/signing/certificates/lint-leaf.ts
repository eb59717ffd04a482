import type { CertificateFacts } from './certificate-facts.ts';
import { EXTENSION } from './certificate-facts.ts';
import { ACCEPTED_EKUS, EKU_ANY, EKU_C2PA_CLAIM_SIGNING, EKU_OCSP_SIGNING, EKU_TIME_STAMPING } from './extended-key-usage.ts';
import type { Flaw } from './rule.ts';

const C2PA_POLICY = '1.3.6.1.4.1.62558.1.1';
/** The longest life of a leaf at assurance level 1; a second of grace for how the end is counted. */
const AL1_MAX_MS = 366 * 86_400_000 + 1_000;
const ASK_CA = 'Ask your certificate authority for a C2PA claim-signing certificate.';

/** Critical extensions that c2pa-rs knows; any other critical one makes it refuse the certificate. */
const KNOWN_CRITICAL: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.basicConstraints,
  EXTENSION.extendedKeyUsage,
  EXTENSION.certificatePolicies,
  EXTENSION.authorityInformationAccess,
  '2.5.29.17',
  '2.5.29.30',
  '2.5.29.31',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.54',
]);

interface LeafRule {
  readonly rule: string;
  readonly severity?: 'advice';
  readonly breaks: (leaf: CertificateFacts) => boolean;
  readonly problem: string;
  readonly remedy: string;
}

const usages = ({ extendedKeyUsages }: CertificateFacts, ...wanted: readonly string[]) =>
  wanted.some((oid) => extendedKeyUsages.includes(oid));

/** C2PA 2.4 §14.5 as c2pa-rs enforces it, then the certificate policy's profile of assurance level 1 (v0.2). */
const LEAF_RULES: readonly LeafRule[] = [
  {
    rule: 'leaf-is-ca',
    breaks: ({ isCa }) => isCa,
    problem: 'it is a CA certificate; C2PA wants an end-entity certificate',
    remedy: 'Put the certificate that was issued for the signing key first.',
  },
  {
    rule: 'leaf-self-signed',
    breaks: ({ certificate }) => isSelfSigned(certificate),
    problem: 'it is self-signed',
    remedy: 'Have it issued by a CA, or make a development hierarchy with "imprimatur certs init".',
  },
  { rule: 'leaf-version', breaks: ({ version }) => version !== 3, problem: 'it is not an X.509 v3 certificate', remedy: ASK_CA },
  {
    rule: 'leaf-organization',
    breaks: ({ certificate }) => !/^O=\S/m.test(certificate.subject),
    problem: 'its subject has no organization (O)',
    remedy: 'c2pa-rs answers a missing O with claimSignature.mismatch: have the certificate issued with one.',
  },
  {
    rule: 'leaf-key-usage',
    breaks: ({ keyUsage }) => keyUsage?.has('digitalSignature') !== true || keyUsage.has('keyCertSign'),
    problem: 'its key usage is not digitalSignature, or allows signing certificates',
    remedy: ASK_CA,
  },
  {
    rule: 'leaf-extended-key-usage',
    breaks: (leaf) => !usages(leaf, ...ACCEPTED_EKUS) || usages(leaf, EKU_ANY, EKU_TIME_STAMPING, EKU_OCSP_SIGNING),
    problem:
      'it has none of the extended key usages emailProtection, documentSigning, c2pa-kp-claimSigning, or it has one that excludes them (any, timeStamping, OCSPSigning)',
    remedy: ASK_CA,
  },
  {
    rule: 'leaf-authority-key-identifier',
    breaks: ({ extensions }) => !extensions.has(EXTENSION.authorityKeyIdentifier),
    problem: 'it has no authority key identifier',
    remedy: ASK_CA,
  },
  {
    rule: 'leaf-critical-extension',
    breaks: ({ extensions }) => [...extensions].some(([id, { critical }]) => critical && !KNOWN_CRITICAL.has(id)),
    problem: 'it has a critical extension that validators do not know',
    remedy: ASK_CA,
  },
  { rule: 'leaf-unique-id', breaks: ({ hasUniqueId }) => hasUniqueId, problem: 'it has issuer or subject unique ids', remedy: ASK_CA },
  {
    rule: 'al1-lifetime',
    severity: 'advice',
    breaks: ({ certificate }) => Date.parse(certificate.validTo) - Date.parse(certificate.validFrom) > AL1_MAX_MS,
    problem: 'it lives longer than 366 days',
    remedy: 'Assurance level 1 allows 366 days.',
  },
  {
    rule: 'al1-subject',
    severity: 'advice',
    breaks: ({ certificate }) => !/^C=\S/m.test(certificate.subject) || !/^CN=\S/m.test(certificate.subject),
    problem: 'its subject has no country (C) or no common name (CN)',
    remedy: 'The subject must be that of the record in the Conforming Products List.',
  },
  {
    rule: 'al1-key-usage',
    severity: 'advice',
    breaks: ({ keyUsage }) => keyUsage?.has('nonRepudiation') !== true,
    problem: 'its key usage has no nonRepudiation',
    remedy: ASK_CA,
  },
  {
    rule: 'al1-claim-signing',
    severity: 'advice',
    breaks: (leaf) => !usages(leaf, EKU_C2PA_CLAIM_SIGNING) || leaf.extendedKeyUsages.length < 2,
    problem: 'its extended key usages are not c2pa-kp-claimSigning with emailProtection or documentSigning',
    remedy: ASK_CA,
  },
  {
    rule: 'al1-policy',
    severity: 'advice',
    breaks: ({ policies }) => !policies.includes(C2PA_POLICY),
    problem: `it does not name the C2PA certificate policy (${C2PA_POLICY})`,
    remedy: ASK_CA,
  },
  {
    rule: 'al1-extensions',
    severity: 'advice',
    breaks: ({ extensions }) =>
      ![EXTENSION.authorityInformationAccess, EXTENSION.c2paAssuranceLevel, EXTENSION.c2paRecord].every((id) => extensions.has(id)),
    problem: 'it has no authority information access, assurance level or Conforming Products List record',
    remedy: ASK_CA,
  },
];

/** Every rule for the signing certificate itself that it breaks. */
export function lintLeaf(leaf: CertificateFacts): readonly Flaw[] {
  return LEAF_RULES.filter(({ breaks }) => breaks(leaf)).map(
    ({ rule, severity, problem, remedy }): Flaw => ({ rule, severity: severity ?? 'error', part: 'leaf', problem, remedy }),
  );
}

/** True when a certificate names itself as its issuer and its own key made its signature. */
export function isSelfSigned(certificate: CertificateFacts['certificate']): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}
