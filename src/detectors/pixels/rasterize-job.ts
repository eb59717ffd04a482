import sharp from 'sharp';
import type { FileLimits } from '../containers/container-report.ts';
import { readContainer } from '../containers/read-container.ts';

/** What `rasterize-job` is asked: plain pixels of a picture, if it passes `readContainer`. */
export interface RasterizeInput {
  readonly bytes: Uint8Array;
  readonly to: 'png' | 'gif';
  readonly limits: FileLimits;
}

export type RasterizeOutput = { readonly kind: 'raster'; readonly bytes: Uint8Array } | { readonly kind: 'undecodable' };

sharp.cache(false);
sharp.concurrency(1);

/**
 * Runs in the worker pool. Decodes and encodes anew, so that nothing but pixels comes through: no markup, no metadata,
 * no appendix. SVG is drawn at its natural size; librsvg gets no base address, so it cannot load anything.
 */
export async function run({ bytes, to, limits }: RasterizeInput): Promise<RasterizeOutput> {
  if (readContainer(bytes, limits).kind === 'refused') return { kind: 'undecodable' };
  try {
    const picture = sharp(bytes, { animated: to === 'gif', failOn: 'error', limitInputPixels: limits.maxPixelsAllFrames });
    const encoded = to === 'gif' ? picture.gif() : picture.toColourspace('srgb').png();
    return { kind: 'raster', bytes: new Uint8Array(await encoded.toBuffer()) };
  } catch {
    return { kind: 'undecodable' };
  }
}
