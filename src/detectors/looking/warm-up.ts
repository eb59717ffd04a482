import type { PictureLooker } from './picture-looker.ts';

/** A PNG of one pixel. */
const ONE_PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Lets one process load the networks before anybody waits for a picture. What fails here shows, and counts, at the first picture. */
export async function warmUp(looker: PictureLooker): Promise<void> {
  await looker.look(ONE_PIXEL, 'thorough').catch(() => undefined);
}
