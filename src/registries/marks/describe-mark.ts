import type { MarkTransform } from '../../watermark/detection.ts';
import type { LikenessVerdict } from '../../watermark/likeness/likeness.ts';
import type { RecognizedMark } from './recognize-mark.ts';

/** Our invisible mark in a file, as an answer shows it. */
export interface FileMark {
  /** 16 hexadecimal digits. */
  readonly payload: string;
  readonly key_epoch: number;
  /** `review-copy`: shown to a reviewer, never published. `unrecorded`: a mark under our key that leads to nothing here. */
  readonly of: 'artifact' | 'review-copy' | 'unrecorded';
  readonly artifact_id: string | null;
  /** `same`: the file shows the picture that the mark was made for. `different`: it does not; the mark was copied. `unsure`: too little to tell. */
  readonly picture: LikenessVerdict;
  /** 0–1, how much of what can be compared agrees. */
  readonly agreement: number;
  /** Bound of the chance that a picture without a mark gives such an answer. */
  readonly false_positive_bound: number;
  /** What was done to the picture since it was marked. */
  readonly transform: {
    readonly scale: readonly [number, number];
    readonly rotation_degrees: number;
    readonly mirrored: boolean;
    readonly inverted: boolean;
    readonly part: MarkTransform['part'];
  };
}

export function describeMark({ detection, of, artifactId, picture, agreement }: Extract<RecognizedMark, { kind: 'found' }>): FileMark {
  const { scaleX, scaleY, rotationDegrees, mirrored, inverted, part } = detection.transform;
  return {
    payload: detection.payload,
    key_epoch: detection.keyEpoch,
    of,
    artifact_id: artifactId,
    picture,
    agreement: Math.round(agreement * 100) / 100,
    false_positive_bound: 1 - detection.confidence,
    transform: { scale: [scaleX, scaleY], rotation_degrees: rotationDegrees, mirrored, inverted, part },
  };
}
