import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { ImprimaturError } from '../../contracts/errors.ts';
import { errorsOf, lintChain } from './certificates/lint-chain.ts';
import { parseCertificates } from './certificates/parse-pem.ts';
import { describeFlaw } from './certificates/rule.ts';
import type { ClaimAlgorithm, ClaimSigner } from './claim-signer.ts';
import { algorithmOf, signWith } from './signature-scheme.ts';

/**
 * A signer whose key is in this process's memory: from a PEM file or a secret, for development and for operators without a KMS.
 *
 * @param chainPem certificates, leaf first, without the root.
 * @param alg only needed for RSA, which signs as PS256 otherwise.
 * @throws ImprimaturError CONFIG_INVALID that names every rule that the certificates or the key break.
 */
export function createLocalSigner({
  chainPem,
  privateKeyPem,
  alg,
  now = new Date(),
}: {
  readonly chainPem: string;
  readonly privateKeyPem: string;
  readonly alg?: ClaimAlgorithm | undefined;
  readonly now?: Date;
}): ClaimSigner {
  const { chain, privateKey } = parse(chainPem, privateKeyPem);
  const errors = errorsOf(lintChain({ chain, privateKey, now, ...(alg === undefined ? {} : { alg }) }));
  const signsWith = alg ?? algorithmOf(privateKey);
  if (errors.length > 0 || signsWith === null) throw invalid(errors.map(describeFlaw).join('\n') || 'The key cannot sign.');
  return { alg: signsWith, chainDer: chain.map(({ raw }) => raw), sign: (toBeSigned) => signWith(privateKey, signsWith, toBeSigned) };
}

function parse(chainPem: string, privateKeyPem: string): { readonly chain: readonly X509Certificate[]; readonly privateKey: KeyObject } {
  try {
    return { chain: parseCertificates(chainPem), privateKey: createPrivateKey(privateKeyPem) };
  } catch {
    // OpenSSL's own error says nothing more, and could repeat what it read.
    throw invalid('The certificates or the key are not readable PEM. Give a chain (leaf first) and its key, not encrypted.');
  }
}

function invalid(problem: string): ImprimaturError {
  return new ImprimaturError('CONFIG_INVALID', { detail: `Content credentials:\n${problem}` });
}
