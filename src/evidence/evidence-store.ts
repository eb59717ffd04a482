import { createHash, randomBytes } from 'node:crypto';
import { ImprimaturError } from '../contracts/errors.ts';
import type { BlobStore } from './blob-store.ts';
import type { KeyWrapper } from './key-wrapper.ts';
import { openObject, sealObject } from './sealed-object.ts';

/** What evidence can be. The kind is sealed in: a published picture does not open as a raw one. */
export type EvidenceKind =
  | 'raw_artifact'
  | 'input_image'
  | 'submission'
  | 'published'
  | 'upload'
  | 'person_key'
  | 'consent_document'
  | 'opt_out'
  | 'claim_key'
  | 'webhook_secret'
  | 'mail'
  | 'appeal'
  | 'notice'
  | 'reported_picture';

export interface EvidenceRef {
  /** Name of the blob. Random, so that it says nothing about what is in it. */
  readonly blob: string;
  readonly id: string;
  readonly kind: EvidenceKind;
}

/** Where a piece of evidence went; the caller writes this down. */
export interface SealedEvidence {
  readonly blob: string;
  /** Hex, over the clear bytes. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Sealed evidence. Failures are ImprimaturError: STORAGE_UNAVAILABLE when disk or key service fail (nothing was kept, try again),
 * EVIDENCE_UNREADABLE when a piece is gone or not what was sealed.
 */
export interface EvidenceStore {
  /** When it resolves, the evidence is durable. Sealing the same thing twice gives two blobs. */
  seal(piece: { readonly id: string; readonly kind: EvidenceKind; readonly bytes: Uint8Array }): Promise<SealedEvidence>;
  /** @param ref with `sha256`, the clear bytes are compared with it as well. */
  open(ref: EvidenceRef & { readonly sha256?: string }): Promise<Uint8Array>;
  /**
   * Deletes the blob and with it the only copy of its data key; false when it was gone already. Backups and worn flash cells may still hold
   * both: only destroying the master key reaches those.
   */
  shred(blob: string): Promise<boolean>;
  /** Seals a small value, such as a prompt, for a database column (about 90 bytes longer). */
  sealValue(value: { readonly id: string; readonly kind: EvidenceKind; readonly bytes: Uint8Array }): Promise<Uint8Array>;
  openValue(value: { readonly id: string; readonly kind: EvidenceKind; readonly sealed: Uint8Array }): Promise<Uint8Array>;
}

/** Separates the two uses of the format: a column's value cannot be planted as a blob, nor the reverse. */
const asBlob = ({ id, kind }: { readonly id: string; readonly kind: EvidenceKind }) => ({ id, kind: `blob:${kind}` });
const asValue = ({ id, kind }: { readonly id: string; readonly kind: EvidenceKind }) => ({ id, kind: `value:${kind}` });

export function createEvidenceStore({ blobs, keys }: { readonly blobs: BlobStore; readonly keys: KeyWrapper }): EvidenceStore {
  return {
    async seal(piece) {
      const blob = randomBytes(16).toString('hex');
      const sha256 = sha256Of(piece.bytes);
      const sealed = await sealObject({ bytes: piece.bytes, as: asBlob(piece), keys });
      if ((await blobs.put(blob, sealed)) === 'existed') {
        throw new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'A fresh random blob name was taken already.' });
      }
      return { blob, sha256, bytes: piece.bytes.length };
    },
    async open(ref) {
      const sealed = await blobs.get(ref.blob);
      if (sealed === null) throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `Blob ${ref.blob} is not there.` });
      const bytes = await openObject({ sealed, as: asBlob(ref), keys });
      if (ref.sha256 !== undefined && sha256Of(bytes) !== ref.sha256) {
        throw new ImprimaturError('EVIDENCE_UNREADABLE', { detail: `Blob ${ref.blob} has another digest than was written down.` });
      }
      return bytes;
    },
    shred: (blob) => blobs.delete(blob),
    sealValue: (value) => sealObject({ bytes: value.bytes, as: asValue(value), keys }),
    openValue: (value) => openObject({ sealed: value.sealed, as: asValue(value), keys }),
  };
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
