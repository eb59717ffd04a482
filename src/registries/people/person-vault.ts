import { randomBytes } from 'node:crypto';
import type { PersonId } from '../../contracts/ids.ts';
import type { EvidenceStore } from '../../evidence/evidence-store.ts';
import { createLocalKeyWrapper, MASTER_KEY_BYTES } from '../../evidence/local-key-wrapper.ts';
import { openObject, sealObject } from '../../evidence/sealed-object.ts';

/**
 * Seals what the database keeps of one person. The key lies in the evidence store, under the house's master key, and nowhere in the
 * database: once its blob is shredded, no copy of the database opens.
 */
export interface PersonVault {
  seal(kind: SealedKind, bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws ImprimaturError EVIDENCE_UNREADABLE */
  open(kind: SealedKind, sealed: Uint8Array): Promise<Uint8Array>;
}

type SealedKind = 'about' | 'faces' | 'entry';

/** A vault with a fresh key. Durable when it resolves; a blob that no row names does no harm. */
export async function makeVault(
  id: PersonId,
  evidence: Pick<EvidenceStore, 'seal'>,
): Promise<{ readonly blob: string; readonly vault: PersonVault }> {
  const key = randomBytes(MASTER_KEY_BYTES);
  const { blob } = await evidence.seal({ id, kind: 'person_key', bytes: key });
  return { blob, vault: vaultOf(id, key) };
}

/** @throws ImprimaturError EVIDENCE_UNREADABLE when the key is gone */
export async function openVault(id: PersonId, blob: string, evidence: Pick<EvidenceStore, 'open'>): Promise<PersonVault> {
  return vaultOf(id, await evidence.open({ blob, id, kind: 'person_key' }));
}

function vaultOf(id: PersonId, key: Uint8Array): PersonVault {
  const keys = createLocalKeyWrapper({ current: key });
  const as = (kind: SealedKind) => ({ id, kind: `person:${kind}` });
  return {
    seal: (kind, bytes) => sealObject({ bytes, as: as(kind), keys }),
    open: (kind, sealed) => openObject({ sealed, as: as(kind), keys }),
  };
}
