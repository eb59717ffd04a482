import type { Lease } from '../api/dossier.ts';

/** Leases of this tab. They survive a reload and the back button, and are nobody else's: a second tab claims for itself. */
const PLACE = 'imprimatur.lease.';

const isLease = (value: unknown): value is Lease =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'fence' in value &&
  typeof value.fence === 'number' &&
  'until' in value &&
  typeof value.until === 'string';

export function keepLease(caseId: string, { id, fence, until }: Lease): void {
  sessionStorage.setItem(PLACE + caseId, JSON.stringify({ id, fence, until }));
}

/** The lease on a case if this tab has one that may still hold. */
export function keptLease(caseId: string): Lease | null {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(PLACE + caseId) ?? 'null');
    return isLease(stored) && new Date(stored.until).getTime() > Date.now() ? stored : null;
  } catch {
    return null;
  }
}

export function dropLease(caseId: string): void {
  sessionStorage.removeItem(PLACE + caseId);
}
