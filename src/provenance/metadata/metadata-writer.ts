import type { DataMining } from '../../contracts/data-mining.ts';
import { ImprimaturError } from '../../contracts/errors.ts';
import type { CredentialFormat } from '../image-format.ts';
import { writeXmp } from './write-xmp.ts';
import { type MetadataFacts, xmpPacket } from './xmp-packet.ts';

export interface MetadataSettings {
  readonly provider?: string;
  readonly credit: string;
  readonly dataMining: DataMining;
  /** China's label, on these surfaces. */
  readonly aigc?: { readonly surfaces: readonly string[]; readonly contentProducer: string };
}

/** What is known of one picture; the settings say the rest. */
export type PictureFacts = Pick<MetadataFacts, 'kind' | 'generation' | 'artifact' | 'model' | 'createdAt'> & { readonly surface: string };

/** Gives the picture with its metadata in place of any that it had. @throws ImprimaturError PUBLISH_FAILED when the container cannot take it */
export type MetadataWriter = (bytes: Uint8Array, format: CredentialFormat, facts: PictureFacts) => Uint8Array;

export function createMetadataWriter({ provider, credit, dataMining, aigc }: MetadataSettings): MetadataWriter {
  return (bytes, format, { surface, ...facts }) => {
    const label = aigc?.surfaces.includes(surface) ? { contentProducer: aigc.contentProducer } : null;
    const packet = xmpPacket({ ...facts, provider: provider ?? null, credit, dataMining, aigc: label });
    try {
      return writeXmp(bytes, format, packet);
    } catch (cause) {
      throw new ImprimaturError('PUBLISH_FAILED', { detail: `the metadata could not be written into the ${format} file`, cause });
    }
  };
}
