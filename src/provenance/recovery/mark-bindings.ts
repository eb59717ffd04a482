import type { RecognizeMark } from '../../registries/marks/recognize-mark.ts';
import { WATERMARK_ALGORITHM } from '../../watermark/watermark.ts';
import type { SeenBinding } from './pixel-bindings.ts';

/** The binding that our mark in a picture gives, with its likeness to the record. None where the mark was copied from another picture, or nobody can tell. */
export function createMarkBindings(recognizeMark: RecognizeMark): (bytes: Uint8Array) => Promise<readonly SeenBinding[]> {
  return async (bytes) => {
    const mark = await recognizeMark(bytes);
    if (mark.kind !== 'found' || mark.picture !== 'same') return [];
    const value = new Uint8Array(Buffer.from(mark.detection.payload, 'hex'));
    return [{ alg: WATERMARK_ALGORITHM, value, likeness: Math.round(100 * mark.agreement) }];
  };
}
