import type { Decision } from '../contracts/decision.ts';
import type { Journal } from '../ledger/journal.ts';
import type { Queryable } from '../storage/database.ts';
import type { CaseClosed, GenerationCase } from './case-store.ts';
import type { CaseDecision } from './decision-store.ts';

interface HeldAgain {
  readonly found: GenerationCase;
  /** What comes to nothing. */
  readonly made: Pick<CaseDecision, 'id'>;
  /** What holds it now. */
  readonly decision: Pick<Decision, 'id' | 'categories'>;
  readonly because: 'edit_stopped' | 'release_stopped';
}

interface HoldParts {
  readonly journal: Pick<Journal, 'recordIn'>;
  readonly reopened?: CaseClosed;
}

/**
 * A case opens again, because what a person let go was stopped for another reason. It waits where it waited, or, with a sign of child abuse material, where
 * only cleared staff see it. Whoever had spoken as one of two still has no say.
 */
export async function holdAgain(
  tx: Queryable,
  { found, made, decision, because }: HeldAgain,
  { journal, reopened }: HoldParts,
): Promise<void> {
  const categories = [...new Set([...found.categories, ...decision.categories])];
  await tx.query({
    text: "update case_decisions set undone_at = clock_timestamp(), effect = 'undone', effect_until = null where id = $1 and effect = 'pending'",
    values: [made.id],
  });
  await tx.query({
    text: `update cases set state = 'open', closed_at = null, closed_by = null, settles_at = null, decision_id = $2, categories = $3::text[],
             restricted = restricted or $4, queue = case when $4 then 'child_safety' else queue end where id = $1`,
    values: [found.id, decision.id, categories, categories.includes('sexual_minors')],
  });
  await reopened?.(tx, found.id);
  await journal.recordIn(tx, {}, [
    { kind: 'case.reopened', case: found.id, generation: found.generationId, decision: decision.id, because },
  ]);
}
