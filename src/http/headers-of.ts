import type { GenerationId } from '../contracts/ids.ts';
import type { Outcome } from '../contracts/stages.ts';
import { lastDecision } from '../generations/last-decision.ts';
import { generationHeaders, type Headers } from '../reply/headers.ts';
import type { Queryable } from '../storage/database.ts';

/** `generationHeaders`, with the decision looked up where the outcome holds none. A database that is gone costs only the header. */
export async function headersOf(id: GenerationId, outcome: Outcome | null, { db }: { readonly db: Queryable }): Promise<Headers> {
  const holdsNone = outcome === null || outcome.kind === 'failed';
  return generationHeaders(id, outcome, holdsNone ? await lastDecision(db, id).catch(() => null) : null);
}
