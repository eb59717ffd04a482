import type { SoftBinding } from '../../provenance/manifest.ts';
import { PDQ_ALGORITHM } from '../../registries/pdq/pdq-algorithm.ts';
import type { ImageInspector } from '../inspect-image.ts';

/** ThreatExchange's rule: below this PDQ says little about a picture, such as a plain one, and would match strangers. */
const MIN_QUALITY = 50;

/**
 * The perceptual hash of a picture, by which it is found again when its credential was stripped; null where the picture has too little to
 * go by. A picture that was inspected a moment ago is not decoded again.
 * @throws LostJob when the pool lost the job
 */
export function createFingerprint(inspector: ImageInspector): (bytes: Uint8Array) => Promise<SoftBinding | null> {
  return async (bytes) => {
    const inspection = await inspector.inspect(bytes);
    // The last view is the picture as it is shown, on white where it is see-through.
    const first = inspection.kind === 'refused' ? undefined : inspection.facts.pdq.findLast(({ frame }) => frame === 0);
    const [hash] = first?.hashes ?? [];
    if (first === undefined || hash === undefined || first.quality < MIN_QUALITY) return null;
    return { alg: PDQ_ALGORITHM, value: Uint8Array.from(Buffer.from(hash, 'hex')), kind: 'fingerprint' };
  };
}
