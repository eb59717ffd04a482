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
/** Each may hold `maxUploadBytes`. */
const IN_FLIGHT = { inAll: 64, ofOneAddress: 48 } as const;

export function createStrangers(workers: number = availableParallelism()): Strangers {
  return { takeTurn: createTurns({ atOnce: workers, waiting: WAITING }), boundInFlight: createInFlightBound(IN_FLIGHT) };
}
