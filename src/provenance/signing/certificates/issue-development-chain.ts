import type { ClaimAlgorithm } from '../claim-signer.ts';
import { der, derOid, TAG } from '../der.ts';
import { EXTENSION } from './certificate-facts.ts';
import { EKU_C2PA_CLAIM_SIGNING, EKU_EMAIL_PROTECTION, EKU_TIME_STAMPING } from './extended-key-usage.ts';
import { type Entity, issue, newEntity, privateKeyPem } from './issue-certificate.ts';

/** The longest lives that C2PA's certificate policy allows: leaf at assurance level 1, issuing CA, time-stamping leaf. */
const LEAF_DAYS = 366;
const ISSUING_CA_DAYS = 1827;
const TSA_DAYS = 4110;
const ROOT_DAYS = 3650;
const ROOT_NAME = 'Imprimatur development root, not trusted by anyone';
const ASSURANCE_LEVEL_1 = '1.3.6.1.4.1.62558.3.10';
/** Stands where the record of the Conforming Products List stands in a real certificate; no product has it. */
const NO_RECORD = '00000000-0000-4000-8000-000000000000';
const ID_AD_OCSP = '1.3.6.1.5.5.7.48.1';
/** GeneralName [6]. */
const URI_NAME = 0x86;
/** A name that never resolves (RFC 2606): nobody is asked about these certificates. */
const OCSP_URL = 'http://ocsp.imprimatur.invalid/';

export interface IssuedChain {
  readonly rootPem: string;
  /** Leaf, then intermediate. */
  readonly chainPem: string;
  /** PKCS #8 of the leaf. */
  readonly privateKeyPem: string;
}

/** A time-stamp authority below the same root. */
export interface IssuedAuthority {
  /** Its issuing CA, which is limited to time-stamping: the anchor to configure. */
  readonly anchorPem: string;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/**
 * A chain root → intermediate → leaf for one signing algorithm, whose leaf has C2PA's profile of assurance level 1 (certificate policy
 * 0.2), and a time-stamp authority. The keys of root and CAs are dropped here: whoever steals the directory has one leaf and cannot mint
 * another.
 */
export async function issueDevelopmentHierarchy(
  now: Date,
  alg: ClaimAlgorithm = 'es256',
): Promise<{ readonly chain: IssuedChain; readonly authority: IssuedAuthority }> {
  const [root, tsaCa, tsa] = await Promise.all([
    newEntity(ROOT_NAME, 'es384'),
    newEntity('Imprimatur development time-stamping CA', 'es384'),
    newEntity('Imprimatur development time-stamp authority', 'es256'),
  ]);
  const stamping = { oids: [EKU_TIME_STAMPING], critical: true };
  const [chain, anchorPem, certificatePem, tsaKeyPem] = await Promise.all([
    issueChain(root, { caAlg: 'es384', alg, now }),
    issue({ subject: tsaCa, issuer: root, now, days: ROOT_DAYS, pathLength: 0, extendedKeyUsage: { ...stamping, critical: false } }),
    issue({ subject: tsa, issuer: tsaCa, now, days: TSA_DAYS, pathLength: null, extendedKeyUsage: stamping }),
    privateKeyPem(tsa),
  ]);
  return { chain, authority: { anchorPem, certificatePem, privateKeyPem: tsaKeyPem } };
}

/**
 * The chain alone, with CAs on P-256 where the policy wants P-384: each verification of a picture by c2pa-rs in WebAssembly takes 6 ms
 * with these and 25 ms with those (measured, smallest of 40), and nobody else trusts either.
 */
export async function issueDevelopmentChain(now: Date, alg: ClaimAlgorithm = 'es256'): Promise<IssuedChain> {
  return issueChain(await newEntity(ROOT_NAME, 'es256'), { caAlg: 'es256', alg, now });
}

async function issueChain(
  root: Entity,
  { caAlg, alg, now }: { readonly caAlg: 'es256' | 'es384'; readonly alg: ClaimAlgorithm; readonly now: Date },
): Promise<IssuedChain> {
  const [intermediate, leaf] = await Promise.all([
    newEntity('Imprimatur development intermediate', caAlg),
    newEntity('Imprimatur development signer', alg),
  ]);
  const extendedKeyUsage = { oids: [EKU_EMAIL_PROTECTION, EKU_C2PA_CLAIM_SIGNING], critical: false };
  const [rootPem, intermediatePem, leafPem, key] = await Promise.all([
    issue({ subject: root, issuer: root, now, days: ROOT_DAYS, pathLength: 1 }),
    issue({ subject: intermediate, issuer: root, now, days: ISSUING_CA_DAYS, pathLength: 0, extendedKeyUsage }),
    issue({ subject: leaf, issuer: intermediate, now, days: LEAF_DAYS, pathLength: null, extendedKeyUsage, more: assuranceLevel1() }),
    privateKeyPem(leaf),
  ]);
  return { rootPem, chainPem: leafPem + intermediatePem, privateKeyPem: key };
}

function assuranceLevel1() {
  const ocsp = der(TAG.sequence, derOid(ID_AD_OCSP), der(URI_NAME, Buffer.from(OCSP_URL)));
  return [
    { oid: EXTENSION.authorityInformationAccess, value: der(TAG.sequence, ocsp) },
    { oid: EXTENSION.c2paAssuranceLevel, value: derOid(ASSURANCE_LEVEL_1) },
    { oid: EXTENSION.c2paRecord, value: der(TAG.utf8String, Buffer.from(NO_RECORD)) },
  ];
}
