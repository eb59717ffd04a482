/**
 * Named, immutable runs of bytes. All failures are ImprimaturError STORAGE_UNAVAILABLE. Whoever can write here can destroy evidence but,
 * since everything in it is sealed, not forge or read it.
 */
export interface BlobStore {
  /**
   * When it resolves to 'stored', bytes and name survive a power cut. When it rejects, nothing is there under this name, and nothing half
   * written anywhere. A name that is taken keeps what it has ('existed').
   *
   * @param name 1–128 of `a–z 0–9 . _ -`, starting with a letter or digit.
   */
  put(name: string, bytes: Uint8Array): Promise<'stored' | 'existed'>;
  /** Null when there is no such blob. */
  get(name: string): Promise<Uint8Array | null>;
  has(name: string): Promise<boolean>;
  /** Durable when it resolves; false when there was no such blob. */
  delete(name: string): Promise<boolean>;
  /** All names, in no order. Blobs that come or go meanwhile may be missed. */
  list(): AsyncIterable<string>;
}
