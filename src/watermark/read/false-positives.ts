import { SHOWN } from '../code/polar-decoder.ts';
import { ORIENTATIONS } from './orientation.ts';

/** A synchronization below this is not decoded; parts of a picture are more attempts, so they must show more. */
export const SYNC_GATE = 5.9;
export const PART_SYNC_GATE = 6.4;

const SIGNS = 2;
const CRC_CHANCE = 2 ** -32;
/**
 * Independent shifts in a correlation field: for a Gaussian field with unit variance the expected number of maxima above z is at most
 * area · √det Λ · z · e^(−z²/2) / (2π)^(3/2) (Rice; Adler, "The geometry of random fields"). The tile has 16,384 pixels and the slope Λ is that of
 * waves of root-mean-square radius 17.5, which gives 383; rounded up for pictures whose power lies in the outer waves.
 */
const FIELD_AREA = 600;

/** Bound of the chance that one attempt on a picture without a mark of this key passes the gate. */
export function gateChance(gate: number): number {
  return Math.min(1, ORIENTATIONS.length * SIGNS * FIELD_AREA * gate * Math.exp((-gate * gate) / 2));
}

/** Bound of the chance that a picture without a mark of this key gives an answer: gate, then one CRC for each message that is shown. */
export function falsePositiveBound(attempts: number, partAttempts: number): number {
  return (attempts * gateChance(SYNC_GATE) + partAttempts * gateChance(PART_SYNC_GATE)) * SHOWN * CRC_CHANCE;
}
