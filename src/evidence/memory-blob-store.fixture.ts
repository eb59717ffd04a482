import type { BlobStore } from './blob-store.ts';

/** A blob store whose bytes a test can reach. */
export function memoryBlobStore(): BlobStore & { readonly blobs: Map<string, Uint8Array> } {
  const blobs = new Map<string, Uint8Array>();
  return {
    blobs,
    async put(name, bytes) {
      if (blobs.has(name)) return 'existed';
      blobs.set(name, bytes);
      return 'stored';
    },
    get: async (name) => blobs.get(name) ?? null,
    has: async (name) => blobs.has(name),
    delete: async (name) => blobs.delete(name),
    async *list() {
      yield* blobs.keys();
    },
  };
}
