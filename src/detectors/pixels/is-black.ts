import type { ImageInspector } from '../inspect-image.ts';

/** A file that could not be opened, so nothing can be said about its pixels. */
export class UnreadablePicture extends Error {
  override readonly name = 'UnreadablePicture';
  readonly code = 'PICTURE_UNREADABLE';
}

/**
 * Tells whether a picture is black all over, in every frame: the mark that a safety checker inside an upstream
 * leaves when it reports success. Decodes in the pool and shares the decode with the detectors.
 * @throws UnreadablePicture, LostJob when it cannot tell
 */
export function createIsBlack(inspector: ImageInspector): (bytes: Uint8Array) => Promise<boolean> {
  return async (bytes) => {
    const inspection = await inspector.inspect(bytes);
    if (inspection.kind === 'refused') throw new UnreadablePicture();
    return inspection.facts.isBlack;
  };
}
