import { ImprimaturError } from '../../contracts/errors.ts';

/** SQLSTATE of a statement that the server gave up, because its time was over or an administrator said so. */
const GIVEN_UP = '57014';

/**
 * What whoever waits at the door hears of a failure. A server that hangs is no fault of the gateway: nobody can say, and the same request may be sent again. The statement
 * was taken back, so nothing of it counts. Everything else stays as it is.
 */
export function heardOf(error: unknown): unknown {
  const isGivenUp = error instanceof Error && 'code' in error && error.code === GIVEN_UP;
  if (!isGivenUp) return error;
  return new ImprimaturError('STORAGE_UNAVAILABLE', { detail: 'The database did not answer at the door in time.', cause: error });
}
