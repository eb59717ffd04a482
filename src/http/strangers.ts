import { availableParallelism } from 'node:os';
import { createInFlightBound } from './in-flight-bound.ts';
import { createTurns, type TakeTurn } from './turns.ts';

/** What all routes share that take pictures of people without a key, so that asking on several of them gives nobody more. */
export interface Strangers {
  readonly takeTurn: TakeTurn;
  /** An `onRequest` hook. */
  readonly boundInFlight: ReturnType<typeof createInFlightBound>;
}

const WAITING = 32;
const MIB = 2 ** 20;
/** By bytes rather than by number: 64 bodies of 50 MB would be the memory of a small machine, 64 of a megabyte are an ordinary minute. */
const IN_FLIGHT = {
  inAll: { requests: 64, bytes: 256 * MIB },
  ofOneAddress: { requests: 48, bytes: 128 * MIB },
  unannouncedBytes: 50 * MIB,
} as const;

export function createStrangers(workers: number = availableParallelism()): Strangers {
  return { takeTurn: createTurns({ atOnce: workers, waiting: WAITING }), boundInFlight: createInFlightBound(IN_FLIGHT) };
}
