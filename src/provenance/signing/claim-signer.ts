/** Signature algorithms that C2PA allows (2.4 §13.2.1), in c2pa-rs spelling: an unknown spelling would silently mean ps256 there. */
export const CLAIM_ALGORITHMS = ['es256', 'es384', 'es512', 'ps256', 'ps384', 'ps512', 'ed25519'] as const;
export type ClaimAlgorithm = (typeof CLAIM_ALGORITHMS)[number];

/**
 * Something that holds a private key: a PEM file, a KMS, an HSM. Only the `Sig_structure` of RFC 9052 §4.4 (a few KB)
 * ever reaches it, never a picture, and the key never leaves it.
 */
export interface ClaimSigner {
  readonly alg: ClaimAlgorithm;
  /** X.509 certificates in DER, leaf first, without the root. */
  readonly chainDer: readonly Uint8Array[];
  /**
   * Signs `toBeSigned` (not yet hashed). ECDSA signatures are r‖s of fixed length as in IEEE P1363, which COSE wants;
   * most KMS give DER, see `derToP1363`. May take as long as a network call; rejects when it cannot sign.
   */
  sign(toBeSigned: Uint8Array): Promise<Uint8Array>;
}
