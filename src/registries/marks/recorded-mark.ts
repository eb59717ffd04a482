import type { ArtifactId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import { unpackPayload } from '../../watermark/payload.ts';
import type { FileMark } from './describe-mark.ts';
import { payloadOfArtifact } from './mark-records.ts';

const UNTOUCHED: FileMark['transform'] = {
  scale: [1, 1],
  rotation_degrees: 0,
  mirrored: false,
  inverted: false,
  part: { left: 0, top: 0, width: 1, height: 1 },
};

/** What our record says of the mark in a published picture. `unmarked`: it left without one of its own. */
export type RecordedMark = { readonly state: 'found'; readonly mark: FileMark } | { readonly state: 'unmarked'; readonly mark: null };

/**
 * The mark in the very pixels that left here, without looking at them: publishing claims a mark only when it was read back from what had been
 * encoded. Only for a file that is, with its credential or without, byte for byte what was published as this artifact.
 */
export async function recordedMark(db: Queryable, artifactId: ArtifactId): Promise<RecordedMark> {
  const payload = await payloadOfArtifact(db, artifactId);
  if (payload === null) return { state: 'unmarked', mark: null };
  const mark: FileMark = {
    payload,
    key_epoch: unpackPayload(payload).epoch,
    of: 'artifact',
    artifact_id: artifactId,
    picture: 'same',
    agreement: 1,
    false_positive_bound: 0,
    transform: UNTOUCHED,
  };
  return { state: 'found', mark };
}
