import type { FastifyReply, FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import { neighborhoodOf } from './rate-bound.ts';

/** At one moment, from the headers of requests to the end of their answers. */
interface Share {
  readonly requests: number;
  /** Of their bodies, as announced. One alone is always let in: the server has a limit of its own for each. */
  readonly bytes: number;
}

interface InFlightOptions {
  readonly inAll: Share;
  readonly ofOneAddress: Share;
  /** What a body counts for whose length nobody announced. */
  readonly unannouncedBytes: number;
}

const RETRY_AFTER_MS = 2_000;

/**
 * For routes that take pictures of people without a key: each request holds its body in memory from the first byte on, long before it can wait
 * for its turn, and a bound on requests in a second says nothing about those that take their time. The control socket has no bound.
 * @throws ImprimaturError RATE_LIMITED
 */
export function createInFlightBound({
  inAll,
  ofOneAddress,
  unannouncedBytes,
}: InFlightOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const running = new Map<string, Share>();
  let total = NOTHING;
  return async ({ ip, method, headers }, reply) => {
    if (ip === undefined || method !== 'POST') return;
    const from = neighborhoodOf(ip);
    const own = running.get(from) ?? NOTHING;
    const one = { requests: 1, bytes: announced(headers['content-length']) ?? unannouncedBytes };
    if (!fits(total, one, inAll) || !fits(own, one, ofOneAddress))
      throw new ImprimaturError('RATE_LIMITED', { retryAfterMs: RETRY_AFTER_MS });
    total = plus(total, one, 1);
    running.set(from, plus(own, one, 1));
    // Also when the caller hangs up in the middle.
    reply.raw.once('close', () => {
      total = plus(total, one, -1);
      const left = plus(running.get(from) ?? one, one, -1);
      if (left.requests === 0) running.delete(from);
      else running.set(from, left);
    });
  };
}

const NOTHING: Share = { requests: 0, bytes: 0 };

function fits(before: Share, one: Share, most: Share): boolean {
  if (before.requests === 0) return true;
  return before.requests + one.requests <= most.requests && before.bytes + one.bytes <= most.bytes;
}

function plus(a: Share, b: Share, sign: 1 | -1): Share {
  return { requests: a.requests + sign * b.requests, bytes: a.bytes + sign * b.bytes };
}

/** Node has refused what is no number, and reads no more than was announced. */
function announced(length: string | undefined): number | undefined {
  return length === undefined ? undefined : Number(length);
}
