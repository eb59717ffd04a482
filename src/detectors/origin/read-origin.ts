import { mayCarryCredential } from '../../provenance/credential-marks.ts';
import { credentialEvidence, metadataEvidence, type OriginEvidence } from '../../provenance/foreign/file-origin.ts';
import { sniffFormat } from '../../provenance/image-format.ts';
import type { CredentialReport } from '../../provenance/read-credential.ts';
import type { ReadTraces } from '../../provenance/traces/read-traces.ts';

/** What a file says of how it came to be; `undefined` where it cannot be read. Rejects when a reader was lost. */
export type ReadOrigin = (bytes: Uint8Array) => Promise<readonly OriginEvidence[] | undefined>;

interface OriginParts {
  readonly readTraces: ReadTraces;
  readonly readCredential: (bytes: Uint8Array) => Promise<CredentialReport>;
}

/** A mark in the lowest bits, and metadata hidden there, do not survive JPEG: 2 of 102 did at quality 90 (docs/detectors/origin.md). */
const KEEPS_LOWEST_BITS: ReadonlySet<string | null> = new Set(['png', 'webp', 'avif']);

/** Metadata, content credential and other makers' marks. Pixels are looked at only where they could say something. */
export function createOriginReader({ readTraces, readCredential }: OriginParts): ReadOrigin {
  return async (bytes) => {
    const format = sniffFormat(bytes);
    const [{ metadata }, credential] = await Promise.all([
      readTraces(bytes, { atPixels: KEEPS_LOWEST_BITS.has(format) }),
      format !== null && mayCarryCredential(bytes) ? readCredential(bytes) : undefined,
    ]);
    if (metadata.state === 'unreadable') return undefined;
    return [...(credential === undefined ? [] : credentialEvidence(credential)), ...metadataEvidence(metadata)];
  };
}
