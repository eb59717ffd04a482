import { Fft } from '../signal/fft.ts';
import { transformSquare } from '../signal/square-transform.ts';
import { type Harmonic, type Layout, SYNC_POWER, TILE } from './layout.ts';

/** One period of the mark, TILE × TILE, row by row, with mean 0 and mean square 1. */
export function synthesizeTile({ sync, payload, bitOf }: Layout, code: Uint8Array): Float32Array {
  const re = new Float64Array(TILE * TILE);
  const im = new Float64Array(TILE * TILE);
  const put = ({ u, v, cos, sin }: Harmonic, inPhase: number, quadrature: number) => {
    const at = v * TILE + ((u + TILE) % TILE);
    re[at] = cos * inPhase - sin * quadrature;
    im[at] = cos * quadrature + sin * inPhase;
  };
  for (const wave of sync) put(wave, Math.sqrt(SYNC_POWER / sync.length), 0);
  // QPSK: half the power of a wave goes to each of its two numbers.
  const each = Math.sqrt((1 - SYNC_POWER) / payload.length / 2);
  const signOf = (place: number) => (code[bitOf[place] ?? 0] === 1 ? -each : each);
  for (const [i, wave] of payload.entries()) put(wave, signOf(2 * i), signOf(2 * i + 1));
  return realTile(re, im);
}

/** The real part of the inverse transform is what a half plane and its mirror image give. */
function realTile(re: Float64Array, im: Float64Array): Float32Array {
  transformSquare(new Fft(TILE), re, im, 'backward');
  let power = 0;
  for (const value of re) power += value * value;
  const scale = 1 / Math.sqrt(power / re.length);
  return Float32Array.from(re, (value) => value * scale);
}
