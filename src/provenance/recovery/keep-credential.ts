import type { PublishedArtifactWithBytes } from '../../contracts/stages.ts';
import { PDQ_ALGORITHM } from '../../registries/pdq/pdq-algorithm.ts';
import { bandsOf } from '../../registries/pdq/pdq-bands.ts';
import { formatPdq, pdqFromBytes } from '../../registries/pdq/pdq-bits.ts';
import type { BindingRow, CredentialRow } from '../../storage/act.ts';
import { isCredentialFormat } from '../image-format.ts';
import { manifestStoreIn, segmentOf, strippedDigest } from './credential-segment.ts';
import { type Binding, readManifestStore } from './manifest-store.ts';

/** Rows for the act that publishes. */
export interface KeptCredential {
  readonly credentials: readonly CredentialRow[];
  readonly bindings: readonly BindingRow[];
}

/**
 * What to keep of a signed picture so that its credential can be given back; nothing of a file without one.
 * @param unasserted what the picture can be found by besides the soft bindings that its manifest asserts
 * @throws TypeError when the manifest store is not of the shape that our engine writes
 */
export function keepCredential(
  { id, bytes, format, sha256 }: Pick<PublishedArtifactWithBytes, 'id' | 'bytes' | 'format' | 'sha256'>,
  unasserted: readonly Binding[] = [],
): KeptCredential {
  const kept = isCredentialFormat(format) ? segmentOf(bytes, format) : null;
  if (kept === null || !isCredentialFormat(format)) return { credentials: [], bindings: [] };
  const { manifestId, bindings } = readManifestStore(manifestStoreIn(kept.segment, format));
  const rows = [...bindings.map((one) => toRow(manifestId, one, true)), ...unasserted.map((one) => toRow(manifestId, one, false))];
  const credential: CredentialRow = {
    manifest_id: manifestId,
    artifact_id: id,
    format,
    signed_sha256: sha256,
    stripped_sha256: strippedDigest(bytes, format),
    segment: base64(kept.segment),
    segment_offset: kept.offset,
    moving: base64(kept.moving),
  };
  return { credentials: [credential], bindings: [...new Map(rows.toReversed().map((row) => [`${row.alg} ${row.value}`, row])).values()] };
}

function toRow(manifestId: string, { alg, value }: Binding, isAsserted: boolean): BindingRow {
  const pdq = alg === PDQ_ALGORITHM ? pdqFromBytes(value) : null;
  return {
    manifest_id: manifestId,
    alg,
    value: base64(value),
    is_asserted: isAsserted,
    pdq: pdq === null ? null : `x${formatPdq(pdq)}`,
    bands: pdq === null ? null : bandsOf(pdq),
  };
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
