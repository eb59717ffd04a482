import { boxMean } from '../signal/box-mean.ts';
import { WAVES, type Waves } from './fold.ts';

const REACH = 5;

/**
 * Mean power of the waves around each wave of a fold (11 × 11, fewer at the edge): what chance makes of it there. Pictures have more power in some
 * directions than in others, and a wave counts by what stands out of that.
 */
export function localPower({ re, im }: Waves): Float32Array {
  const power = new Float32Array(re.length);
  for (let i = 0; i < power.length; i++) power[i] = (re[i] ?? 0) ** 2 + (im[i] ?? 0) ** 2;
  const mean = new Float32Array(power.length);
  boxMean(power, WAVES, WAVES, REACH, mean);
  return mean;
}
