import { createEvidenceStore, type EvidenceStore } from './evidence-store.ts';
import { createLocalKeyWrapper } from './local-key-wrapper.ts';
import { memoryBlobStore } from './memory-blob-store.fixture.ts';

/** The real evidence store over blobs that a test can reach. */
export function memoryEvidence(): EvidenceStore & { readonly blobs: Map<string, Uint8Array> } {
  const store = memoryBlobStore();
  const keys = createLocalKeyWrapper({ current: new Uint8Array(32).fill(7) });
  return { ...createEvidenceStore({ blobs: store, keys }), blobs: store.blobs };
}
