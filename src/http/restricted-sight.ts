import type { FastifyRequest } from 'fastify';
import { requireFresh } from './authenticate.ts';

/** Whoever asks for what is restricted has proved who they are within this time. */
const FRESH_MINUTES = 15;

/** @throws ImprimaturError REAUTHENTICATION_REQUIRED */
export function requireFreshIfRestricted(request: FastifyRequest, { restricted }: { readonly restricted: boolean }): void {
  if (restricted) requireFresh(request, FRESH_MINUTES);
}
