import type { FastifyReply, FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';
import { neighborhoodOf } from './rate-bound.ts';

interface InFlightOptions {
  /** Requests at one moment, from their headers to the end of their answers. */
  readonly inAll: number;
  readonly ofOneAddress: number;
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
}: InFlightOptions): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const running = new Map<string, number>();
  let total = 0;
  return async ({ ip, method }, reply) => {
    if (ip === undefined || method !== 'POST') return;
    const from = neighborhoodOf(ip);
    const own = running.get(from) ?? 0;
    if (total >= inAll || own >= ofOneAddress) throw new ImprimaturError('RATE_LIMITED', { retryAfterMs: RETRY_AFTER_MS });
    total++;
    running.set(from, own + 1);
    // Also when the caller hangs up in the middle.
    reply.raw.once('close', () => {
      total--;
      const left = (running.get(from) ?? 1) - 1;
      if (left === 0) running.delete(from);
      else running.set(from, left);
    });
  };
}
