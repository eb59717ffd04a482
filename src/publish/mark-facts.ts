import type { CanonicalJson } from '../ledger/canonical-json.ts';
import type { WatermarkRow } from '../storage/act.ts';
import type { PictureMark } from '../watermark/finish-picture.ts';
import type { MarkedArtifact } from './mark-artifact.ts';

/** What the ledger keeps of an invisible mark, or why there is none. Not the payload: the log is public, and who knows it knows what to forge. */
export function markFacts(mark: PictureMark): CanonicalJson {
  if (mark.kind === 'not_markable') return { state: 'not_markable', reason: mark.reason };
  const { keyEpoch, strength, psnrDb, marginDb, robustness, hadEarlierMark } = mark;
  return {
    state: 'marked',
    key_epoch: keyEpoch,
    strength: rounded(strength),
    // JSON has no infinity, which is what no change at all would give.
    psnr_db: Number.isFinite(psnrDb) ? rounded(psnrDb) : null,
    margin_db: rounded(marginDb),
    robustness,
    ...(hadEarlierMark ? { earlier_mark: true } : {}),
  };
}

/** What the mark is found by again; nothing for a picture without one. */
export function markRow({ artifact, mark }: MarkedArtifact): readonly WatermarkRow[] {
  if (mark?.kind !== 'marked') return [];
  return [{ artifact_id: artifact.id, payload: mark.payload, sketch: Buffer.from(mark.sketch).toString('base64') }];
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
