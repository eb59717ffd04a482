import type { FastifyRequest } from 'fastify';
import { rolesAllow } from '../access/permissions.ts';
import { ImprimaturError } from '../contracts/errors.ts';
import type { FileRecord, FileReport } from '../verify-file.ts';
import type { Authenticate } from './authenticate.ts';

/** What anybody may read of our record of a picture; see docs/decisions/2026-11-21-what-strangers-read-of-a-record.md. */
type PublicRecord = Pick<FileRecord, 'artifact_id' | 'model' | 'operation'> & {
  /** Days, such as 2026-11-21, UTC. */
  readonly published_at: string;
  readonly takedown: { readonly at: string } | null;
};

type PublicReport = Omit<FileReport, 'record'> & { readonly record: PublicRecord | null };

/**
 * The answer for those who do not run this gateway: a picture can be somebody else's, found by mere likeness, so of its record they read that it was
 * made here, by which model, on which day, and whether it was taken down.
 */
export function publicReport(report: FileReport): PublicReport {
  const { record } = report;
  if (record === null) return { ...report, record };
  const { artifact_id, model, operation, published_at, takedown } = record;
  return {
    ...report,
    record: {
      artifact_id,
      model,
      operation,
      published_at: dayOf(published_at),
      takedown: takedown === null ? null : { at: dayOf(takedown.at) },
    },
  };
}

function dayOf(iso: string): string {
  return iso.slice(0, 'yyyy-mm-dd'.length);
}

/** True for staff who may search. No key is needed; one that is sent must be good. @throws ImprimaturError AUTH_MISSING, AUTH_INVALID */
export async function isOperator(request: FastifyRequest, authenticate: Authenticate): Promise<boolean> {
  try {
    const principal = await authenticate(request);
    return principal.kind === 'staff' && rolesAllow(principal.roles, 'search.read');
  } catch (error) {
    const isStranger = error instanceof ImprimaturError && error.code === 'AUTH_MISSING' && request.headers.authorization === undefined;
    if (isStranger) return false;
    throw error;
  }
}
