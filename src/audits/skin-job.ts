import sharp from 'sharp';
import type { FileLimits } from '../detectors/containers/container-report.ts';
import { readContainer } from '../detectors/containers/read-container.ts';
import { skinToneOf } from '../detectors/edit-anomaly/skin-tone.ts';
import { decodeFrames } from '../detectors/looking/decode-frames.ts';
import { pyramidOf } from '../detectors/looking/pyramid.ts';
import type { SeenFace } from '../detectors/looking/sight.ts';
import { typologyAngle } from './bands.ts';

sharp.cache(false);
sharp.concurrency(1);

export interface SkinInput {
  readonly bytes: Uint8Array;
  readonly limits: FileLimits;
  readonly face: Pick<SeenFace, 'box' | 'rollDegrees'>;
}

/** Heads that are turned further have cheeks elsewhere than where they are looked for. */
const MOST_ROLL_DEGREES = 30;

/** The typology angle of the cheeks of one face of the first frame. Runs in a process of the pool. Null: cannot be measured. */
export async function run({ bytes, limits, face }: SkinInput): Promise<number | null> {
  if (Math.abs(face.rollDegrees) > MOST_ROLL_DEGREES || readContainer(bytes, limits).kind === 'refused') return null;
  const decoded = await decodeFrames(bytes, limits.maxPixelsAllFrames);
  const raster = decoded?.views[0]?.[0];
  if (decoded === undefined || raster === undefined) return null;
  const scale = raster.width / decoded.width;
  const { x, y, width, height } = face.box;
  const angle = (face.rollDegrees * Math.PI) / 180;
  // The box is the one around the turned face.
  const [cos, sin] = [Math.cos(angle), Math.abs(Math.sin(angle))];
  const square = cos ** 2 - sin ** 2;
  const place = {
    centerX: (x + width / 2) * scale,
    centerY: (y + height / 2) * scale,
    width: (scale * (width * cos - height * sin)) / square,
    height: (scale * (height * cos - width * sin)) / square,
    angle,
  };
  if (!(place.width > 0 && place.height > 0)) return null;
  const { y: luma, cb, cr } = skinToneOf(pyramidOf(raster), place).middle;
  const [red, blue] = [luma + (cr - 128) / 0.713, luma + (cb - 128) / 0.564];
  return typologyAngle([red, (luma - 0.299 * red - 0.114 * blue) / 0.587, blue]);
}
