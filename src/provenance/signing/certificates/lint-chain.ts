import type { KeyObject, X509Certificate } from 'node:crypto';
import { CLAIM_ALGORITHMS, type ClaimAlgorithm } from '../claim-signer.ts';
import { algorithmOf, keyFits } from '../signature-scheme.ts';
import { type CertificateFacts, certificateFacts } from './certificate-facts.ts';
import { isSelfSigned, lintLeaf } from './lint-leaf.ts';
import type { Flaw, Part } from './rule.ts';

/** Signature algorithms that a certificate itself may be signed with (C2PA 2.4 §14.5.1.1); RSASSA-PSS with its hash. */
const STRONG_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
  '1.3.101.112',
  '1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.1',
  '1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.2',
  '1.2.840.113549.1.1.10 2.16.840.1.101.3.4.2.3',
]);

export interface LintInput {
  /** Leaf first, without the root. */
  readonly chain: readonly X509Certificate[];
  /** What verifiers are told to trust. Without it nobody asks whether the chain leads anywhere. */
  readonly anchors?: readonly X509Certificate[];
  readonly privateKey?: KeyObject;
  /** What the operator said that the key signs with. */
  readonly alg?: ClaimAlgorithm;
  readonly now: Date;
}

/**
 * Every rule of C2PA's certificate profile (2.4 §14.5, certificate policy 0.2) that a chain and its key break, all at once. c2pa-rs
 * answers most of them with one catch-all code, so they are named here before anything is signed.
 */
export function lintChain({ chain, anchors, privateKey, alg, now }: LintInput): readonly Flaw[] {
  const read = readAll(chain);
  if (read === null) {
    return [flaw('certificate-encoding', 'leaf', 'a certificate of the chain is not strict DER', 'Have it issued again.')];
  }
  const [leaf] = read;
  if (leaf === undefined) {
    return [flaw('chain-empty', 'leaf', 'there is no certificate', 'Give a PEM file with the leaf first and then its intermediates.')];
  }
  return [
    ...lintLeaf(leaf),
    ...read.flatMap((one, index) => lintEach(one, partOf(one, index), now)),
    ...lintLinks(chain),
    ...(anchors === undefined ? [] : lintAnchor(chain, anchors)),
    ...lintKey(leaf.certificate, privateKey, alg),
  ];
}

/** The flaws that stand in the way of signing. */
export function errorsOf(flaws: readonly Flaw[]): readonly Flaw[] {
  return flaws.filter(({ severity }) => severity === 'error');
}

function readAll(chain: readonly X509Certificate[]): readonly CertificateFacts[] | null {
  try {
    return chain.map(certificateFacts);
  } catch {
    return null;
  }
}

function partOf({ certificate }: CertificateFacts, index: number): Part {
  if (index === 0) return 'leaf';
  return isSelfSigned(certificate) ? 'root' : 'intermediate';
}

function lintEach({ certificate, signatureAlgorithm, keyUsage, isCa }: CertificateFacts, part: Part, now: Date): readonly Flaw[] {
  const flaws: Flaw[] = [];
  const { validFrom, validTo, publicKey } = certificate;
  if (now < new Date(validFrom)) {
    flaws.push(flaw('not-yet-valid', part, `it is not valid before ${validFrom}`, 'Check the clock of this machine, or wait.'));
  }
  if (now > new Date(validTo)) {
    flaws.push(
      flaw('expired', part, `it expired on ${validTo}`, 'Have it renewed, and add the new one as a further signer before that day.'),
    );
  }
  if (!STRONG_SIGNATURES.has(signatureAlgorithm)) {
    flaws.push(
      flaw(
        'weak-signature',
        part,
        'it is signed with SHA-1 or an algorithm that C2PA does not allow',
        'Have it issued with SHA-256 or better.',
      ),
    );
  }
  if (algorithmOf(publicKey) === null) {
    const remedy = 'Use P-256, P-384, P-521, Ed25519 or RSA from 2048 bits.';
    flaws.push(flaw('weak-key', part, 'its key is of a kind that C2PA does not allow', remedy));
  }
  if (part === 'intermediate' && !(isCa && keyUsage?.has('keyCertSign') === true)) {
    flaws.push(
      flaw('intermediate-not-ca', part, 'it may not issue certificates', 'Give the CA certificate that issued the one before it.'),
    );
  }
  return flaws;
}

/** Order and completeness. One mistake is named once: a chain in the wrong order is not also incomplete. */
function lintLinks(chain: readonly X509Certificate[]): readonly Flaw[] {
  const flaws: Flaw[] = [];
  const last = chain.at(-1);
  if (chain.length > 1 && last !== undefined && isSelfSigned(last)) {
    flaws.push(
      flaw('chain-root-included', 'root', 'the root is part of the chain', 'Leave it out: verifiers have it, or do not trust it anyway.'),
    );
  }
  const broken = chain.findIndex((one, index) => index > 0 && !issued(one, chain[index - 1]));
  if (broken > 0) {
    const inOrder = chain.some((one) => chain[broken - 1] !== one && issued(one, chain[broken - 1]));
    flaws.push(
      inOrder
        ? flaw('chain-order', 'intermediate', 'the chain is not in order', 'Leaf first, then each certificate followed by its issuer.')
        : flaw(
            'chain-gap',
            'intermediate',
            'a certificate was not issued by the one after it',
            'Add the intermediate that is missing between them.',
          ),
    );
  }
  return flaws;
}

function lintAnchor(chain: readonly X509Certificate[], anchors: readonly X509Certificate[]): readonly Flaw[] {
  const reached = chain.some((one) => anchors.some((anchor) => issued(anchor, one)));
  if (reached) return [];
  const remedy = 'Add the missing intermediate to the chain, or the root to "trust.anchors".';
  return [flaw('chain-untrusted', 'intermediate', 'no certificate of the chain was issued by a trust anchor', remedy)];
}

function lintKey(leaf: X509Certificate, privateKey: KeyObject | undefined, alg: ClaimAlgorithm | undefined): readonly Flaw[] {
  const flaws: Flaw[] = [];
  if (privateKey !== undefined && !leaf.checkPrivateKey(privateKey)) {
    flaws.push(
      flaw('key-mismatch', 'key', 'it is not the key of the leaf certificate', 'Give the key that the certificate was requested with.'),
    );
  }
  if (alg !== undefined && !keyFits(leaf.publicKey, alg)) {
    const fits = CLAIM_ALGORITHMS.filter((one) => keyFits(leaf.publicKey, one)).join(', ') || 'nothing';
    flaws.push(
      flaw(
        'algorithm-mismatch',
        'key',
        `${alg} is configured, and the key of the leaf can sign ${fits}`,
        'Correct "alg", or leave it out.',
      ),
    );
  }
  return flaws;
}

function issued(issuer: X509Certificate, subject: X509Certificate | undefined): boolean {
  return subject?.checkIssued(issuer) === true && subject.verify(issuer.publicKey);
}

function flaw(rule: string, part: Part, problem: string, remedy: string): Flaw {
  return { rule, severity: 'error', part, problem, remedy };
}
