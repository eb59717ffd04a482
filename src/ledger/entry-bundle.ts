import { ImprimaturError } from '../contracts/errors.ts';

/** A bundle gives each entry's length in 16 bits, so the log holds hashes of evidence and never evidence. */
export const MAX_ENTRY_BYTES = 65_535;

/** Throws INTERNAL when an entry cannot be written to a bundle. */
export function checkEntrySize(entry: Uint8Array): void {
  if (entry.length > MAX_ENTRY_BYTES) {
    throw new ImprimaturError('INTERNAL', { detail: `ledger entry of ${entry.length} bytes; the limit is ${MAX_ENTRY_BYTES}` });
  }
}

/** Big-endian uint16 length and bytes of each entry, one after the other (C2SP tlog-tiles). Throws INTERNAL above 65,535 bytes. */
export function formatBundle(entries: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    checkEntrySize(entry);
    const length = Buffer.allocUnsafe(2);
    length.writeUInt16BE(entry.length);
    parts.push(length, entry);
  }
  return Buffer.concat(parts);
}

/** The entries of a bundle, or null when the lengths do not add up to the bytes. Entries are views, not copies. */
export function parseBundle(bundle: Uint8Array): Uint8Array[] | null {
  const entries: Uint8Array[] = [];
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  for (let offset = 0; offset < bundle.length; ) {
    if (offset + 2 > bundle.length) return null;
    const end = offset + 2 + view.getUint16(offset);
    if (end > bundle.length) return null;
    entries.push(bundle.subarray(offset + 2, end));
    offset = end;
  }
  return entries;
}
