/**
 * Wraps the data key of each sealed object. A KMS can implement it: a wrapped key is opaque, and only 32 bytes travel. Whoever can call
 * `unwrap` can read all evidence; whoever has only the sealed objects can read none.
 */
export interface KeyWrapper {
  /** Names the key that `wrap` uses now. It stands in clear in each object. */
  readonly keyId: string;
  wrap(dataKey: Uint8Array): Promise<Uint8Array>;
  /**
   * Gives fresh bytes, which the caller overwrites after use.
   *
   * @throws ImprimaturError EVIDENCE_UNREADABLE when `keyId` is not known or `wrapped` was not made under it. Anything else it throws counts
   *   as "the key service cannot be reached", which is worth another try.
   */
  unwrap(keyId: string, wrapped: Uint8Array): Promise<Uint8Array>;
}
