import sharp from 'sharp';
import { type Size, withinLargest } from './picture-size.ts';
import { type Raster, toRaster } from './raster.ts';

/** As large as the detectors allow. */
const MAX_INPUT_PIXELS = 50_000_000;

/** An input that no decoder reads to its end. */
export class UnreadableInput extends Error {
  override readonly name = 'UnreadableInput';
}

const open = (bytes: Uint8Array) => sharp(bytes, { failOn: 'error', limitInputPixels: MAX_INPUT_PIXELS });

/** How large a viewer shows it, within what we give out. Throws UnreadableInput. */
export async function naturalSize(bytes: Uint8Array): Promise<Size> {
  const { autoOrient } = await open(bytes).metadata().catch(refuse);
  return withinLargest(autoOrient);
}

/** Decodes the first frame as a viewer shows it, cut to the proportions of `size`. Throws UnreadableInput. */
export async function openPicture(bytes: Uint8Array, { width, height }: Size): Promise<Raster> {
  return toRaster(open(bytes).autoOrient().resize(width, height, { fit: 'cover' })).catch(refuse);
}

function refuse(cause: unknown): never {
  throw new UnreadableInput('an input picture cannot be decoded', { cause });
}
