import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import { findChainProblem, parseCertificates } from './certificate-chain.ts';
import type { ClaimSigner } from './claim-signer.ts';
import { algorithmOf, signWith } from './signature-scheme.ts';

/**
 * A signer whose key is in this process's memory, for development and for operators without a KMS.
 *
 * @param chainPem certificates, leaf first, without the root.
 * @throws ImprimaturError CONFIG_INVALID that names the certificate and the rule it breaks.
 */
export function createLocalSigner({
  chainPem,
  privateKeyPem,
  now = new Date(),
}: {
  readonly chainPem: string;
  readonly privateKeyPem: string;
  readonly now?: Date;
}): ClaimSigner {
  const { chain, privateKey } = parse(chainPem, privateKeyPem);
  const problem = findChainProblem({ chain, privateKey, now });
  if (problem !== null) throw invalid(`The ${problem.certificate} cannot sign: ${problem.problem}.`);
  const alg = algorithmOf(privateKey);
  if (alg === null) throw invalid('The key is of a kind that C2PA does not allow: use P-256, P-384, P-521, Ed25519 or RSA from 2048 bits.');
  return { alg, chainDer: chain.map(({ raw }) => raw), sign: (toBeSigned) => signWith(privateKey, alg, toBeSigned) };
}

function parse(chainPem: string, privateKeyPem: string): { readonly chain: readonly X509Certificate[]; readonly privateKey: KeyObject } {
  try {
    return { chain: parseCertificates(chainPem), privateKey: createPrivateKey(privateKeyPem) };
  } catch (cause) {
    throw invalid('The certificates or the key are not readable PEM.', cause);
  }
}

function invalid(problem: string, cause?: unknown): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `Content credentials: ${problem} Give a chain (leaf first) and its key.`, cause });
}
