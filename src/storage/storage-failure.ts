import { DatabaseError } from 'pg';
import { ImprimaturError } from '../contracts/errors.ts';

/**
 * SQLSTATEs that speak of the server and not of the statement: class 08 connection, 53 resources (disk full, too many
 * clients), 57P shutdown, 58 operating system, and 25006, which a demoted primary answers to every write.
 */
const SERVER_STATES = /^(?:08|53|57P|58)|^25006$/;

/** The texts of `pg` 8.23 and `pg-pool` 3 that carry no code; a test on a killed server fails when they change. */
const DRIVER_TEXTS =
  /^Connection terminated|^timeout expired|^timeout exceeded|^Query read timeout|^Client (?:has encountered a connection error|was closed)|^Cannot use a pool after/;

const SYSTEM_CODE = /^E[A-Z0-9]+$/;

/** `serialization_failure` and `deadlock_detected`: the server asks for the whole transaction again. */
const TRY_AGAIN = new Set(['40001', '40P01']);

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** True when the connection or the server failed, so that the client must not be used again. */
export function isConnectionFailure(error: unknown): boolean {
  const code = codeOf(error);
  if (error instanceof DatabaseError) return code !== undefined && SERVER_STATES.test(code);
  if (code !== undefined && SYSTEM_CODE.test(code)) return true;
  return error instanceof Error && DRIVER_TEXTS.test(error.message);
}

/** STORAGE_UNAVAILABLE with its `cause`. `doing` says what was under way; never a statement or its values. */
export function unavailable(doing: string, cause: unknown): ImprimaturError {
  const code = codeOf(cause);
  return new ImprimaturError('STORAGE_UNAVAILABLE', {
    detail: `The database failed while ${doing}${code === undefined ? '' : ` (${code})`}.`,
    cause,
  });
}

/** True for a serialization failure or deadlock, also when it is the `cause` of one of our errors. */
export function isWorthRetrying(error: unknown): boolean {
  const code = codeOf(error);
  if (error instanceof DatabaseError) return code !== undefined && TRY_AGAIN.has(code);
  return error instanceof Error && error.cause instanceof DatabaseError && isWorthRetrying(error.cause);
}
