import type { FastifyRequest } from 'fastify';
import { ImprimaturError } from '../contracts/errors.ts';

export interface RateBound {
  /** What one address may send in a second, on average. */
  readonly perSecond: number;
  /** What it may send at once after a pause. */
  readonly burst: number;
  readonly now?: () => number;
}

interface Bucket {
  left: number;
  at: number;
}

/** Addresses that are remembered; those that were silent the longest are forgotten first. */
const MAX_ADDRESSES = 10_000;

/**
 * A token bucket for each address, for routes that need no key. In this process only: it keeps one stranger from taking the machine, and is
 * no quota. Behind a proxy all callers are one address unless `trustedProxies` names it. The control socket has no address and no bound.
 * @throws ImprimaturError RATE_LIMITED
 */
export function createRateBound({
  perSecond,
  burst,
  now = Date.now,
}: RateBound): (request: { readonly ip: FastifyRequest['ip'] | undefined }) => Promise<void> {
  const buckets = new Map<string, Bucket>();
  return async ({ ip }) => {
    if (ip === undefined) return;
    const at = now();
    const from = neighborhoodOf(ip);
    const before = buckets.get(from) ?? { left: burst, at };
    const left = Math.min(burst, before.left + ((at - before.at) / 1000) * perSecond) - 1;
    buckets.delete(from);
    buckets.set(from, { left: Math.max(0, left), at });
    const [oldest] = buckets.keys();
    if (buckets.size > MAX_ADDRESSES && oldest !== undefined) buckets.delete(oldest);
    if (left < 0) throw new ImprimaturError('RATE_LIMITED', { retryAfterMs: Math.ceil((-left / perSecond) * 1000) });
  };
}

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** What one customer of a provider gets at least, and can take any address of (RFC 6177). */
const CUSTOMER_GROUPS = 4;

/** Whom an address belongs to: an IPv4 address itself, of an IPv6 address its first 64 bits. */
export function neighborhoodOf(ip: string): string {
  const inside = MAPPED_IPV4.exec(ip)?.[1];
  if (inside !== undefined || !ip.includes(':')) return inside ?? ip;
  const [head = '', tail] = ip.split('::');
  const [first, last] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: tail === undefined ? 0 : Math.max(0, 8 - (first?.length ?? 0) - (last?.length ?? 0)) }, () => '0');
  return [...(first ?? []), ...zeros, ...(last ?? [])].slice(0, CUSTOMER_GROUPS).join(':');
}
