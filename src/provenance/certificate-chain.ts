import { type KeyObject, X509Certificate } from 'node:crypto';

/** Extended key usages that a C2PA signing leaf may have: `id-kp-emailProtection` and `c2pa-kp-claimSigning`. */
export const EKU_EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
export const EKU_C2PA_CLAIM_SIGNING = '1.3.6.1.4.1.62558.2.1';
export const EKU_DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
export const ACCEPTED_EKUS = [EKU_EMAIL_PROTECTION, EKU_DOCUMENT_SIGNING, EKU_C2PA_CLAIM_SIGNING] as const;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** Every certificate of a PEM text, in order. Throws OpenSSL's error when one cannot be read. */
export function parseCertificates(pem: string): readonly X509Certificate[] {
  return (pem.match(PEM_CERTIFICATE) ?? []).map((block) => new X509Certificate(block));
}

/** What is wrong, and with which certificate. */
export interface ChainProblem {
  readonly certificate: 'leaf' | 'intermediate' | 'root' | 'key';
  readonly problem: string;
}

/**
 * The first rule of C2PA's certificate profile (2.4 §14.5) that a chain breaks, or null. c2pa-rs answers most of them with one
 * catch-all code, so they are named here before anything is signed.
 */
export function findChainProblem({
  chain,
  privateKey,
  root,
  now,
}: {
  /** Leaf first, without the root. */
  readonly chain: readonly X509Certificate[];
  readonly privateKey?: KeyObject;
  readonly root?: X509Certificate;
  readonly now: Date;
}): ChainProblem | null {
  const [leaf, ...intermediates] = chain;
  if (leaf === undefined) return { certificate: 'leaf', problem: 'there is no certificate' };
  const leafProblem = problemOfLeaf(leaf);
  if (leafProblem !== null) return { certificate: 'leaf', problem: leafProblem };
  if (privateKey !== undefined && !leaf.checkPrivateKey(privateKey)) {
    return { certificate: 'key', problem: 'it is not the key of the leaf certificate' };
  }
  const whole = [leaf, ...intermediates, ...(root === undefined ? [] : [root])];
  return problemOfLinks(whole, root, now);
}

function problemOfLeaf(leaf: X509Certificate): string | null {
  if (leaf.ca) return 'it is a CA certificate; C2PA wants an end-entity certificate';
  if (leaf.checkIssued(leaf)) return 'it is self-signed';
  if (!/^O=\S/m.test(leaf.subject)) return 'its subject has no organization (O)';
  const usages: readonly string[] = leaf.keyUsage ?? [];
  if (!ACCEPTED_EKUS.some((oid) => usages.includes(oid))) {
    return 'it has none of the extended key usages emailProtection, documentSigning, c2pa-kp-claimSigning';
  }
  return null;
}

function problemOfLinks(whole: readonly X509Certificate[], root: X509Certificate | undefined, now: Date): ChainProblem | null {
  for (const [index, certificate] of whole.entries()) {
    const name = certificate === root ? 'root' : index === 0 ? 'leaf' : 'intermediate';
    if (now < new Date(certificate.validFrom)) return { certificate: name, problem: `it is not valid before ${certificate.validFrom}` };
    if (now > new Date(certificate.validTo)) return { certificate: name, problem: `it expired on ${certificate.validTo}` };
    const issuer = whole[index + 1] ?? root;
    if (issuer !== undefined && !(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey))) {
      return { certificate: name, problem: 'it was not issued by the next certificate of the chain' };
    }
  }
  return null;
}
