import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** What makes a pack trustworthy: the digest that the program pins for a shipped one, a signature for any other. */
export interface PackTrust {
  /** Ed25519 keys of the operator; a pack signed by any of them is taken. */
  readonly publicKeys: readonly KeyObject[];
  /** Takes packs of the operator that nobody signed. For development. */
  readonly allowUnsigned: boolean;
}

export interface PackBytes {
  readonly content: Uint8Array;
  /** 64 bytes, from the file beside the pack with `.sig` behind its name; absent when there is none. */
  readonly signature: Uint8Array | undefined;
  /** What it is called in the reasons. */
  readonly what?: 'pack' | 'list';
}

/** Reads an Ed25519 public key (PEM, SPKI). @throws Error when it is another kind of key, or none */
export function packKey(pem: string): KeyObject {
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('a key for packs and lists must be an Ed25519 public key');
  return key;
}

/** Hex SHA-256 of a pack. */
export function packDigest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * Why a pack of the operator is not taken; undefined when it is. A wrong signature is refused even where unsigned packs
 * are allowed: somebody changed what somebody signed.
 */
export function whyDistrusted(
  { content, signature, what = 'pack' }: PackBytes,
  { publicKeys, allowUnsigned }: PackTrust,
): string | undefined {
  if (signature === undefined) return allowUnsigned ? undefined : `the ${what} has no signature, and unsigned ones are not allowed`;
  if (publicKeys.length === 0) return allowUnsigned ? undefined : `the ${what} is signed, but no public key is configured`;
  if (signature.length !== 64) return 'the signature is not one of Ed25519 (64 bytes)';
  return publicKeys.some((key) => verify(null, content, key, signature)) ? undefined : `the signature does not fit the ${what}`;
}
