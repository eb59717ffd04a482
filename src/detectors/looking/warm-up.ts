import type { ImageInspector } from '../inspect-image.ts';
import type { PictureLooker } from './picture-looker.ts';

/** A PNG of one pixel. */
export const ONE_PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

interface Eyes {
  readonly inspector: Pick<ImageInspector, 'inspect'>;
  /** Left out where nothing asks the networks. */
  readonly looker?: PictureLooker;
}

/** Lets one process of each kind load what it looks with before anybody waits for a picture. What fails here shows, and counts, at the first picture. */
export async function warmUp({ inspector, looker }: Eyes): Promise<void> {
  await Promise.allSettled([inspector.inspect(ONE_PIXEL), looker?.look(ONE_PIXEL, 'thorough')]);
}
