import type { FastifyRequest } from 'fastify';
import type { Authenticate } from './authenticate.ts';

/**
 * True when no key was sent; a cookie of the console counts for nothing on the public pages. A key that is sent must be good; whose it is then stands in
 * `request.principal`. @throws ImprimaturError AUTH_INVALID
 */
export async function isStranger(request: FastifyRequest, authenticate: Authenticate): Promise<boolean> {
  if (request.headers.authorization === undefined) return true;
  request.principal = await authenticate(request);
  return false;
}
