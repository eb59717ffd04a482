import { type IsBlack, type Recognition, refused } from './recognition.ts';

/**
 * A safety checker in the upstream paints refused pictures black and reports success. One black picture refuses the
 * answer; when it cannot be told, the answer is refused as well.
 */
export async function recognizeBlackPicture(images: readonly Uint8Array[], isBlack: IsBlack): Promise<Recognition> {
  try {
    for (const image of images) {
      if (await isBlack(image)) return refused('output');
    }
    return null;
  } catch {
    return refused('unknown');
  }
}
