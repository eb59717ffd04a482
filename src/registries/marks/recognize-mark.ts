import type { ArtifactId } from '../../contracts/ids.ts';
import type { Queryable } from '../../storage/database.ts';
import type { Detection } from '../../watermark/detection.ts';
import type { LikenessVerdict } from '../../watermark/likeness/likeness.ts';
import { unpackPayload } from '../../watermark/payload.ts';
import type { MarkReader } from '../../watermark/read-mark.ts';
import type { SeenMark } from '../../watermark/seen-mark.ts';
import { recordsOfPayload } from './mark-records.ts';

type Found = Extract<Detection, { kind: 'found' }>;

/** What our invisible mark says of a file. */
export type RecognizedMark =
  | {
      readonly kind: 'found';
      readonly detection: Found;
      /** `review-copy`: it marks what a reviewer was shown, and not what was published. `unrecorded`: nothing here has this payload. */
      readonly of: 'artifact' | 'review-copy' | 'unrecorded';
      readonly artifactId: ArtifactId | null;
      /** Whether the file shows the picture that the mark was made for. Marks can be copied, so only `same` says that the file is ours. */
      readonly picture: LikenessVerdict;
      /** 0–1, of the places of the two that can be compared; 0 when there is nothing to compare. */
      readonly agreement: number;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/**
 * Never rejects for what the file is. The same bytes object is looked at once, or not at all by one who was told what was `seen` in it.
 */
export type RecognizeMark = (bytes: Uint8Array, seen?: SeenMark) => Promise<RecognizedMark>;

/** Version of the payload of what reviewers are shown. */
const REVIEW_COPY = 2;

interface RecognizeParts {
  readonly reader: MarkReader;
  readonly db: Queryable;
  readonly effort: 'standard' | 'thorough';
}

/** Reads the mark, finds what it was made for, and compares. */
export function createRecognizeMark({ reader, db, effort }: RecognizeParts): RecognizeMark {
  const known = new WeakMap<Uint8Array, Promise<RecognizedMark>>();
  const look = async (seen: SeenMark): Promise<RecognizedMark> => {
    if (seen.kind !== 'found') return seen;
    const { detection } = seen;
    const unknown = { kind: 'found', detection, artifactId: null, picture: 'unsure', agreement: 0 } as const;
    if (unpackPayload(detection.payload).version === REVIEW_COPY) return { ...unknown, of: 'review-copy' };
    const records = await recordsOfPayload(db, detection.payload);
    if (records.length === 0) return { ...unknown, of: 'unrecorded' };
    const likenesses = await reader.compare(
      records.map(({ sketch }) => sketch),
      seen,
    );
    const pairs = records.map(({ artifactId }, i) => ({ artifactId, likeness: likenesses?.[i] }));
    const [best] = pairs.toSorted((a, b) => (b.likeness?.z ?? 0) - (a.likeness?.z ?? 0));
    return {
      ...unknown,
      of: 'artifact',
      artifactId: best?.artifactId ?? null,
      picture: best?.likeness?.verdict ?? 'unsure',
      agreement: Math.max(0, best?.likeness?.agreement ?? 0),
    };
  };
  return (bytes, seen) => {
    const earlier = known.get(bytes);
    if (earlier !== undefined) return earlier;
    const started = Promise.resolve(seen ?? reader.read(bytes, { effort })).then(look);
    known.set(bytes, started);
    // What was lost may be found at the next try.
    started.then(
      ({ kind }) => kind === 'unreadable' && known.delete(bytes),
      () => known.delete(bytes),
    );
    return started;
  };
}
